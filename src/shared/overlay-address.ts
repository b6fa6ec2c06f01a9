/** Where the tasks of an overlay network reach one of them. */
export interface OverlayAddress {
  /** As Swarm names it: shop_default. */
  readonly network: string;
  /** Without the length of its network: 10.0.1.4. */
  readonly address: string;
  readonly isEncrypted: boolean;
}
