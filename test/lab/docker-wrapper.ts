import type { Machine } from '../../src/lab/machine.ts';

/** Found before Docker's own client, /usr/bin/docker. */
const WRAPPER = '/usr/local/bin/docker';

/** `docker stack deploy` on this machine does this instead. */
export async function replaceStackDeploy(machine: Machine, body: string): Promise<void> {
  const script = `#!/bin/bash
case "$*" in
  *'stack deploy --help') ;;
  *'stack deploy '*) ${body} ;;
esac
exec /usr/bin/docker "$@"
`;
  await machine.writeFile(WRAPPER, script, { mode: '755' });
}

export async function restoreStackDeploy(machine: Machine): Promise<void> {
  await machine.run(['rm', '-f', WRAPPER]);
}
