import { DOCKER_THERE } from '../../shared/docker-socket.ts';
import { REGISTRY_TROUBLE } from '../../shared/registry-trouble.ts';
import type { Registry } from '../release/release.ts';
import { quote } from './shell-text.ts';

/** Exit status of the deploy script when the login, and not the deploy, was refused. */
export const LOGIN_REFUSED = 41;

const BOUND_S = 30;

/** `docker login` into $DOCKER_CONFIG. A registry that is busy or broken for a moment is asked again; one that says no is not. */
export function renderLogin({ host, username, token }: Registry): readonly string[] {
  const said = '"$DOCKER_CONFIG/said"';
  return [
    // In the foreground: else it leaves the group of processes by which a deploy is ended. BusyBox has no such flag.
    `bound='timeout --foreground ${BOUND_S}'`,
    '$bound true 2>/dev/null || bound=',
    'for pause in 1 2 4 none; do',
    `  printf %s ${quote(token.revealText())} | $bound ${DOCKER_THERE} login ${quote(host)} --username ${quote(username)} --password-stdin >${said} 2>&1 && break`,
    `  [ $? -ne 124 ] || echo 'no answer within ${BOUND_S} s' >>${said}`,
    `  [ $pause != none ] && grep -qE ${quote(REGISTRY_TROUBLE)} ${said} || { cat ${said} >&2; exit ${LOGIN_REFUSED}; }`,
    '  sleep $pause',
    'done',
  ];
}
