import { chmod, writeFile } from 'node:fs/promises';
import { DeployError, messageOf } from '../shared/errors.ts';
import { showControls } from '../shared/show-controls.ts';
import type { RunContext } from './run-context.ts';

/** Nobody else's business, also where a file of that name is there already. */
const PRIVATE = 0o600;

/** Writes the result to the given file; objects as JSON. Throws USAGE if that is not possible. */
export async function writeResult(
  { secrecy }: Pick<RunContext, 'secrecy'>,
  what: string,
  file: string,
  result: string | object,
): Promise<void> {
  try {
    await writeFile(file, showControls(secrecy.render(result)), { mode: PRIVATE });
    await chmod(file, PRIVATE);
  } catch (error) {
    throw new DeployError('USAGE', `${what} cannot be written: ${messageOf(error)}`, { cause: error });
  }
}
