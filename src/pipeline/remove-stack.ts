import { countRemoval, planRemoval, type Removal, renderRemoval } from '../plan/plan-removal.ts';
import type { Release } from '../plan/release/release.ts';
import { renderListBundles, renderRemoveBundles } from '../plan/render/render-scripts.ts';
import { settleAll } from '../shared/settle-all.ts';
import type { Tools } from '../shared/tools.ts';
import { removeServices } from '../swarm/remove-services.ts';
import { removeNetworks } from '../swarm/restore-stack.ts';
import { connected } from './at-cluster.ts';
import { requireName } from './confirm.ts';
import { settleCommands } from './end-commands.ts';
import { judgeInterruptions } from './history/interruptions.ts';
import { judgeForeign } from './judge-own-stack.ts';
import { underLock } from './lock/under-lock.ts';
import type { RunContext } from './run-context.ts';
import { timed } from './run-steps.ts';
import { type NodeVolumes, readVolumes, removeVolumes } from './volumes.ts';
import { removalOptions, waitLimits } from './wait-limits.ts';

export interface RemoveOptions {
  readonly target: string | undefined;
  readonly isPatient: boolean;
  /** The volumes go, too. */
  readonly withVolumes: boolean;
  /** The stack may be another project's. */
  readonly mayReplace: boolean;
  /** The question is answered already. */
  readonly isAgreed: boolean;
}

/** Removes the whole stack: what runs, its networks, secrets, configs and history. */
export async function removeStack(context: RunContext, options: RemoveOptions): Promise<void> {
  await connected(context, options.target, async (release, tools) => {
    const { stack } = release;
    if (release.settings.DRY_RUN) {
      context.print((await planIt(context, release, tools, options)).text);
      return;
    }
    const locking = { stack, what: 'remove', isPatient: options.isPatient };
    await underLock(context, tools, locking, async (held) => {
      const { removal, volumes, text } = await planIt(context, release, held, options);
      context.print(text);
      const what = `This removes ${stack} and its history: ${countRemoval(removal)}. It cannot be undone.`;
      if (!options.isAgreed) await requireName(held, what, stack);
      await carryOut(release, held, removal, volumes);
      context.log.info(`removed ${stack}: ${countRemoval(removal)}`);
    });
  });
}

async function planIt(
  context: RunContext,
  { stack }: Release,
  tools: Tools,
  { withVolumes, mayReplace }: RemoveOptions,
) {
  const { swarm } = tools;
  const [all, networks, secrets, configs, records, volumes, bundles] = await Promise.all([
    swarm.readServices(),
    swarm.readNetworks(stack),
    swarm.readObjects('secret'),
    swarm.readObjects('config'),
    swarm.readRecords(stack),
    withVolumes ? readVolumes(tools, stack) : [],
    listBundles(tools, stack),
  ]);
  const services = await swarm.readServices(stack);
  const foreign = judgeForeign(stack, await context.readProject(), { records, services });
  if (foreign && !mayReplace) throw foreign;
  const removal = planRemoval(stack, { services, networks, secrets, configs, records }, all);
  const names = volumes.flatMap((one) => one.names.map((name) => `${name} on ${one.node}`));
  const text = renderRemoval(removal, { bundles, ...(withVolumes && { volumes: names }) });
  return { removal, volumes, text };
}

/** A manager that does not answer is left out here, as it is when the bundles are removed. */
async function listBundles({ hosts }: Tools, stack: string): Promise<readonly string[]> {
  const found = await Promise.allSettled(
    hosts.map(async ({ name, remote }) => {
      const { exitCode, stdout } = await remote.run(renderListBundles({ stack }));
      const bundles = exitCode === 0 ? stdout.split('\n').filter(Boolean) : [];
      return bundles.map((bundle) => `${bundle} on ${name}`);
    }),
  );
  return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

/** The history goes last: a removal that is stopped can be run again. */
async function carryOut(
  release: Release,
  tools: Tools,
  { services, networks, objects, records }: Removal,
  volumes: readonly NodeVolumes[],
): Promise<void> {
  const { swarm, log, hosts } = tools;
  const { stack, settings } = release;
  const acting = { release, tools };
  // A command that an interrupted run left would create the services again.
  for (const judged of judgeInterruptions(records))
    if ('value' in judged)
      await settleCommands(acting, { id: judged.value.intent.id, left: judged.value.left });
  const ids = services.map(({ id }) => id);
  await timed(log, 'remove the services', () => removeServices(removalOptions(acting), ids));
  await timed(log, 'remove networks, secrets and configs', async () => {
    const { timeoutMs } = waitLimits(settings);
    const removals = objects.map(({ kind, name }) => swarm.removeObject(kind, name));
    const networkIds = networks.map(({ id }) => id);
    await settleAll([...removals, removeNetworks(swarm, stack, networkIds, timeoutMs)], 'DEPLOY_FAILED');
  });
  if (volumes.length > 0)
    await timed(log, 'remove the volumes', () => settleAll(volumes.map(removeVolumes), 'DEPLOY_FAILED'));
  const bundles = hosts.map(({ remote }) => remote.run(renderRemoveBundles(release)));
  // A bundle holds no value, and a manager that does not answer keeps nobody from removing a stack.
  await Promise.allSettled(bundles);
  await timed(log, 'remove the records', () =>
    settleAll(
      records.map(({ id }) => swarm.removeRecord(id)),
      'DEPLOY_FAILED',
    ),
  );
}
