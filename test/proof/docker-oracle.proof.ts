// Proves: Docker's own client and Swarm agree with Waggle on generated stack files: what is accepted, and what it means.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { renderStack } from '../../src/plan/render/render-stack.ts';
import { readCorpus, VARIABLES } from '../corpus/corpus.ts';
import { DIFFERENCES } from '../corpus/differences.ts';
import { stackFile } from '../corpus/generate.ts';
import { planned } from '../fakes/inputs.ts';
import { labUp } from '../lab/lab.ts';
import { reset } from '../lab/reset.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const FILES = Number(process.env.FILES ?? 2400);
const DEPLOYED = Number(process.env.DEPLOYED ?? 160);
/** What the value of a line of the corpus is replaced by. */
const VALUES = [
  '1',
  '"1"',
  'true',
  'null',
  '""',
  '[a]',
  '{ a: b }',
  '10s',
  '-1',
  '0755',
  '1.10',
  'x',
  '"a b"',
  '64M',
];
const lab = await labUp();
const [manager] = lab.managers;

const FOLDER = '/tmp/oracle';
const DIGEST = `sha256:${'a'.repeat(64)}`;
/** The client alone, two at a time; the exit status and both outputs stay beside each file. */
const CONFIG = `cd ${FOLDER} && ls *.yml | xargs -P 2 -I{} sh -c 'docker stack config -c {} >{}.out 2>{}.err; echo $? >{}.code'`;

/** Swarm refuses to remove a network while it still counts a task there, and Docker does not retry. */
const REMOVE = `until docker stack rm oracle 2>/dev/null; [ -z "$(docker network ls -q --filter label=com.docker.stack.namespace=oracle)" ]; do sleep 0.1; done`;

interface Judged {
  readonly text: string;
  readonly docker: { readonly code: number; readonly stdout: string; readonly stderr: string };
  readonly waggle: { readonly rendered: string } | { readonly problems: readonly string[] };
  readonly sent: Judged['docker'];
}

function ask(text: string): Judged['waggle'] {
  try {
    const environment = { ...VARIABLES, STACK_NAME: 'oracle' };
    const release = planned({ environment }, text, { objects: {} }).release();
    const digests = Object.fromEntries(release.services.map(({ image }) => [image, DIGEST]));
    return { rendered: renderStack(release, { versions: {}, digests, scale: {}, images: {} }) };
  } catch (error) {
    return { problems: (error as { details?: readonly string[] }).details ?? [`BUG ${String(error)}`] };
  }
}

async function askBoth(texts: readonly string[]): Promise<readonly Judged[]> {
  const local = mkdtempSync(join(tmpdir(), 'oracle-'));
  const answers = texts.map(ask);
  for (const [at, text] of texts.entries()) {
    writeFileSync(join(local, `${at}.yml`), text);
    const answer = answers[at];
    if (answer && 'rendered' in answer) writeFileSync(join(local, `${at}-sent.yml`), answer.rendered);
  }
  await manager.copyIn(local, FOLDER, 'root');
  rmSync(local, { recursive: true });
  await manager.run(['sh', '-c', CONFIG], { env: VARIABLES });
  const printed = await manager.run([
    'sh',
    '-c',
    `cd ${FOLDER} && for f in *.yml; do echo "$f $(cat $f.code) $(base64 -w0 $f.out). $(base64 -w0 $f.err)."; done`,
  ]);
  const results = new Map(
    printed.split('\n').map((line) => {
      const [file = '', code = '', out = '', err = ''] = line.split(' ');
      const plain = (encoded: string) => Buffer.from(encoded.slice(0, -1), 'base64').toString();
      return [file, { code: Number(code), stdout: plain(out), stderr: plain(err) }] as const;
    }),
  );
  const nothing = { code: -1, stdout: '', stderr: 'no answer' };
  return texts.map((text, at) => ({
    text,
    docker: results.get(`${at}.yml`) ?? nothing,
    waggle: answers[at] ?? { problems: [] },
    sent: results.get(`${at}-sent.yml`) ?? nothing,
  }));
}

interface Config {
  readonly version?: string;
  readonly name?: string;
  readonly services?: Readonly<Record<string, object>>;
}

/** What a stack file means to Docker, without what Waggle changes on purpose and what Swarm ignores. */
function meaning(config: string): unknown {
  const { version: _, name: __, services = {}, ...rest } = withoutDigest(parse(config)) as Config;
  const plain = Object.entries(services).map(([name, service]) => {
    const { depends_on: ___, ...obeyed } = withoutExtensions(service) as { depends_on?: unknown };
    return [name, obeyed];
  });
  return { ...withoutExtensions(rest), services: Object.fromEntries(plain) };
}

/** Removes the digest from each text only once the YAML is read: "1" without its quotes would be a number. */
function withoutDigest(config: unknown): unknown {
  const plain = (_: string, value: unknown) =>
    typeof value === 'string' ? value.replaceAll(`@${DIGEST}`, '') : value;
  return JSON.parse(JSON.stringify(config, plain));
}

function withoutExtensions(map: object): object {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !key.startsWith('x-')));
}

/** What is wrong with a pair of verdicts; undefined if they agree or the difference is documented. */
function judge({ text, docker, waggle, sent }: Judged): string | undefined {
  const isExplained = (by: 'docker' | 'waggle', said: string) =>
    DIFFERENCES.some(
      ({ refusedBy, says, file }) => refusedBy === by && says.test(said) && (!file || file.test(text)),
    );
  if ('problems' in waggle) {
    if (docker.code !== 0) return undefined;
    const open = waggle.problems.filter((problem) => !isExplained('waggle', problem));
    return open.length > 0 ? `only Waggle refuses it: ${open.join('; ')}` : undefined;
  }
  if (docker.code !== 0)
    return isExplained('docker', docker.stderr)
      ? undefined
      : `only Docker refuses it: ${docker.stderr.trim()}`;
  if (sent.code !== 0) return `Docker refuses what Waggle sends: ${sent.stderr.trim()}`;
  const isSame = isDeepStrictEqual(meaning(sent.stdout), meaning(docker.stdout));
  return isSame
    ? undefined
    : `what Waggle sends means something else:\n${sent.stdout}\nand not:\n${docker.stdout}`;
}

function generate(): readonly string[] {
  const mutations = Math.floor(FILES / 4);
  const corpus = readCorpus().filter(({ texts }) => Object.keys(texts).length === 1);
  const mutated = fc.sample(fc.tuple(fc.constantFrom(...corpus), fc.integer(), fc.constantFrom(...VALUES)), {
    numRuns: mutations,
    seed: SEED,
  });
  return [
    ...fc
      .sample(stackFile, { numRuns: FILES - mutations, seed: SEED })
      .map((file) => stringify(file, { version: '1.1', aliasDuplicateObjects: false })),
    ...mutated.map(([{ texts }, at, value]) => mutate(Object.values(texts)[0] ?? '', at, value)),
  ];
}

/** The text with the value of one of its lines replaced. */
function mutate(text: string, at: number, value: string): string {
  const lines = text.split('\n');
  const places = [...lines.keys()].filter((index) => /^\s+[\w-]+: \S/.test(lines[index] ?? ''));
  const place = places[Math.abs(at) % places.length] ?? 0;
  return lines.map((line, index) => (index === place ? line.replace(/: .*/, `: ${value}`) : line)).join('\n');
}

let judged: readonly Judged[] = [];

beforeAll(async () => {
  await reset(lab);
  judged = await askBoth(generate());
});
afterAll(async () => {
  await manager.run(['rm', '-rf', FOLDER]);
  for (const { name } of lab.managers)
    await manager.run(['docker', 'node', 'update', '--availability', 'active', name]);
  await reset(lab);
});

test("Docker's client and Waggle agree on every file, but for what is documented", () => {
  const open = judged.flatMap((one) => judge(one) ?? []);
  console.log(
    `figure: seed ${SEED}, ${judged.length} files, ${judged.filter(({ docker }) => docker.code === 0).length} accepted by Docker`,
  );
  for (const { id, refusedBy, why } of DIFFERENCES)
    console.log(`  ${id.padEnd(18)} refused by ${refusedBy}: ${why}`);
  expect(open).toEqual([]);
});

test('Swarm makes the same services of what Waggle sends', async () => {
  const isBoth = ({ docker, sent }: Judged) => docker.code === 0 && sent.code === 0;
  const sample = [...judged.entries()].filter(([, one]) => isBoth(one)).slice(0, DEPLOYED);
  // Specs are compared, so no task has to run.
  for (const { name } of lab.managers)
    await manager.run(['docker', 'node', 'update', '--availability', 'drain', name]);
  let same = 0;
  for (const [at, { text }] of sample) {
    const original = await deploy(`${at}.yml`);
    if (original.code !== 0) continue;
    const sent = await deploy(`${at}-sent.yml`);
    expect(sent.specs, `${text}\n${sent.said}`).toEqual(original.specs);
    same++;
  }
  console.log(`figure: ${sample.length} files deployed, ${same} taken by Swarm, with the same specs`);
  expect(same).toBeGreaterThan(sample.length / 2);
});

async function deploy(file: string): Promise<{ code: number; said: string; specs: unknown }> {
  const script = `docker stack deploy --detach=true --resolve-image never -c ${FOLDER}/$1 oracle`;
  const { code, stderr } = await manager.exec(['sh', '-c', script, 'sh', file], { env: VARIABLES });
  const listed = await manager.run([
    'sh',
    '-c',
    `ids=$(docker service ls -q); [ -z "$ids" ] || docker service inspect $ids`,
  ]);
  await manager.exec(['sh', '-c', REMOVE]);
  const specs = (
    listed === '' ? [] : (JSON.parse(listed.replaceAll(`@${DIGEST}`, '')) as { Spec: { Name: string } }[])
  ).map(({ Spec }) => Spec);
  return { code, said: stderr, specs: withoutNetworkIds(specs.sort((a, b) => a.Name.localeCompare(b.Name))) };
}

/** The networks of a stack are made anew each time; without a digest, Docker names the tag that it means. */
function withoutNetworkIds(specs: unknown): unknown {
  const plain = (key: string, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (key === 'Target' && /^[a-z0-9]{25}$/.test(value)) return 'a network';
    return key === 'Image' && !/:[^/]+$/.test(value) ? `${value}:latest` : value;
  };
  return JSON.parse(JSON.stringify(specs, plain));
}
