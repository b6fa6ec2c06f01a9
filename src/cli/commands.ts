import type { Command } from './command.ts';
import { deployCommand } from './commands/deploy.ts';
import { planCommand } from './commands/plan.ts';

export const commands: readonly Command[] = [deployCommand, planCommand];

export function renderHelp(): string {
  const listed = commands.flatMap(({ name, summary, flags }) => [
    `  ${name.padEnd(8)} ${summary}`,
    ...Object.entries(flags).map(([flag, meaning]) => `           --${flag}: ${meaning}`),
  ]);
  return [
    'waggle: deploy a Docker Swarm stack, and know that it worked',
    '',
    'usage: waggle <command>, in a checkout with a deploy/ folder',
    '',
    ...listed,
    '',
    '  --help, --version, --json (one event a line)',
    '',
    'variables: DRY_RUN, SKIP_BUILD, SKIP_HEALTHCHECK, DEPLOY_TAG, PUSH_LATEST_TAG, SECRET_KEEP_VERSIONS',
    'and every other key of deploy/cluster.env; DEPLOYING.md explains them',
  ].join('\n');
}
