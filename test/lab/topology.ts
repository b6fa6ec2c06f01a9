import type { Engine } from './engine.ts';
import type { Machine } from './machine.ts';

export const REGISTRY = {
  host: 'registry.lab:5000',
  username: 'lab',
  password: 'lab-registry-password',
} as const;

/** A three-manager Swarm with its registry, its bastion, and a workstation to deploy from. */
export interface Lab {
  readonly name: string;
  readonly engine: Engine;
  readonly managers: readonly [Machine, Machine, Machine];
  readonly workstation: Machine;
  readonly bastion: Machine;
  readonly registry: Machine;
}

export const labName = () => process.env.WAGGLE_LAB ?? 'default';
