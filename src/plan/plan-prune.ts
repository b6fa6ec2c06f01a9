import type { SwarmSecret, SwarmService } from '../shared/swarm.ts';

/** Labels of every secret that Waggle makes: only those are ever pruned, never what merely looks alike. */
export const STACK_LABEL = 'com.waggle.stack';
export const KEY_LABEL = 'com.waggle.secret';

/**
 * The secret versions that may go: beyond the newest `keep` of their key, and named by no spec, live or
 * previous. Docker itself would let a secret go that only a PreviousSpec names, and break its rollback.
 */
export function planPrune(
  secrets: readonly SwarmSecret[],
  services: readonly SwarmService[],
  keep: number,
): readonly string[] {
  const named = new Set(
    services.flatMap(({ spec, previousSpec }) => [spec, previousSpec]).flatMap(secretNames),
  );
  const newestFirst = secrets.toSorted(
    (a, b) => b.createdAt.localeCompare(a.createdAt) || b.name.localeCompare(a.name),
  );
  return newestFirst
    .filter((secret, index) => {
      const newer = newestFirst.slice(0, index).filter((other) => keyOf(other) === keyOf(secret));
      return newer.length >= keep && !named.has(secret.name);
    })
    .map(({ name }) => name);
}

const keyOf = ({ labels }: SwarmSecret) => labels[KEY_LABEL] ?? '';

function secretNames(spec: SwarmService['previousSpec']): string[] {
  const secrets = spec?.TaskTemplate?.ContainerSpec?.Secrets ?? [];
  return secrets.flatMap(({ SecretName }) => SecretName ?? []);
}
