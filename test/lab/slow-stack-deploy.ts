import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';

/** A `docker stack deploy` that takes its time from beginning to end, for tests of what happens in the middle of it. */

const BEGUN = '/run/begun-slow-deploys';
/** Followed by the name of a stack whose client may begin. */
const MAY_BEGIN = '/run/slow-deploy-of-';
/** Found before Docker's own client, and then that client itself: who ends this program ends the client, stopped or not. */
const WRAPPER = '/usr/local/bin/docker';
const SCRIPT = `#!/bin/sh
case "$*" in
  *'stack deploy --help') exec /usr/bin/docker "$@" ;;
  *'stack deploy '*) ;;
  *) exec /usr/bin/docker "$@" ;;
esac
for stack; do :; done
echo "$stack" >>${BEGUN}
while [ ! -e ${MAY_BEGIN}$stack ]; do sleep 0.02; done
{
  while grep -q '^State:.*[RSDT] (' /proc/$$/status; do
    kill -STOP $$; sleep 0.1; kill -CONT $$; sleep 0.02
  done
} 9>&- </dev/null >/dev/null 2>&1 &
exec /usr/bin/docker "$@"
`;

/** Each waits at its beginning until `beginSlowDeploys`. */
export async function slowStackDeploys(machine: Machine): Promise<void> {
  await machine.run(['sh', '-c', `rm -f ${MAY_BEGIN}*`]);
  await machine.writeFile(BEGUN, '', { mode: '666' });
  await machine.writeFile(WRAPPER, SCRIPT, { mode: '755' });
}

/** Waits until the clients of so many stacks are there. */
export async function awaitSlowDeploys(machine: Machine, count: number): Promise<void> {
  await until(`${count} stack deploys are there`, async () => {
    const stacks = await machine.run(['sort', '-u', BEGUN]);
    return stacks.split('\n').filter(Boolean).length === count;
  });
}

/** Returns when each of these clients has been at work for its time, to the moment. */
export async function beginSlowDeploys(
  machine: Machine,
  moments: readonly { readonly stack: string; readonly ms: number }[],
): Promise<void> {
  const most = Math.max(...moments.map(({ ms }) => ms));
  const begin = moments.map(
    ({ stack, ms }) => `{ sleep ${(most - ms) / 1000}; touch ${MAY_BEGIN}${stack}; } &`,
  );
  await machine.run(['sh', '-c', `${begin.join(' ')} sleep ${most / 1000}`]);
}

export async function quickenStackDeploys(machine: Machine): Promise<void> {
  await machine.run(['sh', '-c', `rm -f ${WRAPPER} ${BEGUN} ${MAY_BEGIN}*`]);
}
