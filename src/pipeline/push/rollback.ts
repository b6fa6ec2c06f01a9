import { findBefore, findRelease } from '../../plan/records/find-release.ts';
import { judgeRollback, judgeRollbackTarget } from '../../plan/records/judge-rollback.ts';
import { parseHistory, type ReleaseRecord, requireHistory } from '../../plan/records/release-record.ts';
import { modeOf } from '../../plan/spec/mode-of.ts';
import { targetsOf } from '../../plan/spec/network-ids.ts';
import { listReferences } from '../../plan/spec/references.ts';
import { DeployError, messageOf } from '../../shared/errors.ts';
import type { LiveNetwork } from '../../shared/network.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import type { RunContext } from '../run-context.ts';
import type { DesiredState } from './desired-state.ts';
import { type PushContext, type PushOptions, pushForward } from './push-forward.ts';

export interface RollbackOptions
  extends Pick<PushOptions, 'target' | 'isPatient' | 'onInterrupted' | 'mayReplace'> {
  /** `r41`; undefined: the one before the one that runs. */
  readonly name: string | undefined;
  /** Also beyond a release whose migrations cannot be undone. */
  readonly isForced: boolean;
  /** The question of a terminal is answered. */
  readonly isAgreed: boolean;
}

/** Deploys an earlier release again. */
export async function rollback(
  context: RunContext,
  { name, isForced, isAgreed, ...options }: RollbackOptions,
): Promise<void> {
  await pushForward(context, {
    ...options,
    what: `rollback to ${name ?? 'the release before'}`,
    async resolveDesired(push) {
      const history = parseHistory(push.facts.records);
      const to = name === undefined ? findBefore(history) : findRelease(history, name);
      await requireRollbackTarget(to, push, isForced);
      for (const service of listRecreated(to, push))
        context.log.warn(
          `${service} is down for a while: its mode was another, so it is removed and made again`,
        );
      const earlier = listEarlierSecrets(to, push);
      if (earlier.length > 0)
        context.log.warn(
          `the rollback restores earlier secrets (${earlier.join(', ')}): if one of them got out, rotate it again: waggle secrets rotate <name>`,
        );
      context.log.info(`roll back ${push.stack} to r${to.number}: tag ${to.tag}, deployed ${to.since}`);
      return { specs: to.services, networks: listNetworks(to), of: to, isRollback: true };
    },
    ...(!isAgreed && { question: ({ of }: DesiredState) => `roll back to r${of.number}?` }),
  });
}

/** Versions of secrets that no service uses now and the release uses again. */
function listEarlierSecrets({ services }: ReleaseRecord, { facts }: PushContext): readonly string[] {
  const secretsOf = (specs: readonly ServiceSpec[]) =>
    specs.flatMap(listReferences).flatMap(({ kind, name }) => (kind === 'secret' ? [name] : []));
  const live = new Set(secretsOf(facts.services.map(({ spec }) => spec)));
  return [...new Set(secretsOf(services))].filter((name) => !live.has(name));
}

/** A rollback is urgent: warn, do not ask. */
function listRecreated({ services }: ReleaseRecord, { facts }: PushContext): readonly string[] {
  const modes = new Map(services.map((spec) => [spec.Name, modeOf(spec)]));
  return facts.services
    .filter(({ name, spec }) => modes.has(name) && modes.get(name) !== modeOf(spec))
    .map(({ name }) => name);
}

/** Of those that Docker kept for the stack at that time, the ones that it used. */
function listNetworks({ services, networks }: ReleaseRecord): readonly LiveNetwork[] {
  const used = new Set(services.flatMap(targetsOf));
  return networks.filter(({ id }) => used.has(id));
}

/** Every reason not to go back, at once. */
export async function requireRollbackTarget(
  to: ReleaseRecord,
  { facts, swarm }: PushContext,
  isForced: boolean,
): Promise<void> {
  const history = parseHistory(facts.records);
  // One that cannot be read may have run migrations that cannot be undone.
  if (!isForced) requireHistory(history, to.number);
  const images = new Set(to.services.flatMap(({ TaskTemplate }) => TaskTemplate?.ContainerSpec?.Image ?? []));
  const looks = [...images].map((image) =>
    swarm.readImage(image).then(
      () => [],
      (error: unknown) => [messageOf(error)],
    ),
  );
  const details = [
    ...judgeRollbackTarget(to, history.releases, isForced),
    ...judgeRollback(to, facts),
    ...(await Promise.all(looks)).flat(),
  ];
  if (details.length === 0) return;
  throw new DeployError('PREFLIGHT_FAILED', `cannot roll back to r${to.number}`, {
    details,
    hint: 'nothing was changed; choose another, or deploy its commit again',
  });
}
