import { type Document, isMap, isPair, isScalar, isSeq, parseDocument, visit, type YAMLMap } from 'yaml';

const STARTER = `services:
  web:
    image: nginx:1.29-alpine
    ports:
      - { target: 80, published: 80, mode: ingress }
    healthcheck:
      test: [CMD, wget, -qO-, "http://127.0.0.1/"]
      interval: 5s
      timeout: 3s
      retries: 3
    deploy:
      replicas: 2
      update_config: { order: start-first, failure_action: rollback, monitor: 25s }
      resources:
        limits: { memory: 128M }

networks:
  default:
    driver_opts: { encrypted: "true" }
`;

export interface StackFile {
  readonly text: string;
  /** `name:` of the compose file. */
  readonly name: string | undefined;
  /** Variables that it needs and that have no default. */
  readonly variables: readonly string[];
  /** Secrets that it reads from files, by their key. */
  readonly secrets: readonly string[];
}

/**
 * A stack file for deploy/ from a compose file beside it: comments stay, paths are made to lead from deploy/ to
 * where they led, and what is built gets an image to be pushed to. What Swarm knows otherwise is left for
 * `waggle plan` to translate or to refuse.
 */
export function planStackFile(compose: string | undefined): StackFile {
  const yaml = parseDocument(compose ?? STARTER);
  const name = takeName(yaml);
  const services = yaml.get('services');
  for (const { key, value } of isMap(services) ? services.items : []) {
    if (isMap(value))
      shiftService(String(isScalar(key) ? key.value : key), value, yaml.createNode.bind(yaml));
  }
  shiftIncludes(yaml.get('include'));
  const secrets: string[] = [];
  for (const section of ['secrets', 'configs']) {
    const declared = yaml.get(section);
    for (const { key, value } of isMap(declared) ? declared.items : []) {
      if (!isMap(value) || typeof value.get('file') !== 'string') continue;
      const name = String(isScalar(key) ? key.value : key);
      // Where the secret's example is written, so that there is one place to put the value.
      value.set('file', section === 'secrets' ? `secrets/${name}.txt` : shift(String(value.get('file'))));
      if (section === 'secrets') secrets.push(name);
    }
  }
  const text = yaml.toString({ lineWidth: 0 });
  return { text, name: name === undefined ? undefined : String(name), variables: variablesIn(text), secrets };
}

/** Takes the name out; a comment that begins the file stays. */
function takeName(yaml: Document.Parsed): unknown {
  const first = isMap(yaml.contents) ? yaml.contents.items[0]?.key : undefined;
  const comment = isScalar(first) && first.value === 'name' ? first.commentBefore : undefined;
  if (comment) yaml.commentBefore = [yaml.commentBefore, comment].filter(Boolean).join('\n');
  const name = yaml.get('name');
  yaml.delete('name');
  return name;
}

function shiftService(name: string, service: YAMLMap, create: (value: unknown) => unknown): void {
  const build = service.get('build');
  if (typeof build === 'string') service.set('build', create({ context: shift(build) }));
  else if (isMap(build)) build.set('context', shift(String(build.get('context') ?? '.')));
  if (build !== undefined && !service.has('image'))
    service.set('image', `\${REGISTRY}/\${REGISTRY_NAMESPACE}/${name}:\${DEPLOY_TAG}`);
  for (const key of ['env_file', 'label_file']) {
    const value = service.get(key);
    if (typeof value === 'string') service.set(key, shift(value));
    for (const item of isSeq(value) ? value.items : []) {
      if (isScalar(item)) item.value = shift(String(item.value));
      if (isMap(item)) item.set('path', shift(String(item.get('path'))));
    }
  }
  const extended = service.get('extends');
  if (isMap(extended) && extended.has('file')) extended.set('file', shift(String(extended.get('file'))));
}

/** Paths inside the included files lead from those, and stay. */
function shiftIncludes(include: unknown): void {
  for (const entry of isSeq(include) ? include.items : []) {
    if (isScalar(entry)) entry.value = shift(String(entry.value));
    for (const key of isMap(entry) ? ['path', 'project_directory', 'env_file'] : []) {
      const value = (entry as YAMLMap).get(key);
      if (typeof value === 'string') (entry as YAMLMap).set(key, shift(value));
      for (const item of isSeq(value) ? value.items : [])
        if (isScalar(item)) item.value = shift(String(item.value));
    }
  }
}

function shift(path: string): string {
  if (/^(\/|~|[a-z]+:\/\/|git@)/.test(path)) return path;
  const clean = path.replace(/^\.\//, '');
  return clean === '.' ? '..' : `../${clean}`;
}

const KNOWN = new Set(['REGISTRY', 'REGISTRY_NAMESPACE', 'DEPLOY_TAG', 'DEPLOY_ID', 'STACK_NAME']);

function variablesIn(text: string): string[] {
  const names = new Set<string>();
  const yaml = parseDocument(text);
  visit(yaml, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string' || isPair(node)) return;
      for (const [, braced, bare] of node.value
        .replaceAll('$$', '')
        .matchAll(/\$(?:\{([A-Za-z_]\w*)(?:[:?][^-+}]*)?\}|([A-Za-z_]\w*))/g))
        names.add(braced ?? bare ?? '');
    },
  });
  return [...names].filter((variable) => !KNOWN.has(variable)).sort();
}
