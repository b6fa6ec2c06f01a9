// Proves: what Waggle renders of a stack file means to Docker what was written, over its whole schema.
import type { NetworkInspectInfo } from 'dockerode';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { describeSpec } from '../../src/plan/changes/describe-spec.ts';
import { planNetworkChanges } from '../../src/plan/changes/plan-networks.ts';
import { withNames } from '../../src/plan/changes/plan-service.ts';
import { viewNetwork } from '../../src/swarm/views.ts';
import { planCase, readCorpus, renderCase, specsOf, VARIABLES } from '../corpus/corpus.ts';
import { refusals, refusalsOfSwarm } from '../corpus/refusals.ts';
import { planned } from '../fakes/inputs.ts';
import { facts } from '../fakes/swarm.ts';
import { askSwarm } from '../lab/ask-swarm.ts';
import { labUp } from '../lab/lab.ts';
import { digestOf } from '../lab/registry.ts';
import { reset } from '../lab/reset.ts';

/** Docker itself says what a stack file means: Waggle's rendering of it has to mean the same. */

const lab = await labUp();
const [manager] = lab.managers;
const FOLDER = '/tmp/corpus';
const corpus = readCorpus();
const digest = (await digestOf(lab, 'library/redis', '7')) ?? '';

/** `docker stack` on a manager, with nothing but the given environment. */
async function dockerStack(argv: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const pairs = Object.entries({ PATH: '/usr/bin:/bin', HOME: '/root', ...environment }).map(
    ([name, value]) => `${name}=${value}`,
  );
  return manager.exec(['env', '-i', ...pairs, 'docker', 'stack', ...argv]);
}

async function write(name: string, texts: Readonly<Record<string, string>>): Promise<string[]> {
  await manager.run(['mkdir', '-p', `${FOLDER}/${name}`]);
  const paths = Object.entries(texts).map(async ([file, text]) => {
    const path = `${FOLDER}/${name}/${file}`;
    await manager.writeFile(path, text);
    return ['--compose-file', path];
  });
  return (await Promise.all(paths)).flat();
}

beforeAll(async () => {
  await reset(lab);
  const objects = [
    'secret create corpus-plain',
    'secret create corpus-renamed',
    'config create corpus-settings',
    'config create corpus-page',
  ];
  for (const object of objects) await manager.run(['sh', '-c', `echo x | docker ${object} -`]);
});

afterAll(async () => {
  await manager.run(['rm', '-rf', FOLDER]);
  await reset(lab);
});

test.each(corpus)('$name: what is sent means what was written', async (one) => {
  const original = await dockerStack(
    ['config', ...(await write(`${one.name}-original`, one.texts))],
    VARIABLES,
  );
  expect(original.code, original.stderr).toBe(0);
  const rendered = renderCase(planCase(one), digest);
  const files = await write(`${one.name}-rendered`, { 'stack.yml': rendered });
  const sent = await dockerStack(['config', ...files]);
  expect(sent.code, sent.stderr).toBe(0);
  const plain = (text: string) => withoutExtensions(parse(text.replaceAll(`@${digest}`, '')));
  expect(plain(sent.stdout)).toEqual(plain(original.stdout));
});

/** What Docker reads and then passes over: `version:`, and keys of nobody's, which are not sent. */
function withoutExtensions(stack: Record<string, object>): object {
  const own = (map: object) =>
    Object.fromEntries(Object.entries(map).filter(([key]) => !key.startsWith('x-') && key !== 'version'));
  const services = Object.entries(stack.services ?? {}).map(([name, service]) => [name, own(service)]);
  return { ...own(stack), services: Object.fromEntries(services) };
}

test('values of any characters come through', async () => {
  const characters = fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => !text.includes('\0'));
  const values = fc.sample(characters, { numRuns: 400, seed: 42 });
  const environment = Object.fromEntries(values.map((value, index) => [`V${index}`, value]));
  const lines = values.map((_, index) => `      V${index}: "\${V${index}}"`);
  const text = `services:\n  a:\n    image: b:1\n    environment:\n${lines.join('\n')}\n`;
  const release = planned({ environment }, text, { objects: {} }).release();
  const rendered = renderCase(release, digest);
  const sent = await dockerStack(['config', ...(await write('any', { 'stack.yml': rendered }))]);
  expect(sent.code, sent.stderr).toBe(0);
  expect(parse(sent.stdout).services.a.environment).toEqual(environment);
});

test.each(corpus)('$name: the planned specs are those that Docker makes', async (one) => {
  const release = planCase(one);
  const rendered = renderCase(release, digest);
  const files = await write(one.name, { 'stack.yml': rendered });
  const deployed = await dockerStack(['deploy', '--detach=true', ...files, release.stack]);
  expect(deployed.code, deployed.stderr).toBe(0);
  const [live, networks] = await Promise.all([
    askSwarm<{ Spec: never }[]>(lab, '/services', { label: [`com.docker.stack.namespace=${release.stack}`] }),
    askSwarm<NetworkInspectInfo[]>(lab, '/networks'),
  ]);
  await dockerStack(['rm', release.stack]);

  const host = await askSwarm<NetworkInspectInfo>(lab, '/networks/host?scope=swarm');
  const all = [...networks, host];
  const names = new Map(all.map(({ Id, Name }) => [Id, Name]));
  const listed = all.map(viewNetwork);
  expect(planNetworkChanges(release, listed)).toEqual([]);
  const specs = specsOf(release, facts({ networks: listed }), digest);
  expect(live).toHaveLength(specs.size);
  for (const [name, spec] of specs) {
    const service = live.find(({ Spec }) => (Spec as { Name: string }).Name === `${release.stack}_${name}`);
    const fieldsOf = (fields: ReturnType<typeof describeSpec>) =>
      Object.fromEntries([...fields.values()].map(({ name: field, value }) => [field, value]).sort());
    expect(fieldsOf(describeSpec(spec, [])), name).toEqual(
      fieldsOf(describeSpec(withNames(service?.Spec as never, names), [])),
    );
  }
});

describe('what Docker refuses, Waggle refuses before anything happens', () => {
  test.each(refusals.filter(({ byDocker }) => byDocker))('$text', async ({ text }) => {
    const { code } = await dockerStack(['config', ...(await write('refused', { 'stack.yml': text }))]);
    expect(code).not.toBe(0);
  });
});

describe('what Swarm refuses, Waggle refuses before anything happens', () => {
  test.each(refusalsOfSwarm)('$text', async ({ text }) => {
    for (const name of ['s', 't'])
      await manager.exec(['sh', '-c', `echo x | docker secret create ${name} -`]);
    const files = await write('refused', {
      'stack.yml': text.replace('b:1', 'registry.lab:5000/library/redis:7'),
    });
    const { code } = await dockerStack(['deploy', '--detach=true', ...files, 'refused']);
    // A node rejects a task only once the task has reached it.
    const listTasks = async () =>
      (await manager.exec(['docker', 'stack', 'ps', '--no-trunc', 'refused'])).stdout;
    if (code === 0) await expect.poll(listTasks).toMatch(/rejected|invalid/i);
    await dockerStack(['rm', 'refused']);
  });
});
