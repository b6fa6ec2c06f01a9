import { DOCKER_THERE } from '../shared/docker-socket.ts';
import { DeployError } from '../shared/errors.ts';
import type { Check } from './check.ts';

/** The first CLI that reads a stack file without `version:`; it takes it for the newest that it knows. */
const FIRST = 23;

/** No version is written in for the user: one that an old CLI knows would refuse what a new one takes. */
export const stackReadable: Check = {
  name: "the manager's docker reads the stack file",
  async run({ release: { document, settings }, tools: { remote } }) {
    if (document.version !== undefined) return;
    const { stdout } = await remote.run(`${DOCKER_THERE} version --format '{{.Client.Version}}' 2>/dev/null`);
    const version = stdout.trim();
    // What names itself otherwise is a build of its own, and new.
    if (!/^\d+\./.test(version) || Number.parseInt(version, 10) >= FIRST) return;
    throw new DeployError(
      'PREFLIGHT_FAILED',
      `docker ${version} on the manager reads no stack file without version:`,
      { hint: `write version: "3.8" into ${settings.STACK_FILES[0]}, or upgrade docker there to ${FIRST}` },
    );
  },
};
