import type { Secret } from './secret.ts';

/** A login of the user's own, for a registry that images come from besides the one that is pushed to. */
export interface RegistryLogin {
  /** As registryName gives it. */
  readonly registry: string;
  readonly username: string;
  readonly password: Secret;
  /** The password is a token of the registry's, which Docker sends in another way. */
  readonly isToken: boolean;
}
