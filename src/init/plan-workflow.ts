import { posix } from 'node:path';
import { SECRET_PREFIX } from '../config/inputs.ts';
import { isSensitive } from '../shared/is-sensitive.ts';
import { variableName } from '../shared/variable-name.ts';
import type { PlannedStack } from './plan-files.ts';
import { WORKFLOW } from './workflow.ts';

export interface WorkflowFacts {
  readonly stack: PlannedStack;
  /** Files that git has, from the root. */
  readonly tracked: readonly string[];
  /** Of this Waggle: the workflow installs the same. */
  readonly version: string;
}

/** Values that GitHub has: each variable of the stack, each secret, and each file that is not in git. */
export function planWorkflow({ stack, tracked, version }: WorkflowFacts): string {
  const isSecret = (name: string) => isSensitive(name);
  const files = stack.read.filter((file) => !tracked.includes(file));
  const variables = [
    ...stack.variables.map((name) => line(name, isSecret(name) ? 'secrets' : 'vars', name)),
    ...stack.secrets.map((key) => line(SECRET_PREFIX + variableName(key), 'secrets', variableName(key))),
  ];
  const listed = (names: readonly string[]) => names.map((name) => `, ${name}`).join('');
  return WORKFLOW.replace('# VALUES\n', () => variables.join(''))
    .replace('# FILES\n', () => renderFiles(files))
    .replace('MORE_VARIABLES', () => listed(stack.variables.filter((name) => !isSecret(name))))
    .replace('MORE_SECRETS', () =>
      listed([
        ...stack.variables.filter(isSecret),
        ...stack.secrets.map(variableName),
        ...files.map(fileVariable),
      ]),
    )
    .replace('VERSION', version);
}

const line = (name: string, from: 'vars' | 'secrets', key: string) =>
  `          ${name}: \${{ ${from}.${key} }}\n`;

/** `.envs/.django` as FILE_ENVS_DJANGO. */
const fileVariable = (file: string) => `FILE_${variableName(file).replaceAll(/_+/g, '_').replace(/^_/, '')}`;

function renderFiles(files: readonly string[]): string {
  if (files.length === 0) return '';
  const write = (file: string) =>
    `          mkdir -p ${quote(posix.dirname(file))}\n          printf '%s\\n' "$${fileVariable(file)}" >${quote(file)}\n`;
  return [
    '      - name: files that are not in git\n        env:\n',
    ...files.map((file) => line(fileVariable(file), 'secrets', fileVariable(file))),
    '        run: |\n',
    ...files.map(write),
  ].join('');
}

const quote = (path: string) => `'${path.replaceAll("'", String.raw`'\''`)}'`;
