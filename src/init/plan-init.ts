import { LONGEST_STACK_NAME } from '../config/settings.ts';
import { planWorkflow, type WorkflowFacts } from './plan-workflow.ts';

export interface InitFacts extends WorkflowFacts {
  /** The deploy folder from the root: deploy, deploy/staging. */
  readonly deploy: string;
  /** What the stack is called. */
  readonly name: string;
  readonly gitignore: string;
  /** The checkout is of GitHub, and this is its first environment. */
  readonly hasWorkflow: boolean;
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
export function planInit(facts: InitFacts): Readonly<Record<string, string>> {
  const { deploy, name, stack, gitignore, hasWorkflow, templates } = facts;
  const set = {
    STACK_NAME: stackName(name),
    STACK_FILES: stack.stackFiles.length > 1 ? stack.stackFiles.join(':') : '',
  };
  const cluster = Object.entries(set).reduce(
    (text, [key, value]) => text.replace(new RegExp(`^${key}=.*$`, 'm'), `${key}=${value}`),
    (templates['cluster.env.example'] ?? '').split(PRODUCT)[0] ?? '',
  );
  const secrets = stack.secrets.map((key) => [
    `${deploy}/secrets/${key}.txt.example`,
    'put the value of this secret here\n',
  ]);
  const lines = IGNORED.filter((line) => !gitignore.split('\n').includes(line));
  return {
    ...stack.files,
    [`${deploy}/cluster.env.example`]: `${cluster.trimEnd()}\n`,
    [`${deploy}/registry.env.example`]: templates['registry.env.example'] ?? '',
    [`${deploy}/prod.env.example`]: [
      '# Variables of stack.yml. Copy to prod.env; that file is not in git.',
      ...stack.variables.map((variable) => `${variable}=`),
      '',
    ].join('\n'),
    ...Object.fromEntries(secrets),
    ...(hasWorkflow && { '.github/workflows/deploy.yml': planWorkflow(facts) }),
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
    .slice(0, LONGEST_STACK_NAME) || 'stack';
