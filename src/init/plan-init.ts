import { SECRET_PREFIX } from '../config/inputs.ts';
import { variableName } from '../shared/variable-name.ts';
import type { PlannedStack } from './plan-files.ts';
import { WORKFLOW } from './workflow.ts';

export interface InitFacts {
  /** The deploy folder from the root: deploy, deploy/staging. */
  readonly deploy: string;
  /** What the stack is called, unless the compose file has a name. */
  readonly project: string;
  readonly stack: PlannedStack;
  readonly gitignore: string;
  /** Of this Waggle: the workflow installs the same. */
  readonly version: string;
  /** cluster.env.example and registry.env.example as Waggle ships them. */
  readonly templates: Readonly<Record<string, string>>;
}

const IGNORED = [
  'deploy/**/*.env',
  'deploy/**/secrets/*',
  '!deploy/**/secrets/*.example',
  '!deploy/**/secrets/*.age',
];
/** From here on the shipped example is about the reference product. */
const PRODUCT = '# Variables of stack.yml.';

/** The files of a deploy folder for a project, by path from its root. */
export function planInit({
  deploy,
  project,
  stack,
  gitignore,
  templates,
  version,
}: InitFacts): Readonly<Record<string, string>> {
  const cluster = (templates['cluster.env.example'] ?? '').split(PRODUCT)[0] ?? '';
  const secrets = stack.secrets.map((key) => [
    `${deploy}/secrets/${key}.txt.example`,
    'put the value of this secret here\n',
  ]);
  const lines = IGNORED.filter((line) => !gitignore.split('\n').includes(line));
  return {
    ...stack.files,
    [`${deploy}/cluster.env.example`]: `${cluster.trimEnd().replace(/^STACK_NAME=.*$/m, `STACK_NAME=${stackName(stack.name ?? project)}`)}\n`,
    [`${deploy}/registry.env.example`]: templates['registry.env.example'] ?? '',
    [`${deploy}/prod.env.example`]: [
      '# Variables of stack.yml. Copy to prod.env; that file is not in git.',
      ...stack.variables.map((variable) => `${variable}=`),
      '',
    ].join('\n'),
    ...Object.fromEntries(secrets),
    '.github/workflows/deploy.yml': planWorkflow(stack.secrets, version),
    ...(lines.length > 0 && {
      '.gitignore': [gitignore.trimEnd(), ...lines, ''].filter((line, at) => at > 0 || line).join('\n'),
    }),
  };
}

const stackName = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 31) || 'stack';

/** Every secret comes from a variable of its own. */
function planWorkflow(secrets: readonly string[], version: string): string {
  const variables = secrets.map((key) => {
    const name = variableName(key);
    return `          ${SECRET_PREFIX}${name}: \${{ secrets.${name} }}\n`;
  });
  return WORKFLOW.replace('SECRETS', () => variables.join('')).replace('VERSION', version);
}
