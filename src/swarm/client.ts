import type Docker from 'dockerode';
import type { AuthConfig } from 'dockerode';
import type { Swarm } from '../shared/swarm.ts';
import { ask } from './ask.ts';
import { swarmChanges } from './change-swarm.ts';
import { swarmReads } from './read-swarm.ts';

/** The registry whose images need a login, and the login. */
export interface Login {
  readonly serveraddress: string;
  readonly username: string;
  readonly password: string;
}

/** The manager's Docker API, in the operator's words when it fails. */
export function swarmClient(docker: Docker, login: Login): Swarm {
  const auth: AuthConfig = { ...login };
  // The login is for one registry: for an image of any other it would be shown to a stranger.
  const authFor = (image: string) => (image.startsWith(`${login.serveraddress}/`) ? auth : undefined);
  return {
    ...swarmReads(docker),
    ...swarmChanges(docker, authFor),
    async readDigest(image) {
      const authconfig = authFor(image);
      const asking = docker.getImage(image).distribution({ ...(authconfig && { authconfig }) });
      const answer = await ask(`look up ${image} in its registry`, asking, 'REGISTRY_REFUSED');
      return (answer as { Descriptor: { digest: string } }).Descriptor.digest;
    },
    async checkRegistryLogin() {
      await ask(
        `log in to ${login.serveraddress} as ${login.username}`,
        docker.checkAuth(auth),
        'REGISTRY_REFUSED',
      );
    },
  };
}
