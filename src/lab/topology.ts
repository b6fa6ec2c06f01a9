import type { Engine } from './engine.ts';
import type { Machine } from './machine.ts';

export const REGISTRY = {
  host: 'registry.lab:5000',
  username: 'lab',
  password: 'lab-registry-password',
} as const;

/** What the registry holds from the start; a node can pull nothing else but what you push. */
export const STAND_INS = ['library/redis:7', 'library/dozzle:8'] as const;

/** What the bastion passes on: its port, and the published port of a node. */
export const PORTS = { 8080: 80, 8081: 3000 } as const;

/** How the operators reach a manager. */
export const MANAGER = {
  DEPLOY_MANAGER_HOST: 'bastion.lab',
  DEPLOY_MANAGER_USER: 'deploy',
  DEPLOY_MANAGER_SSH_PORT: '2201',
} as const;

/** The bastion's way to each manager: a command that needs a certain node finds it there. */
export const ALL_MANAGERS = [2201, 2202, 2203].map((port) => `bastion.lab:${port}`).join(',');

/** A three-manager Swarm with its registry, its bastion, and two machines to deploy from. */
export interface Lab {
  readonly name: string;
  readonly engine: Engine;
  readonly managers: readonly [Machine, Machine, Machine];
  readonly workstation: Machine;
  /** Another operator's: it has no Docker. */
  readonly laptop: Machine;
  readonly bastion: Machine;
  readonly registry: Machine;
}
