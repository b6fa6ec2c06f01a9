import { deploy } from '../../pipeline/deploy.ts';
import type { Command } from '../command.ts';

export const deployCommand: Command = {
  name: 'deploy',
  summary: 'bring the Swarm to the version in this checkout; DRY_RUN=1 only prints the plan',
  flags: {},
  run: (world) => deploy(world, isDryRun(world.environment) ? 'offline' : 'deploy'),
};

/** Also a switch in cluster.env; asked here too because a dry run must not even copy an example file. */
function isDryRun({ DRY_RUN = '' }: Readonly<Record<string, string>>): boolean {
  return DRY_RUN === '1' || DRY_RUN === 'true';
}
