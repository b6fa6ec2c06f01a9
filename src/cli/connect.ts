import type { Release } from '../plan/release.ts';
import type { Log } from '../shared/log.ts';
import { createMask } from '../shared/mask.ts';
import { localShell } from '../shared/shell.ts';
import type { Tools } from '../shared/tools.ts';
import { SshSession } from '../ssh/session.ts';
import { swarmClient } from '../swarm/client.ts';
import { dockerOver } from '../swarm/docker-over-ssh.ts';

/** The tools of a run: one SSH session, the Docker API within it, and a mask for all secrets of the release. */
export async function connectTools(
  release: Release,
  log: Log,
  signal: AbortSignal,
): Promise<Tools & AsyncDisposable> {
  const { settings, registry } = release;
  const session = new SshSession({
    host: { name: settings.DEPLOY_MANAGER_HOST, port: settings.DEPLOY_MANAGER_SSH_PORT },
    user: settings.DEPLOY_MANAGER_USER,
    keyPath: settings.DEPLOY_SSH_KEY,
    hostKey: settings.DEPLOY_SSH_HOST_KEY,
  });
  const { docker, close } = dockerOver((path) => session.openSocket(path));
  const login = {
    serveraddress: registry.host,
    username: registry.username,
    password: registry.token.revealText(),
  };
  await session.open();
  return {
    swarm: swarmClient(docker, login),
    remote: session,
    local: localShell,
    log,
    mask: createMask([
      registry.token,
      ...Object.values(release.sensitive),
      ...release.secrets.map(({ value }) => value),
    ]),
    signal,
    async [Symbol.asyncDispose]() {
      close();
      await session[Symbol.asyncDispose]();
    },
  };
}
