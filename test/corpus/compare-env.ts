import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { parseEnv } from '../../src/config/parse-env.ts';
import { planned } from '../fakes/inputs.ts';
import type { Answer, Asked, Texts } from './ask-compose.ts';
import { ENV_DIFFERENCES, isExplained, seen } from './compose-differences.ts';
import { NAMES } from './generate-env.ts';

/** The three ways in which Waggle reads an env file, each with the client that it is compared with. */

/** The variables that a reader found, or why it refuses the file. */
export type Reading = { readonly values: Texts } | { readonly refused: readonly string[] };

export interface Way {
  readonly id: 'env_file' | 'prod.env' | 'include';
  readonly client: 'stack' | 'compose';
  ask(text: string): Asked;
  /** What the client's answer says about the variables. */
  read(answer: Answer): Reading;
  waggle(text: string): Reading;
}

const ENV = { SET: 'from the environment' };
const LISTED = `environment: [${[...NAMES, 'SET', 'UNSET'].join(', ')}]`;
const CONFIG = ['config', '--format', 'json'];
const SERVICE = (keys: string) => `services:\n  a: { image: x, ${keys} }\n`;

/** What the service `a` has in its environment. */
function plan(texts: Texts, files: Texts): Reading {
  try {
    const { document } = planned({ environment: ENV }, texts, { objects: {}, texts: files }).release();
    return { values: valuesOf(document.services?.a?.environment) };
  } catch (error) {
    return { refused: (error as { details?: readonly string[] }).details ?? [`BUG ${String(error)}`] };
  }
}

/** A name alone is a variable that nothing sets. */
function valuesOf(environment: unknown): Texts {
  const entries = Object.entries((environment ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (value === null ? [] : [[key, String(value)]])),
  );
}

/** compose writes `$$` for a dollar. */
function readCompose(answer: Answer): Reading {
  if ('refused' in answer) return { refused: [answer.refused] };
  const { services } = JSON.parse(answer.printed.replaceAll('$$', '$')) as Services;
  return { values: valuesOf(services.a?.environment) };
}

/** Docker's printer indents what follows a character that it takes for a line end. */
const INDENTED = /([\u2028\u0085]) {8}/g;

function readStack(answer: Answer): Reading {
  if ('refused' in answer) return { refused: [answer.refused] };
  const { services } = parse(answer.printed.replaceAll(INDENTED, '$1'), { version: '1.1' }) as Services;
  return { values: valuesOf(services.a?.environment) };
}

interface Services {
  readonly services: Readonly<Record<string, { readonly environment?: unknown } | undefined>>;
}

export const WAYS: readonly Way[] = [
  {
    id: 'env_file',
    client: 'stack',
    ask: (text) => ({
      texts: { 'stack.yml': SERVICE('env_file: x.env'), 'x.env': text },
      argv: ['stack', 'config', '-c', 'stack.yml'],
      env: ENV,
    }),
    read: readStack,
    waggle: (text) => plan({ 'stack.yml': SERVICE('env_file: x.env') }, { 'x.env': text }),
  },
  {
    id: 'prod.env',
    client: 'compose',
    ask: (text) => ({
      texts: { 'stack.yml': SERVICE(LISTED), 'prod.env': text },
      argv: ['-f', 'stack.yml', '--env-file', 'prod.env', ...CONFIG],
      env: ENV,
    }),
    read: readCompose,
    waggle: (text) => {
      const { values, problems } = parseEnv('prod.env', text);
      if (problems.length > 0) return { refused: problems.map(({ message }) => message) };
      const listed = Object.entries(values).filter(([key]) => NAMES.includes(key));
      return { values: { ...Object.fromEntries(listed), ...ENV } };
    },
  },
  {
    id: 'include',
    client: 'compose',
    ask: (text) => ({
      texts: {
        'stack.yml': 'include: [{ path: inner.yml, env_file: x.env }]\nservices: { b: { image: x } }\n',
        'inner.yml': SERVICE(LISTED),
        'x.env': text,
      },
      argv: ['-f', 'stack.yml', ...CONFIG],
      env: ENV,
    }),
    read: readCompose,
    waggle: (text) =>
      plan(
        {
          'stack.yml': 'include: [{ path: inner.yml, env_file: x.env }]\nservices: { b: { image: x } }\n',
          'inner.yml': SERVICE(LISTED),
          'x.env': text,
        },
        {},
      ),
  },
];

/** What is wrong with two readings of a file; `undefined` if they agree or the difference is documented. */
export function judgeReadings(
  way: Way['id'],
  text: string,
  waggle: Reading,
  client: Reading,
): string | undefined {
  if ('refused' in waggle) {
    if ('refused' in client) return undefined;
    const open = waggle.refused.filter((said) => !isExplained(ENV_DIFFERENCES, 'refused', said));
    return open.length > 0 ? `only Waggle refuses it: ${open.join('; ')}` : undefined;
  }
  if ('refused' in client && !text.includes('`'))
    return `only the client refuses it: ${client.refused.join('; ')}`;
  if ('refused' in client || isDeepStrictEqual(waggle.values, client.values)) return undefined;
  const plain = (values: Texts) => (way === 'env_file' ? values : withoutDocumented(text, values));
  return isDeepStrictEqual(plain(waggle.values), plain(client.values))
    ? undefined
    : `Waggle reads ${JSON.stringify(waggle.values)}, the client ${JSON.stringify(client.values)}`;
}

/** The values without those in backticks, and with `\n` between lines. */
function withoutDocumented(text: string, values: Texts): Texts {
  const ticked = [...text.matchAll(BACKTICKS)].map(([, name = '']) => name);
  const entries = Object.entries(values).filter(([name]) => !ticked.includes(name));
  if (ticked.length > 0) seen.add('backticks');
  if (entries.some(([, value]) => value.includes('\r\n'))) seen.add('windows-lines');
  return Object.fromEntries(entries.map(([name, value]) => [name, value.replaceAll('\r\n', '\n')]));
}

const BACKTICKS = /([\w.-]+)\s*=[^\S\n]*`/g;
