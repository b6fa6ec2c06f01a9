/**
 * Where `docker stack deploy` turns the text of a substituted variable into a number or a boolean
 * (docker/cli, cli/compose/loader/interpolate.go). `*` stands for one key or one list index.
 */
const NUMBERS = [
  'services.*.deploy.replicas',
  'services.*.deploy.update_config.parallelism',
  'services.*.deploy.update_config.max_failure_ratio',
  'services.*.deploy.rollback_config.parallelism',
  'services.*.deploy.rollback_config.max_failure_ratio',
  'services.*.deploy.restart_policy.max_attempts',
  'services.*.deploy.placement.max_replicas_per_node',
  'services.*.healthcheck.retries',
  'services.*.ports.*.target',
  'services.*.ports.*.published',
  'services.*.secrets.*.mode',
  'services.*.configs.*.mode',
  'services.*.ulimits.*',
  'services.*.ulimits.*.hard',
  'services.*.ulimits.*.soft',
];
const BOOLEANS = [
  'services.*.healthcheck.disable',
  'services.*.init',
  'services.*.read_only',
  'services.*.stdin_open',
  'services.*.tty',
  'services.*.volumes.*.read_only',
  'services.*.volumes.*.volume.nocopy',
  'networks.*.external',
  'networks.*.internal',
  'networks.*.attachable',
  'volumes.*.external',
  'secrets.*.external',
  'configs.*.external',
];

const toNumber = (text: string) => (/^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text);
const toBoolean = (text: string) =>
  /^(true|false)$/i.test(text.trim()) ? /^true$/i.test(text.trim()) : text;

/** Returns the document with numbers and booleans where Docker wants them; other text is left for it to judge. */
export function castTypes<T>(document: T): T {
  const numbers = NUMBERS.map((path) => path.split('.'));
  const booleans = BOOLEANS.map((path) => path.split('.'));
  return cast(document, [], (path, text) => {
    if (numbers.some((pattern) => matches(pattern, path))) return toNumber(text);
    return booleans.some((pattern) => matches(pattern, path)) ? toBoolean(text) : text;
  }) as T;
}

function cast(
  value: unknown,
  path: readonly string[],
  castText: (path: readonly string[], text: string) => unknown,
): unknown {
  if (typeof value === 'string') return castText(path, value);
  if (Array.isArray(value))
    return value.map((entry, index) => cast(entry, [...path, String(index)], castText));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, cast(entry, [...path, key], castText)]);
  return Object.fromEntries(entries);
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return (
    pattern.length === path.length && pattern.every((part, index) => part === '*' || part === path[index])
  );
}
