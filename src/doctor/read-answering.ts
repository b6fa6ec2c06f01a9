import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeployError } from '../shared/errors.ts';
import type { Containers } from '../shared/tools.ts';

/** Nobody listens there, so no program notices: a refusal is an answer as good as any. */
const PORT = 1;
/** For one address; a packet that got lost is sent again after one second and after three. */
const TRY_S = 5;
const BOUND_MS = 30_000;
/** Printed at the end: a script that was cut short has not printed it. */
const TRIED = 'tried';

/** What can try is told by the own address, which answers always. Programs of the same name differ. */
const BY_SHELL = `
by_bash() { LC_ALL=C timeout ${TRY_S} bash -c "exec 3<>/dev/tcp/$1/${PORT}"; }
by_nc() { LC_ALL=C nc -v -z -w ${TRY_S} "$1" ${PORT}; }
answers() { said=$("$1" "$2" 2>&1) && return; case $said in *[Rr]efused*) ;; *) false ;; esac; }
for tool in by_bash by_nc; do
  answers $tool 127.0.0.1 || continue
  for address in "$@"; do answers $tool "$address" && echo "$address" & done
  wait
  echo ${TRIED}
  exit
done`;

const BY_NODE = `
const addresses = require('node:process').argv.slice(1);
const say = (line) => require('node:fs').writeSync(1, line + '\\n');
let open = addresses.length;
for (const host of addresses) {
  const socket = require('node:net').connect({ host, port: ${PORT}, timeout: ${TRY_S * 1000} });
  const end = (answers) => {
    if (answers) say(host);
    socket.removeAllListeners().on('error', () => {}).destroy();
    if (--open === 0) say('${TRIED}');
  };
  socket.on('connect', () => end(true)).on('timeout', () => end(false));
  socket.on('error', ({ code }) => end(code === 'ECONNREFUSED'));
}`;

const WAYS = [
  ['sh', '-c', BY_SHELL, 'sh'],
  ['node', '-e', BY_NODE],
];

/** Which addresses a container gets an answer from, all asked at once; undefined: it has no program that can ask. */
export async function readAnswering(
  containers: Containers,
  containerId: string,
  addresses: readonly string[],
): Promise<ReadonlySet<string> | undefined> {
  for (const way of WAYS) {
    const said = await runInside(containers, containerId, [...way, ...addresses]);
    const lines = new Set(said.split('\n').filter(Boolean));
    if (lines.delete(TRIED)) return lines;
  }
  return undefined;
}

/** What a program says; '' when it cannot be run, or does not end. */
async function runInside(
  containers: Containers,
  containerId: string,
  command: readonly string[],
): Promise<string> {
  const output = new PassThrough();
  const said = text(output);
  const streams = { input: Readable.from([]), output, errors: new PassThrough().resume() };
  const run = async () => {
    try {
      await containers.exec(containerId, command, streams);
    } catch (error) {
      // The container ended meanwhile, or has no such program.
      if (!(error instanceof DeployError && error.code === 'DEPLOY_FAILED')) throw error;
    } finally {
      output.end();
    }
    return said;
  };
  return Promise.race([run(), sleep(BOUND_MS, '', { ref: false })]);
}
