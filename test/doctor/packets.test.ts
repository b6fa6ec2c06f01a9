import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { judgePacketTests, type PacketTestResult, planPacketTests } from '../../src/doctor/judge-packets.ts';
import { readAnswering } from '../../src/doctor/read-answering.ts';
import { DeployError } from '../../src/shared/errors.ts';
import { localShell } from '../../src/shared/shell.ts';
import type { Containers } from '../../src/shared/tools.ts';
import { node, task } from '../fakes/swarm.ts';

const [m2, m3] = [node('m2'), node('m3')];
const on = (where: string, id: string, addresses: Readonly<Record<string, string>>, change = {}) =>
  task({
    ...{ id, containerId: `c-${id}`, serviceId: `s-${id}`, nodeId: `id-${where}`, ...change },
    overlays: Object.entries(addresses).map(([network, address]) => ({
      ...{ network, address, isEncrypted: network === 'sealed' },
    })),
  });

describe('what is tried', () => {
  const plan = (...tasks: readonly ReturnType<typeof task>[]) => planPacketTests('id-m1', [m2, m3], tasks);

  test('one task of each other node, on each network that has tasks here', () => {
    const tasks = [
      on('m1', 'a', { front: '10.0.1.2', sealed: '10.0.2.2' }),
      on('m2', 'b', { front: '10.0.1.3' }),
      on('m2', 'b2', { front: '10.0.1.4' }),
      on('m3', 'c', { front: '10.0.1.5', sealed: '10.0.2.5', back: '10.0.3.5' }),
    ];
    const shown = plan(...tasks).map(({ network, isEncrypted, containers, targets }) => [
      ...[network, isEncrypted, containers],
      targets.map((target) => `${target.node} ${target.taskId} ${target.address}`),
    ]);
    expect(shown).toEqual([
      ['front', false, ['c-a'], ['m2 b 10.0.1.3', 'm3 c 10.0.1.5']],
      ['sealed', true, ['c-a'], ['m3 c 10.0.2.5']],
    ]);
  });

  test('from one container of each service', () => {
    const web = (id: string, address: string) => on('m1', id, { front: address }, { serviceId: 'web' });
    const tasks = [web('a', '10.0.1.2'), web('a2', '10.0.1.3'), on('m1', 'b', { front: '10.0.1.4' })];
    const [front] = plan(...tasks, on('m2', 'c', { front: '10.0.1.5' }));
    expect(front?.containers).toEqual(['c-a', 'c-b']);
  });

  test('nothing where the tasks of a network are all here, or all elsewhere', () => {
    expect(plan(on('m1', 'a', { front: '10.0.1.2' }), on('m2', 'b', { back: '10.0.3.2' }))).toEqual([]);
  });
});

describe('what is said', () => {
  const targets = [m2, m3].map(({ hostname }, at) => ({
    ...{ node: hostname, taskId: `t-${hostname}`, address: `10.0.1.${at + 2}` },
  }));
  const front: PacketTestResult = {
    ...{ network: 'front', isEncrypted: false, containers: ['c'], targets },
    answering: new Set(['10.0.1.2', '10.0.1.3']),
  };
  const ALL = new Set(['t-m2', 't-m3']);
  const judge = (tried: readonly PacketTestResult[], { others = [m2, m3], left = ALL } = {}) =>
    judgePacketTests('m1', others, tried, left).map(({ state, said, todo }) => [`${state}: ${said}`, todo]);
  const BY_HAND =
    'a container here that connects to the address of a task there tells, even by being refused';

  test('both answer', () => {
    expect(judge([front])).toEqual([
      ['fine: they pass between m1 and m2, m3 on the overlay network front', undefined],
    ]);
  });

  test.each([
    [false, 'open 4789/udp and 7946/udp between the nodes'],
    [true, 'open 4789/udp, the protocol ESP and 7946/udp between the nodes'],
  ])('one is silent, encrypted: %s', (isEncrypted, todo) => {
    expect(judge([{ ...front, isEncrypted, answering: new Set(['10.0.1.2']) }])).toEqual([
      ['fine: they pass between m1 and m2 on the overlay network front', undefined],
      ['problem: packets between m1 and m3 on the overlay network front are lost', todo],
    ]);
  });

  test('the task of one that is silent has ended meanwhile', () => {
    const tried = [{ ...front, answering: new Set(['10.0.1.2']) }];
    const [, m3Said] = judge(tried, { left: new Set(['t-m2']) });
    expect(m3Said?.[0]).toMatch(/^fine: m1 to m3 was not tried/);
  });

  test.each([
    [
      'no tasks on both',
      [],
      `fine: m1 to m2, m3 was not tried: the stack has no two tasks on one overlay network, here and there; ${BY_HAND}`,
    ],
    [
      'nothing to try with',
      [{ ...front, answering: undefined }],
      `fine: m1 to m2, m3 was not tried: no container of the stack here has bash, nc or node; ${BY_HAND}`,
    ],
  ])('%s', (_what, tried, said) => {
    expect(judge(tried)).toEqual([[said, undefined]]);
  });

  test('there is no other node', () => {
    expect(judge([], { others: [] })).toEqual([['fine: no other node is ready', undefined]]);
  });
});

/** Programs of this machine stand for those of an image; 127.0.0.2 refuses, and nothing is sent to everybody. */
describe('a container', () => {
  let programs = '';
  beforeEach(() => {
    programs = mkdtempSync(join(tmpdir(), 'programs-test-'));
  });
  afterEach(() => rmSync(programs, { recursive: true }));

  const has = async (...names: readonly string[]) => {
    for (const name of names)
      symlinkSync((await localShell(['sh', '-c', `command -v ${name}`])).stdout.trim(), join(programs, name));
  };
  const hasScript = (name: string, script: string) => {
    writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(programs, name), 0o755);
  };
  const container: Containers = {
    readNodeId: async () => '',
    readMembership: async () => ({ cluster: '', leader: '' }),
    readEnding: async () => ({ isOutOfMemory: undefined, answers: [] }),
    exec: (_id, [program = '', ...argv], { output }) =>
      new Promise((resolve, reject) => {
        const running = spawn(join(programs, program), argv, { env: { PATH: programs } });
        running.on('error', (cause) =>
          reject(new DeployError('DEPLOY_FAILED', 'no such program', { cause })),
        );
        running.stdout.pipe(output, { end: false });
        running.on('close', (code) => resolve(code ?? 1));
      }),
  };
  const ask = () => readAnswering(container, 'c', ['127.0.0.2', '255.255.255.255']);

  test.each([
    ['bash', ['sh', 'bash', 'timeout']],
    ['node and no shell', ['node']],
    ['node and a shell that has nothing', ['sh', 'node']],
  ])('with %s', async (_what, names) => {
    await has(...names);
    expect(await ask()).toEqual(new Set(['127.0.0.2']));
  });

  test('with nc', async () => {
    await has('sh');
    hasScript(
      'nc',
      'case $5 in 127.*) echo "nc: $5: Connection refused" >&2 ;; *) echo timed out ;; esac; exit 1',
    );
    expect(await ask()).toEqual(new Set(['127.0.0.2']));
  });

  test.each([
    ['no program at all', async () => {}],
    ['a shell, and nothing to try with', () => has('sh')],
    [
      'an nc that does not know what it is asked',
      async () => {
        await has('sh');
        hasScript('nc', 'echo "nc: invalid option -- z" >&2; exit 1');
      },
    ],
    ['a shell that is ended before it is through', async () => hasScript('sh', 'echo 127.0.0.2')],
  ])('with %s', async (_what, make) => {
    await make();
    expect(await ask()).toBeUndefined();
  });
});
