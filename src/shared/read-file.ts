import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import { relative } from 'node:path';
import { decodeText } from './decode-text.ts';
import { DeployError } from './errors.ts';

/** Far more than a person writes, and little enough to be parsed at once. */
const MOST_MIB = 4;
const MOST_BYTES = MOST_MIB * 1024 ** 2;

/** A file of the operator's that exists and cannot be read. */
export class UnreadableFile extends DeployError {
  /** As it follows the file's name: `is a folder`. */
  readonly problem: string;
  readonly line: number | undefined;

  constructor(
    path: string,
    problem: string,
    { line, cause }: { readonly line?: number | undefined; readonly cause?: unknown } = {},
  ) {
    const place = line === undefined ? '' : `:${line}`;
    super('CONFIG_INVALID', `${relative(process.cwd(), path) || path}${place}: ${problem}`, {
      hint: 'nothing was changed; correct the file and run again',
      cause,
    });
    this.problem = problem;
    this.line = line;
  }
}

/** Reads UTF-8 text; `undefined` if there is no such file. Throws UnreadableFile. */
export async function readText(path: string): Promise<string | undefined> {
  const bytes = await readBytes(path);
  return bytes && decodeAt(path, bytes);
}

/** Decodes what `readBytes` read. Throws UnreadableFile. */
export function decodeAt(path: string, bytes: Buffer): string {
  const decoded = decodeText(bytes);
  if ('text' in decoded) return decoded.text;
  throw new UnreadableFile(path, decoded.problem, decoded);
}

/** Reads a regular file of at most 4 MiB; `undefined` if there is no such file. Throws UnreadableFile. */
export async function readBytes(path: string): Promise<Buffer | undefined> {
  return withRegularFile(path, async (file) => {
    const { size } = await file.stat();
    if (size > MOST_BYTES)
      throw new UnreadableFile(
        path,
        `has ${(size / 1024 ** 2).toFixed(1)} MiB: at most ${MOST_MIB} are read`,
      );
    return file.readFile();
  });
}

/**
 * Opens a regular file without waiting, as a FIFO without a writer would; `undefined` if there is no such file. The
 * null device counts as an empty file. Throws UnreadableFile.
 */
export async function withRegularFile<T>(
  path: string,
  use: (file: FileHandle) => Promise<T>,
): Promise<T | undefined> {
  const explain = (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
    throw cause instanceof UnreadableFile ? cause : new UnreadableFile(path, describe(cause), { cause });
  };
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(explain);
  if (handle === undefined) return undefined;
  await using file = handle;
  const kind = await kindOf(file);
  if (kind !== undefined) throw new UnreadableFile(path, `is ${kind}: only a regular file can be read`);
  return await use(file).catch(explain);
}

/** `undefined` for what can be read to its end. */
async function kindOf(file: FileHandle): Promise<string | undefined> {
  const found = await file.stat();
  if (found.isFile()) return undefined;
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a pipe';
  const isNull = found.isCharacterDevice() && found.rdev === (await stat(devNull)).rdev;
  return isNull ? undefined : 'a device';
}

const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENXIO: 'it is a socket or a device',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ERR_INVALID_ARG_VALUE: 'its name has a NUL character',
};

function describe({ code = '', message }: NodeJS.ErrnoException): string {
  return `cannot be read: ${CAUSES[code] ?? (code || message)}`;
}
