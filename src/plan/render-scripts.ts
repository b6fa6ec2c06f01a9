import type { Release } from './release.ts';

/** Exit status of the deploy script when the login, and not the deploy, was refused. */
export const LOGIN_REFUSED = 41;

/** `$HOME/.waggle/<stack>`: one folder for each release below it. Expanded by the manager's shell. */
export const bundlesFolder = ({ stack }: Pick<Release, 'stack'>) => `"$HOME"/.waggle/${quote(stack)}`;
export const bundleFolder = (release: Pick<Release, 'stack' | 'id'>) =>
  `${bundlesFolder(release)}/${quote(release.id)}`;

/** Writes the bundle: folder 0700, files 0600. Base64 takes any text through any shell. */
export function renderUpload(release: Release, files: Readonly<Record<string, string>>): string {
  const folder = bundleFolder(release);
  const writes = Object.entries(files).map(([name, text]) => {
    const encoded = Buffer.from(text).toString('base64');
    return `printf %s ${quote(encoded)} | base64 -d > ${folder}/${quote(name)}`;
  });
  return lines('set -eu', 'umask 077', `mkdir -p ${bundlesFolder(release)}`, `mkdir ${folder}`, ...writes);
}

export function renderRemoveBundle(release: Release): string {
  return lines(`rm -rf ${bundleFolder(release)}`);
}

/** Keeps the newest bundles. A name ends in its UTC time, which orders them whatever their tag. */
export function renderPruneBundles(release: Release, keep: number): string {
  const folder = bundlesFolder(release);
  return lines(
    'set -eu',
    `cd ${folder}`,
    `ls | sed 's/.*_\\([0-9]*\\)$/\\1 &/' | sort -r | tail -n +${keep + 1} | cut -d' ' -f2- | while read -r old; do rm -rf -- "$old"; done`,
  );
}

/**
 * `docker stack deploy` on the manager. The login lives in a private folder, in memory where the system has
 * /dev/shm, for as long as this script; values that stack.yml names are its environment and nothing else.
 */
export function renderStackDeploy(release: Release): string {
  const { host, username, token } = release.registry;
  const sensitive = Object.entries(release.sensitive).map(
    ([name, value]) => `export ${name}=${quote(value.revealText())}`,
  );
  return lines(
    'set -eu',
    'umask 077',
    'DOCKER_CONFIG=$(mktemp -d /dev/shm/waggle-XXXXXX 2>/dev/null || mktemp -d)',
    'export DOCKER_CONFIG',
    `trap 'docker logout ${quote(host).replaceAll("'", '"')} >/dev/null 2>&1 || :; rm -rf "$DOCKER_CONFIG"' EXIT`,
    "trap 'exit 129' HUP INT TERM",
    `printf %s ${quote(token.revealText())} | docker login ${quote(host)} --username ${quote(username)} --password-stdin >"$DOCKER_CONFIG/said" 2>&1 || { cat "$DOCKER_CONFIG/said" >&2; exit ${LOGIN_REFUSED}; }`,
    ...sensitive,
    // Older engines have no such flag and never wait; newer ones warn, or wait without an end, unless told.
    'detach=$(docker stack deploy --help | grep -q -e --detach && echo --detach=true || :)',
    `docker stack deploy --with-registry-auth $detach --compose-file ${bundleFolder(release)}/stack.yml ${quote(release.stack)} </dev/null`,
  );
}

function lines(...parts: readonly string[]): string {
  return `${parts.join('\n')}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
