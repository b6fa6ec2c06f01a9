import type { Engine } from './engine.ts';
import type { Machine } from './machine.ts';

export const REGISTRY = {
  host: 'registry.lab:5000',
  username: 'lab',
  password: 'lab-registry-password',
} as const;

/** How the operators reach a manager. */
export const MANAGER = {
  DEPLOY_MANAGER_HOST: 'bastion.lab',
  DEPLOY_MANAGER_USER: 'deploy',
  DEPLOY_MANAGER_SSH_PORT: '2201',
} as const;

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
