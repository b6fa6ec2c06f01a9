// Proves: 100 services with 100 secrets cost at most 3 s and 150 MB; a crash loop is called within a second.
import { setTimeout as sleep } from 'node:timers/promises';
import { createVersions } from '../../src/pipeline/steps/create-versions.ts';
import { deployStack } from '../../src/pipeline/steps/deploy-stack.ts';
import { pullImages } from '../../src/pipeline/steps/pull-images.ts';
import { askSwarm } from '../lab/ask-swarm.ts';
import { labUp } from '../lab/lab.ts';
import { median, report } from '../lab/measure.ts';
import { Operator } from '../lab/operator.ts';
import { Probe } from '../lab/probe.ts';
import { reset } from '../lab/reset.ts';
import { setSize } from '../lab/sized-probe.ts';

/**
 * What a stack of 100 services and 100 secrets costs Waggle itself, in time and memory; and how soon a
 * crash loop is called after the task that makes it certain has failed.
 */
const SIZE = 100;
const ROUNDS = 5;
/** Steps in which Waggle waits for Docker and nothing else. */
const CLUSTER = [pullImages, createVersions, deployStack].map(({ name }) => name);
const lab = await labUp();
const operator = new Operator(lab);
const probe = new Probe(operator);
await reset(lab);
await operator.installWaggle();
await operator.checkOut();
await probe.setUp();

const lags: number[] = [];
await deploy();
for (let round = 0; round < ROUNDS; round++) lags.push(await callCrash(round));

await setSize(probe, SIZE - 2);
const first = await measure();
const again = await measure();
process.stdout.write(
  `${SIZE} services, ${SIZE - 1} secrets: at first ${describe(first)}; again ${describe(again)}\n`,
);
report([
  { what: 'from the third failure to the verdict', value: median(lags), most: 1000 },
  { what: `its own time for ${SIZE} services`, value: Math.max(first.ownMs, again.ownMs), most: 3000 },
  { what: 'memory, in MB', value: Math.max(first.memoryMb, again.memoryMb), most: 150 },
]);
await reset(lab);

interface Cost {
  readonly cpuMs: number;
  readonly memoryMb: number;
  readonly wallMs: number;
  /** Of that, what was not spent in steps in which the cluster works. */
  readonly ownMs: number;
}

function describe({ cpuMs, memoryMb, wallMs, ownMs }: Cost): string {
  const whole = [cpuMs, memoryMb, wallMs, ownMs].map((value) => value.toFixed(0));
  return `${whole[0]} ms of processor, ${whole[1]} MB, ${whole[2]} ms in all, ${whole[3]} ms of it its own`;
}

async function deploy(): Promise<void> {
  const { code, stderr } = await probe.run(['deploy']);
  if (code !== 0) throw new Error(stderr);
}

/** As the kernel counts them, until the very end. */
async function measure(): Promise<Cost> {
  const start = performance.now();
  const printed = await operator.sh(`
    DEPLOY_TAG=v1 waggle deploy --env probe --json >/tmp/out 2>/tmp/err & pid=$!
    while [ -d /proc/$pid ] && peak=$(sed -n 's/^VmHWM:[[:space:]]*\\([0-9]*\\) kB/\\1/p' /proc/$pid/status) && [ -n "$peak" ]; do
      memory=$peak; cpu=$(cut -d' ' -f14,15 /proc/$pid/stat); sleep 0.05
    done
    wait $pid || { cat /tmp/err >&2; exit 1; }
    echo $memory $cpu`);
  const [memory = 0, user = 0, system = 0] = printed.split(' ').map(Number);
  if (!memory || !user) throw new Error(`nothing was measured: ${printed}`);
  const wallMs = performance.now() - start;
  const events = (await operator.sh('cat /tmp/out')).split('\n');
  const clusterMs = events
    .map((line) => JSON.parse(line) as { step?: string; state?: string; ms?: number })
    .filter(({ step = '', state }) => state === 'done' && CLUSTER.includes(step))
    .reduce((sum, { ms = 0 }) => sum + ms, 0);
  const TICK_MS = 10;
  return {
    memoryMb: memory / 1024,
    cpuMs: (user + system) * TICK_MS,
    wallMs,
    ownMs: wallMs - clusterMs,
  };
}

/** Milliseconds by which the verdict comes after the third failure of a task in one place. */
async function callCrash(round: number): Promise<number> {
  await probe.setStack({
    deploy: 'replicas: 1',
    web: 'entrypoint: [sh, -c, "exit 1"]',
    environment: `{ ROUND: "${round}" }`,
    update: '{ failure_action: continue, monitor: 1s }',
  });
  const known = new Set((await readFailed()).map(({ ID }) => ID));
  // Swarm keeps few tasks that have ended: they are read while they are there.
  const failed = new Map<string, number>();
  const running = probe.run(['deploy', '--json']);
  const isOver = running.then(() => true);
  while (!(await Promise.race([isOver, sleep(200)])))
    for (const { ID, Status } of await readFailed())
      if (!known.has(ID)) failed.set(ID, Date.parse(Status.Timestamp));
  const { stdout } = await running;
  const verdict = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { msg: string; time: string })
    .find(({ msg }) => msg.includes('it will not come up'));
  const third = [...failed.values()].sort((a, b) => a - b)[2];
  if (!verdict || !third)
    throw new Error(`${failed.size} tasks failed, and no verdict was given:\n${stdout}`);
  return Date.parse(verdict.time) - third;
}

async function readFailed(): Promise<{ ID: string; Status: { State: string; Timestamp: string } }[]> {
  const tasks = await askSwarm<{ ID: string; Status: { State: string; Timestamp: string } }[]>(
    lab,
    '/tasks',
    {
      service: ['probe_web'],
    },
  );
  return tasks.filter(({ Status }) => Status.State === 'failed');
}
