import { COMMANDS_FILE } from '../config/inputs.ts';
import { parseCommands } from '../config/parse-commands.ts';
import { Secret } from '../shared/secret.ts';
import type { Shell } from '../shared/shell.ts';
import type { Origin, Source } from './source.ts';

/** What a program prints, without the line end: `postgres_password: [op, read, "op://prod/postgres/password"]`. */
export const fromCommand: Source = {
  name: 'command',
  find({ texts, folder }, shell) {
    const file = `${folder}/${COMMANDS_FILE}`;
    const { commands, problems } = parseCommands(file, texts[COMMANDS_FILE] ?? '');
    const origins = commands.map(
      ({ key, argv }): Origin => ({
        key,
        source: 'command',
        from: `${argv[0]}, by ${COMMANDS_FILE}`,
        place: file,
        isLocal: false,
        read: () => run(argv, shell),
      }),
    );
    return { origins, problems };
  },
};

/** Run without a shell, so nothing in it is expanded. What it prints on stderr is not shown: it may hold a value. */
async function run(argv: readonly string[], shell: Shell): Promise<Secret> {
  const chunks: Buffer[] = [];
  const { exitCode } = await shell(argv, { onBytes: (chunk) => chunks.push(chunk) });
  if (exitCode !== 0)
    throw new Error(`${argv[0]} ended with status ${exitCode ?? 'unknown'}: run it in a shell to see why`);
  return new Secret(withoutLineEnd(Buffer.concat(chunks)));
}

const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];

function withoutLineEnd(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== LINE_FEED) return bytes;
  return bytes.subarray(0, bytes.at(-2) === CARRIAGE_RETURN ? -2 : -1);
}
