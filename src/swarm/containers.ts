import type { Duplex, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import type { Containers, Streams } from '../shared/tools.ts';
import { ask, undefinedIfMissing } from './ask.ts';
import { withQuery } from './request.ts';
import type { ApiNode } from './views.ts';

export function nodeContainers(docker: Docker): Containers {
  return {
    async readNodeId() {
      const { Swarm } = await ask('read the engine', () => docker.info());
      return Swarm.NodeID ?? '';
    },
    async readMembership() {
      const { Swarm } = await ask('read the engine', () => docker.info());
      if (!Swarm.ControlAvailable) return { cluster: '', leader: '' };
      const nodes = (await ask('list the nodes', () => docker.listNodes() as Promise<unknown>)) as ApiNode[];
      const leader = nodes.find(({ ManagerStatus }) => ManagerStatus?.Leader)?.Description.Hostname ?? '';
      return { cluster: Swarm.Cluster?.ID ?? '', leader };
    },
    async readEnding(containerId) {
      const container = await ask('read a container', () =>
        docker.getContainer(containerId).inspect().catch(undefinedIfMissing),
      );
      const { OOMKilled, Health } = container?.State ?? {};
      const answers = Health?.Log ?? [];
      return {
        isOutOfMemory: OOMKilled,
        answers: answers.map(({ ExitCode, Output }) => ({ exitCode: ExitCode, output: Output.trim() })),
      };
    },
    async exec(containerId, command, streams) {
      const Tty = streams.input.isTTY === true && streams.output.isTTY === true;
      const attached = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
      const exec = await ask('run a program in a container', () =>
        docker.getContainer(containerId).exec({ ...attached, Cmd: [...command], Tty }),
      );
      const stream = await ask('run a program in a container', () =>
        exec.start({ hijack: true, stdin: true, Tty }),
      );
      await (Tty ? joinTerminal(exec, stream, streams) : joinStreams(docker, stream, streams));
      const { ExitCode } = await ask('read how a program ended', () => exec.inspect());
      return ExitCode ?? 0;
    },
  };
}

async function joinStreams(
  docker: Docker,
  stream: Duplex,
  { input, output, errors }: Streams,
): Promise<void> {
  docker.modem.demuxStream(stream, output, errors);
  input.pipe(stream);
  await over(stream, input);
}

/** Every key goes to the program, Ctrl-C too, and it knows how large the terminal is. */
async function joinTerminal(exec: Docker.Exec, stream: Duplex, { input, output }: Streams): Promise<void> {
  const resize = () => void exec.resize(withQuery({ h: output.rows, w: output.columns })).catch(() => {});
  output.on('resize', resize);
  resize();
  input.setRawMode?.(true);
  try {
    stream.pipe(output, { end: false });
    input.pipe(stream);
    await over(stream, input);
  } finally {
    input.setRawMode?.(false);
    output.off('resize', resize);
  }
}

/** The program has ended when its output has; later input has no reader. */
async function over(stream: Duplex, input: Readable): Promise<void> {
  try {
    await finished(stream, { writable: false });
  } finally {
    input.unpipe(stream);
    input.pause();
  }
}
