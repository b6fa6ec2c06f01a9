import type { Place } from '../config/group-findings.ts';
import type { Release } from '../plan/release/release.ts';
import type { SwarmNode } from '../shared/swarm.ts';
import type { Host, Tools } from '../shared/tools.ts';

/** One thing that a doctor looks at. It changes nothing. */
export interface Checkup {
  readonly name: string;
  /** Every finding; a list without problems says what is fine. An error that it throws is a problem, too. */
  look(context: DoctorContext): Promise<readonly Finding[]>;
}

export interface Finding {
  /** `problem`: a deploy will fail or be unsafe. `warning`: one day it may. */
  readonly state: 'fine' | 'warning' | 'problem';
  readonly said: string;
  /** What to do about it. */
  readonly todo?: string;
  /** The rule that found it in the files, and every place. */
  readonly rule?: string;
  readonly places?: readonly Place[];
}

export interface DoctorContext {
  readonly release: Release;
  readonly nodes: readonly SwarmNode[];
  readonly tools: Pick<Tools, 'swarm' | 'logins' | 'local'>;
  /** Every manager of DEPLOY_MANAGER_HOST that is reached over SSH. */
  readonly hosts: readonly Host[];
}

export const fine = (said: string): Finding => ({ state: 'fine', said });
export const warning = (said: string, todo: string): Finding => ({ state: 'warning', said, todo });
export const problem = (said: string, todo: string): Finding => ({ state: 'problem', said, todo });

/** Asks the same of every host that is reached; says which one when something is found. */
export async function onEachHost(
  hosts: readonly Host[],
  look: (host: Host) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const found = await Promise.all(
    hosts.map(async (host) =>
      (await look(host)).map((finding) => ({ ...finding, said: `${host.name}: ${finding.said}` })),
    ),
  );
  return found.flat();
}
