import { deploy } from '../../pipeline/deploy.ts';
import type { Command } from '../command.ts';

export const planCommand: Command = {
  name: 'plan',
  summary: 'print what a deploy would do, and check with the cluster that it could',
  flags: { offline: 'ask nobody: no Docker, no network, no cluster' },
  run: (world, flags) => deploy(world, flags.has('offline') ? 'offline' : 'plan'),
};
