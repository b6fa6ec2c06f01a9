import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Runs the real clients on generated files; `config` of both needs no engine. */

export type Texts = Readonly<Record<string, string>>;

/** Paths from the deploy folder -> texts, and how a client is to read them. */
export interface Asked {
  readonly texts: Texts;
  readonly argv: readonly string[];
  readonly env: Texts;
}

/** What a client printed, or why it refused. */
export type Answer = { readonly printed: string } | { readonly refused: string };

const INSTALL =
  'this proof needs docker compose: set WAGGLE_COMPOSE to the path of a docker-compose program, or install the plugin (the package docker-compose or docker-compose-plugin of your distribution)';

/** The command that runs compose. Throws with how to install it. */
export async function findCompose(): Promise<readonly string[]> {
  const { WAGGLE_COMPOSE } = process.env;
  const command = WAGGLE_COMPOSE ? [WAGGLE_COMPOSE] : ['docker', 'compose'];
  const answer = await run([...command, 'version'], '.', {});
  if ('refused' in answer) throw new Error(`${command.join(' ')}: ${answer.refused.trim()}\n${INSTALL}`);
  console.log(`figure: ${answer.printed.trim()}`);
  return command;
}

/** The answers of a client, two at a time. */
export async function askAll(
  command: readonly string[],
  asked: readonly Asked[],
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const root = mkdtempSync(join(tmpdir(), 'oracle-'));
  const waiting = [...asked.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [at, { texts, argv, env }] = next;
      const deploy = join(root, String(at), 'deploy');
      writeAll(deploy, texts);
      const answer = await run([...command, ...argv], deploy, env);
      answers[at] = replaceRoot(answer, join(root, String(at)));
      rmSync(join(root, String(at)), { recursive: true });
    }
  };
  await Promise.all([work(), work()]);
  rmSync(root, { recursive: true });
  return answers;
}

/** The folder that generated projects seem to be in. */
export const PROJECT = '/project';

const replaceRoot = (answer: Answer, root: string): Answer =>
  'printed' in answer
    ? { printed: answer.printed.replaceAll(root, PROJECT) }
    : { refused: answer.refused.replaceAll(root, PROJECT) };

function writeAll(folder: string, texts: Texts): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

function run([program = '', ...argv]: readonly string[], cwd: string, env: Texts): Promise<Answer> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((done) =>
    execFile(program, argv, { cwd, env: { PATH, HOME, ...env } }, (error, stdout, stderr) =>
      done(error ? { refused: stderr || String(error) } : { printed: stdout }),
    ),
  );
}
