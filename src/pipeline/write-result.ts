import { writeFile } from 'node:fs/promises';
import { DeployError, messageOf } from '../shared/errors.ts';
import { showControls } from '../shared/show-controls.ts';

/** Writes what was asked for where it was asked for. Throws USAGE where that cannot be. */
export async function writeResult(what: string, file: string, text: string): Promise<void> {
  await writeFile(file, showControls(text)).catch((error: unknown) => {
    throw new DeployError('USAGE', `${what} cannot be written: ${messageOf(error)}`, { cause: error });
  });
}
