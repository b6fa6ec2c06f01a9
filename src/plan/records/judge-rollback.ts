import type { ClusterFacts } from '../changes/facts.ts';
import { type ReleaseRecord, ranHealthy } from './release-record.ts';

/** Why one should not go back to it, whatever is still there. `isForced`: whoever asks knows about the migrations. */
export function judgeRollbackTarget(
  { number, result }: ReleaseRecord,
  releases: readonly ReleaseRecord[],
  isForced: boolean,
): readonly string[] {
  const between = releases
    .filter((one) => one.number > number && one.isIrreversible && one.services.length > 0)
    .map((one) => `r${one.number}`);
  return [
    ...(ranHealthy(result) ? [] : [`r${number} did not come up: ${result}`]),
    ...(between.length === 0 || isForced
      ? []
      : [`the migrations of ${between.join(', ')} cannot be undone; --force goes back all the same`]),
  ];
}

/**
 * What a release needs that is not there any more: Swarm would refuse the specs, or leave their tasks waiting. Networks
 * of its own are made again.
 */
export function judgeRollback(
  { services, networks: own, stack }: ReleaseRecord,
  facts: Pick<ClusterFacts, 'secrets' | 'configs' | 'networks'>,
): readonly string[] {
  const has = (objects: readonly { readonly id: string }[]) => {
    const ids = new Set(objects.map(({ id }) => id));
    return (id = '') => ids.has(id);
  };
  const [hasSecret, hasConfig] = [has(facts.secrets), has(facts.configs)];
  const hasNetwork = has([...facts.networks, ...own]);
  const gone = services.flatMap(({ TaskTemplate }) => {
    const { Secrets = [], Configs = [] } = TaskTemplate?.ContainerSpec ?? {};
    const { Networks = [] } = TaskTemplate ?? {};
    return [
      ...Secrets.filter(({ SecretID }) => !hasSecret(SecretID)).map(
        ({ SecretName }) => `the secret ${SecretName} is gone`,
      ),
      ...Configs.filter(({ ConfigID }) => !hasConfig(ConfigID)).map(
        ({ ConfigName }) => `the config ${ConfigName} is gone`,
      ),
      ...Networks.filter(({ Target }) => !hasNetwork(Target)).map(
        ({ Target }) =>
          `a network that is not of ${stack} is gone, or was made anew: it had the id ${Target}`,
      ),
    ];
  });
  return [...new Set(gone)].sort();
}
