import { chmod, writeFile } from 'node:fs/promises';
import { DeployError, messageOf } from '../shared/errors.ts';
import { showControls } from '../shared/show-controls.ts';
import type { RunContext } from './run-context.ts';

/** Nobody else's business, also where a file of that name is there already. */
const PRIVATE = 0o600;

/** Writes what was asked for where it was asked for; what is no text as JSON. Throws USAGE where that cannot be. */
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
