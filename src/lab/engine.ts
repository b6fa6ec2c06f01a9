import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import { localShell, type ShellOptions } from '../shared/shell.ts';

/** The Docker engine that carries the lab: the machine's own, or a private one where none runs. */
export interface Engine {
  /** undefined: whatever `docker` talks to by itself. */
  readonly socket: string | undefined;
}

const STATE = '/var/lib/waggle-lab';
const RUN = '/run/waggle-lab';
const SOCKET = `unix://${RUN}/docker.sock`;
const PID_FILE = `${RUN}/docker.pid`;

/** The engine that runs: the machine's own, else the private one; undefined when neither does. */
export async function findEngine(): Promise<Engine | undefined> {
  for (const socket of [undefined, SOCKET]) {
    if (await answers({ socket })) return { socket };
  }
  return undefined;
}

/** Finds an engine, or starts a private one. Throws one sentence that says what is missing. */
export async function ensureEngine(): Promise<Engine> {
  const running = await findEngine();
  if (running) return running;
  const isDebian = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (!isDebian)
    throw new Error('the lab needs a running Docker engine (or root on Debian or Ubuntu to install one)');
  await installEngine();
  return startPrivateEngine();
}

/** Runs `docker` against the engine; throws with its stderr when it fails. */
export async function docker(
  engine: Engine,
  argv: readonly string[],
  options: ShellOptions = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await localShell(['docker', ...argv], {
    ...options,
    env: { ...engineEnv(engine), ...options.env },
  });
  if (exitCode !== 0) throw new Error(`docker ${argv.slice(0, 3).join(' ')}: ${stderr.trim()}`);
  return stdout.trim();
}

/** Runs a shell script in which `docker` talks to the engine: for what has to flow from one command to another. */
export async function pipe(engine: Engine, script: string, ...args: readonly string[]): Promise<void> {
  const env = engineEnv(engine);
  const { exitCode, stderr } = await localShell(['sh', '-c', script, 'sh', ...args], { env });
  if (exitCode !== 0) throw new Error(`${script}: ${stderr.trim()}`);
}

export function engineEnv({ socket }: Engine): Record<string, string> {
  return socket ? { DOCKER_HOST: socket } : {};
}

/** Stops the private engine; images stay on disk, so that the next start is warm. */
export async function stopPrivateEngine({ socket }: Engine): Promise<void> {
  if (socket !== SOCKET || !existsSync(PID_FILE)) return;
  process.kill(Number(readFileSync(PID_FILE, 'utf8')), 'SIGTERM');
  await until('the private engine ends', async () => !existsSync(PID_FILE));
  await localShell(['ip', 'link', 'delete', 'docker0']);
}

/** Far beyond the worst that was seen: what takes this long does not come any more. */
const PATIENCE_S = 600;

/** Waits for a state. */
export async function until(
  what: string,
  isDone: () => Promise<boolean>,
  seconds = PATIENCE_S,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await sleep(200);
  }
}

async function answers(engine: Engine): Promise<boolean> {
  return docker(engine, ['info']).then(
    (info) => !info.includes('ERROR:'),
    () => false,
  );
}

async function installEngine(): Promise<void> {
  const wanted = [
    ['dockerd', 'docker.io'],
    ['docker', 'docker-cli'],
  ] as const;
  for (const [program, name] of wanted) {
    if ((await localShell(['which', program])).exitCode !== 0) await aptInstall(name);
  }
}

/** What is fetched from a mirror may fail once. */
export const retryFetch = <T>(fetch: () => Promise<T>): Promise<T> => pRetry(fetch, { retries: 2 });

export function aptInstall(name: string): Promise<void> {
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', name];
  return retryFetch(async () => {
    await localShell(['apt-get', 'update']);
    const { exitCode, stderr } = await localShell(install, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
    if (exitCode !== 0) throw new Error(`cannot install ${name}: ${stderr.trim()}`);
  });
}

/** One at a time; what an engine that died, or cannot be reached any more, has left is ended and removed first. */
const START = `
mkdir -p ${RUN} ${STATE}
exec 9>>${STATE}/start.lock
flock 9
docker --host ${SOCKET} version >/dev/null 2>&1 && exit
for left in '[d]ockerd --data-root ${STATE}/' '[c]ontainerd --config ${RUN}/' '[c]ontainerd-shim.* -address ${RUN}/'; do
  pkill -KILL -f -- "$left"
  while pgrep -f -- "$left" >/dev/null; do sleep 0.1; done
done
rm -rf ${PID_FILE} ${RUN}/docker.sock ${RUN}/exec/containerd
setsid dockerd --data-root ${STATE}/engine --exec-root ${RUN}/exec --host ${SOCKET} --pidfile ${PID_FILE} \
  >>${STATE}/engine.log 2>&1 </dev/null 9>&- &
`;

async function startPrivateEngine(): Promise<Engine> {
  // By stdin, so that what it looks for is not in its own command line.
  await localShell(['sh', '-s'], { input: START });
  await until('the private engine answers', () => answers({ socket: SOCKET }));
  return { socket: SOCKET };
}
