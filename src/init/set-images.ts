import { isMap } from 'yaml';
import { type ComposeNodes, isText, keyOf } from './compose-nodes.ts';
import type { ComposeEdits } from './edit-compose.ts';

const OURS = /^\$(\{REGISTRY\}|REGISTRY\/)/;

/** Gives what is built an image in REGISTRY: its own name, or that of the service. */
export function setImages(nodes: ComposeNodes, edits: ComposeEdits): void {
  const taken = new Map<string, string>();
  for (const { key: service, value } of nodes.section('services')) {
    const build = findOf(nodes, value, 'build');
    const image = findOf(nodes, value, 'image');
    if (!build) continue;
    if (isText(image?.value)) {
      const { value: old } = image.value;
      if (OURS.test(old)) continue;
      const name = nameOf(old) ?? service;
      const isFree = (taken.get(name) ?? old) === old;
      taken.set(isFree ? name : service, old);
      edits.setText(image.value, imageOf(isFree ? name : service), !image.map.flow);
    } else edits.addBefore(build.map, build.pair, 'image', imageOf(ownerOf(nodes, build.map) ?? service));
  }
}

const imageOf = (name: string) => `\${REGISTRY}/\${REGISTRY_NAMESPACE}/${name}:\${DEPLOY_TAG}`;

/** `myapp` of `registry.test/team/myapp:1.2`. */
function nameOf(image: string): string | undefined {
  const name = image.split('@')[0]?.split('/').at(-1)?.replace(/:.*$/, '') ?? '';
  return /^[a-z0-9][a-z0-9._-]*$/.test(name) ? name : undefined;
}

/** A key that a service has of its own, by a merge, or by the service of this file that it extends. */
function findOf(
  nodes: ComposeNodes,
  service: unknown,
  key: string,
  depth = 0,
): ReturnType<ComposeNodes['find']> {
  const found = nodes.find(service, key);
  const extended = nodes.find(service, 'extends')?.value;
  if (found || extended === undefined || depth > 9) return found;
  const isElsewhere = isMap(extended) && extended.has('file');
  const name = isMap(extended) ? extended.get('service', true) : extended;
  const target = nodes.section('services').find((one) => isText(name) && one.key === name.value);
  return target && !isElsewhere ? findOf(nodes, target.value, key, depth + 1) : undefined;
}

/** What is shared by an anchor at the top has one image: x-app is app. */
function ownerOf(nodes: ComposeNodes, map: unknown): string | undefined {
  const owner = nodes.tops().find((pair) => nodes.resolve(pair.value) === map);
  return owner && keyOf(owner).replace(/^x-/, '');
}
