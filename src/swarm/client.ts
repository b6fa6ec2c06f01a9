import type Docker from 'dockerode';
import type { AuthConfig } from 'dockerode';
import pRetry from 'p-retry';
import { registryName, registryOf } from '../shared/image-name.ts';
import type { RegistryLogin } from '../shared/registry-login.ts';
import type { Swarm } from '../shared/swarm.ts';
import { TimeLimit, unlessAborted } from '../shared/time-limit.ts';
import type { Tools } from '../shared/tools.ts';
import { ask } from './ask.ts';
import { type AuthFor, swarmChanges } from './change-swarm.ts';
import { swarmReads } from './read-swarm.ts';
import { swarmRecords } from './records.ts';

/** The registry whose images need a login, and the login. */
export interface Login {
  readonly serveraddress: string;
  readonly username: string;
  readonly password: string;
}

/** The manager's Docker API, in the operator's words when it fails. */
export function swarmClient(
  docker: Docker,
  login: Login,
  others: Tools['logins'],
  urgent: Docker = docker,
): Swarm {
  const auth: AuthConfig = { ...login };
  // A login is for one registry: for an image of any other it would be shown to a stranger.
  const authFor: AuthFor = async (image) => {
    const registry = registryOf(image);
    if (registry === registryName(login.serveraddress)) return auth;
    const other = (await others()).find((one) => one.registry === registry);
    return other && renderAuth(other);
  };
  return {
    ...swarmReads(docker),
    ...swarmChanges(docker, authFor),
    ...swarmRecords(docker),
    // A renewal of the lock waits for no other request.
    relabelRecord: swarmRecords(urgent).relabelRecord,
    async readImage(image) {
      const authconfig = await authFor(image);
      const look = () => docker.getImage(image).distribution({ ...(authconfig && { authconfig }) });
      const answer = (await askRegistry(`look up ${image} in its registry`, look)) as Distribution;
      const platforms = (answer.Platforms ?? []).filter(({ os }) => os && os !== 'unknown');
      const { digest, mediaType } = answer.Descriptor;
      // The engine reads the platform of such an image from its configuration, and keeps quiet when it does not get it.
      const isBroken = mediaType === DOCKER_MANIFEST && !answer.Platforms?.length;
      return { digest, platforms: platforms.map(describePlatform), isBroken };
    },
    async checkRegistryLogin() {
      const logIn = () => docker.checkAuth(auth);
      await askRegistry(`log in to ${login.serveraddress} as ${login.username}`, logIn);
    },
  };
}

function renderAuth({ registry, username, password, isToken }: RegistryLogin): AuthConfig {
  const text = password.revealText();
  const given = isToken ? { identitytoken: text } : { password: text };
  return { serveraddress: registry, username, ...given } as AuthConfig;
}

const RETRIES = 3;
const BOUND_MS = 30_000;

/** One that is busy or broken for a moment is asked again; one that says no is not. */
function askRegistry<T>(what: string, asking: () => Promise<T>): Promise<T> {
  return pRetry(() => ask(what, () => bounded(asking()), 'REGISTRY_REFUSED'), {
    retries: RETRIES,
    minTimeout: 500,
    shouldRetry: ({ error }) => {
      const { statusCode = 0 } = (error.cause ?? {}) as { statusCode?: number };
      return statusCode === 429 || statusCode >= 500;
    },
  });
}

/** dockerode has no limit here: a silent registry counts as a timeout of a gateway. */
async function bounded<T>(asking: Promise<T>): Promise<T> {
  using limit = new TimeLimit(BOUND_MS);
  return await unlessAborted(asking, limit.signal).catch((error) => {
    if (!limit.isOver) throw error;
    throw Object.assign(new Error(`no answer within ${BOUND_MS / 1000} s`), { statusCode: 504 });
  });
}

const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

interface Distribution {
  Descriptor: { digest: string; mediaType?: string };
  Platforms?: { os?: string; architecture?: string; variant?: string }[];
}

/** arm's variant matters, arm64's v8 does not: every arm64 is one. */
function describePlatform({
  os,
  architecture,
  variant,
}: {
  os?: string;
  architecture?: string;
  variant?: string;
}): string {
  return variant && architecture === 'arm' ? `${os}/${architecture}/${variant}` : `${os}/${architecture}`;
}
