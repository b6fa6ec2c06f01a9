import { addressOf, type Destination } from '../shared/destination.ts';
import { localShell } from '../shared/shell.ts';
import type { Host } from '../shared/tools.ts';
import type { SshTarget } from '../ssh/connect-to-any.ts';
import { SshSession } from '../ssh/session.ts';
import { nodeContainers } from '../swarm/containers.ts';
import { type DockerConnection, dockerOver } from '../swarm/docker-over-ssh.ts';

/** One connection, with the Docker API in it. */
export interface Node extends Pick<DockerConnection, 'docker' | 'urgent'> {
  readonly session: SshSession;
  /** The node that it leads to. */
  host(destination: Destination): Host;
}

/** Connections that are made when they are first used, and closed together. */
export function openNodes(): { open(target: SshTarget): Node; close(): Promise<void> } {
  const closing: (() => Promise<void>)[] = [];
  return {
    open(target) {
      const session = new SshSession(target, localShell);
      const { docker, urgent, close } = dockerOver(session);
      closing.push(async () => {
        close();
        await session[Symbol.asyncDispose]();
      });
      const containers = nodeContainers(docker);
      const host = (destination: Destination) => ({
        name: destination.name,
        address: addressOf(destination),
        remote: session,
        open: () => session.open(),
        containers,
      });
      return { session, docker, urgent, host };
    },
    async close() {
      await Promise.all(closing.map((one) => one()));
    },
  };
}
