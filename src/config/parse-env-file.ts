import type { EnvFile } from './parse-env.ts';
import type { Problem } from './problem.ts';

/** What Go takes for blanks: with U+0085, without a byte order mark. */
const BLANKS = /^(?:[^\S\uFEFF]|\u0085)+/;

/**
 * An `env_file:` as `docker stack deploy` reads it (docker/cli, opts/envfile.go): values are raw, with their quotes and
 * what follows a `#`. `lookup` gives the value of a name that stands alone; one that nothing sets is left out.
 */
export function parseEnvFile(
  file: string,
  text: string,
  lookup: (name: string) => string | undefined,
): EnvFile {
  const values: Record<string, string> = {};
  const lines: Record<string, number> = {};
  const problems: Problem[] = [];
  for (const [index, whole] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = whole.replace(/\r$/, '').replace(BLANKS, '');
    if (line === '' || line.startsWith('#')) continue;
    const end = line.indexOf('=');
    const name = end < 0 ? line : line.slice(0, end);
    if (name === '' || /\s/.test(name)) {
      const message = `${name === '' ? 'has no name' : `has a blank in the name "${name}"`}: write NAME=value`;
      problems.push({ file, line: index + 1, message });
      continue;
    }
    const value = end < 0 ? lookup(name) : line.slice(end + 1);
    if (value === undefined) continue;
    values[name] = value;
    lines[name] = index + 1;
  }
  return { file, values, lines, problems };
}
