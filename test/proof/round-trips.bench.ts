// Proves: a deploy is one connection, its round trips do not grow with the stack, and 100 ms of latency add at most 2.5 s.
import { until } from '../../src/lab/engine.ts';
import { setSshDelay } from '../lab/faults.ts';
import { labUp } from '../lab/lab.ts';
import { median } from '../lab/measure.ts';
import { Operator } from '../lab/operator.ts';
import { Probe } from '../lab/probe.ts';
import { reset } from '../lab/reset.ts';
import { setSize } from '../lab/sized-probe.ts';

/**
 * What a deploy costs on the wire: SSH connections and round trips, as the bastion counts them, of a stack with few
 * services and secrets and of one with many; and the time that 100 ms between here and the manager add to it.
 */
const ROUNDS = 5;
const ONE_WAY_MS = 50;
const GOAL_MS = 2500;
const QUIET = 'endpoint_mode: dnsrr, replicas: 0, update_config: { monitor: 1s }';
const FEW = 1;
const MANY = 11;
/** A look at the tasks that happens to fall into the time counts, too. */
const GROWTH = 4;

const lab = await labUp();
const operator = new Operator(lab);
const probe = new Probe(operator);
await reset(lab);
await operator.installWaggle();
await operator.checkOut();
await probe.setUp();

// With latency all that is asked at once is on its way before the first answer is there: one round trip.
await setSshDelay(lab, ONE_WAY_MS);
const results = new Map<number, { connections: number; roundTrips: number }>();
for (const extra of [FEW, MANY]) {
  await setSize(probe, extra, QUIET);
  const before = await deployCounted();
  // All that was added changes, and so do all its secrets.
  await setSize(probe, extra, QUIET, '2');
  const after = await deployCounted();
  const cost = {
    connections: after.connections - before.connections,
    roundTrips: after.roundTrips - before.roundTrips,
  };
  results.set(extra, cost);
  process.stdout.write(
    `${2 + extra} services, ${1 + extra} secrets: ${cost.connections} connection, ${cost.roundTrips} round trips\n`,
  );
}

await setSize(probe, FEW, QUIET);
await deploy();
const times: Record<'near' | 'far', number[]> = { near: [], far: [] };
for (let round = 0; round < ROUNDS; round++) {
  await setSshDelay(lab, 0);
  times.near.push(await deploy());
  await setSshDelay(lab, ONE_WAY_MS);
  times.far.push(await deploy());
}
await setSshDelay(lab, 0);
const added = median(times.far) - median(times.near);
process.stdout.write(
  `without latency ${median(times.near).toFixed(0)} ms, with ${2 * ONE_WAY_MS} ms ${median(times.far).toFixed(0)} ms: ${added.toFixed(0)} ms more\n`,
);

const [few, many] = [results.get(FEW), results.get(MANY)];
const isMet =
  added <= GOAL_MS &&
  [few, many].every((cost) => cost?.connections === 1) &&
  (many?.roundTrips ?? 0) <= (few?.roundTrips ?? 0) + GROWTH;
process.stdout.write(
  `goal: one connection, no more round trips for more services, ${GOAL_MS} ms: ${isMet ? 'met' : 'MISSED'}\n`,
);
process.exitCode = isMet ? 0 : 1;

async function deploy(): Promise<number> {
  const start = performance.now();
  const { code, stderr } = await probe.run(['deploy'], { SKIP_BUILD: '1' });
  if (code !== 0) throw new Error(stderr);
  return performance.now() - start;
}

/** What the bastion has counted once the connection of a deploy is over. */
async function deployCounted() {
  const { connections } = await readStats();
  await deploy();
  await until('its connection is counted', async () => (await readStats()).connections > connections);
  return readStats();
}

async function readStats(): Promise<{ connections: number; roundTrips: number }> {
  return JSON.parse(await lab.bastion.run(['cat', '/run/relay-stats']));
}
