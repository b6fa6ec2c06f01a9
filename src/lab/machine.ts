import { randomUUID } from 'node:crypto';
import { localShell } from '../shared/shell.ts';
import { type Engine, engineEnv, pipe } from './engine.ts';

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly user?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Called with everything that the command prints, as it comes. */
  readonly onOutput?: (text: string) => void;
}

const WRITE_FILE = `
folder=$(dirname "$1")
highest=$folder
while [ ! -e "$(dirname "$highest")" ]; do highest=$(dirname "$highest"); done
[ -e "$folder" ] || { mkdir -p "$folder" && chown -R "$3" "$highest"; }
cat >"$1" && chmod "$2" "$1" && chown "$3" "$1"
`;

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

export interface RunningCommand {
  readonly output: Promise<Output>;
  /** Signals the command itself, inside its container. */
  kill(signal: Signal): Promise<void>;
}

/** One container of the lab, used as if it were a host. */
export class Machine {
  readonly name: string;
  readonly container: string;
  readonly #engine: Engine;

  constructor(engine: Engine, lab: string, name: string) {
    this.#engine = engine;
    this.name = name;
    this.container = `waggle-${lab}-${name}`;
  }

  /** Never throws for a non-zero code. */
  async exec(
    argv: readonly string[],
    { user, cwd, env = {}, input, onOutput }: ExecOptions = {},
  ): Promise<Output> {
    const variables = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    const where = [
      ...(user ? ['--user', user, '--env', `HOME=/home/${user}`] : []),
      ...(cwd ? ['--workdir', cwd] : []),
    ];
    const result = await localShell(
      ['docker', 'exec', '-i', ...where, ...variables, this.container, ...argv],
      {
        env: engineEnv(this.#engine),
        ...(input !== undefined && { input }),
        ...(onOutput && { onOutput }),
      },
    );
    return { code: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
  }

  /** stdout; throws with stderr for a non-zero code. */
  async run(argv: readonly string[], options: ExecOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.exec(argv, options);
    if (code !== 0)
      throw new Error(`${this.name}: ${argv.join(' ').slice(0, 200)}: exit ${code}: ${stderr || stdout}`);
    return stdout.trim();
  }

  /** `docker exec` forwards no signals, so the command leaves its process id behind for `kill`. */
  start(argv: readonly string[], options: ExecOptions = {}): RunningCommand {
    const pidFile = `/tmp/pid-${randomUUID()}`;
    const output = this.exec(['sh', '-c', `echo $$ >${pidFile}; exec "$@"`, 'sh', ...argv], options);
    return {
      output,
      kill: async (signal) => {
        await this.run(['sh', '-c', `kill -${signal.slice(3)} "$(cat ${pidFile})"`]);
      },
    };
  }

  /** The owner also gets the folders that this creates, so that they can remove the file. */
  async writeFile(path: string, content: string, { mode = '644', owner = 'root' } = {}): Promise<void> {
    await this.run(['sh', '-c', WRITE_FILE, 'sh', path, mode, owner], { input: content });
  }

  /** Copies a folder of this machine and replaces the content of `path`; `keep` is a test of `find` for files that stay. */
  async copyIn(
    folder: string,
    path: string,
    owner: string,
    exclude: readonly string[] = [],
    keep = '-name ""',
  ): Promise<void> {
    const skip = exclude.map((name) => `--exclude='${name.replaceAll("'", "'\\''")}'`);
    // The folder itself stays, so that a shell open in it has a working directory.
    const empty = `find ${path} -mindepth 1 ! -type d ! \\( ${keep} \\) -delete && find ${path} -mindepth 1 -type d -empty -delete`;
    const unpack = `mkdir -p ${path} && ${empty} && tar -x -C ${path} && chown -R ${owner} ${path} && chmod 755 ${path}`;
    const pack = `tar -c -C "$1" ${skip.join(' ')} .`;
    await pipe(this.#engine, `${pack} | docker exec -i ${this.container} sh -c '${unpack}'`, folder);
  }
}
