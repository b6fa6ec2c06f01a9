import type { Labels } from './service-spec.ts';

export interface SwarmNetwork {
  readonly id: string;
  readonly name: string;
}

/** A network with what it was made with, which never changes. */
export interface LiveNetwork extends SwarmNetwork {
  readonly driver: string;
  readonly options: Labels;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly labels: Labels;
  readonly ipv6: boolean;
  /** Also what Swarm chose by itself; undefined of one that an older Waggle recorded. */
  readonly ipam: NetworkIpam | undefined;
}

/** In Docker's own names. */
export interface NetworkIpam {
  readonly Driver?: string;
  readonly Options?: Labels | null;
  readonly Config?: readonly { readonly Subnet?: string; readonly Gateway?: string }[] | null;
}

export type NewNetwork = Omit<LiveNetwork, 'id'>;
