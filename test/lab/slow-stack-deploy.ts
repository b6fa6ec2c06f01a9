import { until } from '../../src/lab/engine.ts';
import type { Machine } from '../../src/lab/machine.ts';

/** A `docker stack deploy` that takes its time from beginning to end, for tests of what happens in the middle of it. */

const BEGUN = '/run/begun-slow-deploys';
/** Found before Docker's own client, which it lets run a small part of the time. */
const WRAPPER = '/usr/local/bin/docker';
const SCRIPT = `#!/bin/sh
case "$*" in
  *'stack deploy --help') exec /usr/bin/docker "$@" ;;
  *'stack deploy '*) ;;
  *) exec /usr/bin/docker "$@" ;;
esac
echo begun >>${BEGUN}
exec 3<&0
/usr/bin/docker "$@" <&3 &
client=$!
while grep -q '^State:.*[RSDT] (' /proc/$client/status 2>/dev/null; do
  kill -STOP $client; sleep 0.1; kill -CONT $client; sleep 0.02
done 2>/dev/null
wait $client
`;

export async function slowStackDeploys(machine: Machine): Promise<void> {
  await machine.writeFile(BEGUN, '', { mode: '666' });
  await machine.writeFile(WRAPPER, SCRIPT, { mode: '755' });
}

export async function awaitSlowDeploy(machine: Machine): Promise<void> {
  await until('a stack deploy has begun', async () => (await machine.exec(['test', '-s', BEGUN])).code === 0);
}

export async function quickenStackDeploys(machine: Machine): Promise<void> {
  await machine.run(['rm', '-f', WRAPPER, BEGUN]);
}
