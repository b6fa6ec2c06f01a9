import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterFacts } from '../plan/changes/facts.ts';
import { DIGEST_LABEL, KEY_LABEL, STACK_LABEL, versionContext } from '../plan/labels.ts';
import { objectId, type Release, type VersionedObject, type VersionNames } from '../plan/release/release.ts';
import { fitsDigest } from '../shared/digest.ts';
import { DeployError } from '../shared/errors.ts';
import type { SwarmObject, SwarmReads, SwarmRecords } from '../shared/swarm.ts';
import { explainQuorum } from '../swarm/explain-quorum.ts';

/** The longest wait for nodes to report: Swarm calls them ready or down before that. */
const ELECTION_MS = 60_000;
const AGAIN_MS = 500;

/** Asks the cluster what the plan could not know, again while nodes report to a new leader. Reads only. */
export async function gatherFacts(release: Release, swarm: SwarmReads & SwarmRecords): Promise<ClusterFacts> {
  const end = performance.now() + ELECTION_MS;
  let facts = await readCluster(release.stack, swarm);
  // A leader that was just elected knows of no node whether it is there, so none would have room for a task.
  while (facts.nodes.some(({ state }) => state === 'unknown') && performance.now() < end) {
    await sleep(AGAIN_MS);
    facts = await readCluster(release.stack, swarm);
  }
  const reusable = release.settings.SECRET_REUSE
    ? await findReusable(release, { secret: facts.secrets, config: facts.configs })
    : {};
  return { ...facts, reusable };
}

async function readCluster(
  stack: string,
  swarm: SwarmReads & SwarmRecords,
): Promise<Omit<ClusterFacts, 'reusable'>> {
  const reading = Promise.all([
    swarm.readNodes(),
    swarm.readServices(stack),
    swarm.readNetworks(),
    swarm.readObjects('secret'),
    swarm.readObjects('config'),
    swarm.readAllTasks(),
    swarm.readRecords(stack),
  ]);
  reading.catch(() => {}); // of no manager each would fail, with less to go by
  await requireManager(swarm);
  const [nodes, services, networks, secrets, configs, tasks, records] = await reading;
  return { nodes, services, networks, secrets, configs, tasks, records };
}

export async function requireManager(swarm: SwarmReads): Promise<void> {
  const { isManager, problem } = await swarm.readManager();
  if (isManager && !problem) return;
  const noQuorum = explainQuorum(problem);
  if (noQuorum)
    throw new DeployError('PREFLIGHT_FAILED', noQuorum, {
      hint: 'nothing was changed; restart managers until more than half are reachable',
    });
  throw new DeployError(
    'PREFLIGHT_FAILED',
    problem || 'the host in DEPLOY_MANAGER_HOST is not a Swarm manager',
    {
      hint: problem
        ? 'see `docker info` on the manager'
        : 'name a manager: `docker node ls` on any lists them; where there is no Swarm yet, `docker swarm init` makes one',
    },
  );
}

/** The newest version of each object, where it holds what the new one would. */
async function findReusable(
  { stack, objects }: Release,
  existing: Readonly<Record<VersionedObject['kind'], readonly SwarmObject[]>>,
): Promise<VersionNames> {
  const found = objects.map(async (object) => {
    const [newest] = existing[object.kind]
      .filter(({ labels }) => labels[STACK_LABEL] === stack && labels[KEY_LABEL] === object.key)
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.name.localeCompare(a.name));
    const isSame =
      newest &&
      object.value &&
      (await fitsDigest(newest.labels[DIGEST_LABEL] ?? '', object.value, versionContext(object)));
    return isSame ? [[objectId(object), newest.name] as const] : [];
  });
  return Object.fromEntries((await Promise.all(found)).flat());
}
