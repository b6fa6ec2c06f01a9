import type { World } from '../pipeline/deploy.ts';

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Flags it takes, all of them switches. */
  readonly flags: Readonly<Record<string, string>>;
  run(world: World, flags: ReadonlySet<string>): Promise<void>;
}
