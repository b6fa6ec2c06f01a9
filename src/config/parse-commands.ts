import { isMap, LineCounter, parseDocument } from 'yaml';
import { JUDGED, judgeYaml } from './judge-yaml.ts';
import type { Problem } from './problem.ts';

/** A program that prints a secret's value, and its arguments. */
export interface SecretCommand {
  readonly key: string;
  readonly argv: readonly [string, ...string[]];
}

export interface ParsedCommands {
  readonly commands: readonly SecretCommand[];
  readonly problems: readonly Problem[];
}

/** Parses secret-commands.yml: `postgres_password: [op, read, "op://prod/postgres/password"]`. */
export function parseCommands(file: string, text: string): ParsedCommands {
  const lineCounter = new LineCounter();
  // Without the library's excerpts: an argument may be a secret.
  const yaml = parseDocument(text, { ...JUDGED, lineCounter });
  const problemAt = (offset: number, message: string): Problem => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line, column: col, message };
  };
  const broken = judgeYaml(yaml, text).map(({ offset, message }) => problemAt(offset, message));
  if (broken.length > 0 || yaml.contents === null) return { commands: [], problems: broken };
  if (!isMap(yaml.contents))
    return { commands: [], problems: [problemAt(0, 'must be a map of secrets and their commands')] };
  const commands: SecretCommand[] = [];
  const problems: Problem[] = [];
  for (const { key, value } of yaml.contents.items) {
    const name = String(key);
    const argv: unknown = (value as { toJS?: (of: unknown) => unknown } | null)?.toJS?.(yaml);
    if (isArgv(argv)) commands.push({ key: name, argv });
    else
      problems.push(
        problemAt(offsetOf(key), `${name} must be a list: the program, then its arguments, all of them text`),
      );
  }
  return { commands, problems };
}

const offsetOf = (key: unknown) => (key as { range?: readonly number[] }).range?.[0] ?? 0;

function isArgv(value: unknown): value is readonly [string, ...string[]] {
  return Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === 'string');
}
