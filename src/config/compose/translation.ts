import type { Position } from '../positions.ts';
import type { Finding } from '../problem.ts';

/** A service of a stack file, before it is known to be sound. */
export type Service = Readonly<Record<string, unknown>>;

/**
 * What becomes of a key that compose knows and `docker stack deploy` does not: `into` says the same in keys that
 * Docker takes; `said` is what the operator should know though nothing is lost; `refused` is how to write it instead.
 */
export type Translation =
  | { readonly into: Service }
  | { readonly said: string }
  | { readonly refused: string };

/** `value` is the key's own; `service` is the service without the key. */
export type Translator = (value: unknown, service: Service) => Translation;

export function refusedFinding(position: Position, message: string): Finding {
  return { ...position, rule: 'unsupported-key', level: 'error', message };
}

export function saidFinding(position: Position, message: string): Finding {
  return { ...position, rule: 'ignored-key', level: 'warning', message };
}

/** Lays values into nested maps: `setIn(service, ['deploy', 'replicas'], 2)`; what is set already stays. */
export function setIn(map: Service, [key = '', ...rest]: readonly string[], value: unknown): Service {
  const old = map[key];
  if (rest.length > 0) return { ...map, [key]: setIn((old ?? {}) as Service, rest, value) };
  return old === undefined ? { ...map, [key]: value } : map;
}
