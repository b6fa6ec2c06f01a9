import type { Machine } from '../../src/lab/machine.ts';

/** A `docker stack deploy` while which Swarm keeps writing a service: Docker is refused the change that it wants to make. */

const RACED = '/tmp/raced-stack-deploy';
/** Found before Docker's own client, which it runs: the first one not alone. An update that changes nothing counts as one. */
const WRAPPER = '/usr/local/bin/docker';
const render = (service: string) => `#!/bin/sh
case "$*" in
  *'stack deploy --help') exec /usr/bin/docker "$@" ;;
  *'stack deploy '*) mkdir ${RACED} 2>/dev/null || exec /usr/bin/docker "$@" ;;
  *) exec /usr/bin/docker "$@" ;;
esac
for _ in 1 2 3 4; do
  while ! [ -e ${RACED}/off ]; do
    /usr/bin/docker service update --detach --quiet ${service}
  done >/dev/null 2>&1 9>&- &
done
/usr/bin/docker "$@"
status=$?
touch ${RACED}/off
wait
exit $status
`;

/** The next one on this manager is raced, those after it are not. */
export async function raceStackDeploy(machine: Machine, service: string): Promise<void> {
  await machine.writeFile(WRAPPER, render(service), { mode: '755' });
}

export async function endRace(machine: Machine): Promise<void> {
  await machine.run(['rm', '-rf', RACED, WRAPPER]);
}
