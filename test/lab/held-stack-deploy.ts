import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';

/** A `docker stack deploy` that lasts, for tests of what happens meanwhile. */

const HELD = '/run/held-stack-deploy';
const BEGUN = '/run/begun-stack-deploys';
/** Found before Docker's own client, which does the work once it is let go. */
const WRAPPER = '/usr/local/bin/docker';
const SCRIPT = `#!/bin/sh
case "$*" in
  *'stack deploy --help') ;;
  *'stack deploy '*)
    echo begun >>${BEGUN}
    while [ -e ${HELD} ]; do sleep 0.1; done ;;
esac
exec /usr/bin/docker "$@"
`;

/** Each that begins on this manager waits until it is let go. */
export async function holdStackDeploys(machine: Machine): Promise<void> {
  await machine.writeFile(HELD, '');
  await machine.writeFile(BEGUN, '', { mode: '666' });
  await machine.writeFile(WRAPPER, SCRIPT, { mode: '755' });
}

export async function awaitHeld(machine: Machine): Promise<void> {
  await until('a stack deploy is held', async () => (await countStackDeploys(machine)) > 0);
}

/** How many have begun since they are held. */
export async function countStackDeploys(machine: Machine): Promise<number> {
  return Number(await machine.run(['sh', '-c', `wc -l <${BEGUN}`]));
}

export async function letGoStackDeploys(machine: Machine): Promise<void> {
  await machine.run(['rm', '-f', HELD]);
}

/** None is held or counted any more. */
export async function freeStackDeploys(machine: Machine): Promise<void> {
  await machine.run(['rm', '-f', HELD, BEGUN, WRAPPER]);
}
