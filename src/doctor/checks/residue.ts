import { type Checkup, fine, onEachHost, problem } from '../checkup.ts';

/** A deploy that was killed may have left its private login; nothing else ever leaves one. */
export const residue: Checkup = {
  name: 'credentials left behind',
  async look({ release: { registry }, hosts, tools: { local } }) {
    const here = await local(['sh', '-c', SEARCH]);
    const mine = judge(here.stdout).map((finding) => ({ ...finding, said: `here: ${finding.said}` }));
    const theirs = await onEachHost(hosts, async ({ remote }) =>
      judge((await remote.run(`${SEARCH}\n${renderLoginSearch(registry.host)}`)).stdout),
    );
    const found = [...mine, ...theirs];
    return found.length > 0 ? found : [fine('none, here and there')];
  },
};

/** An hour old: no deploy takes as long to log in. */
const SEARCH = `
  for folder in /dev/shm/waggle-* "\${TMPDIR:-/tmp}"/waggle-*; do
    [ -e "$folder/config.json" ] && [ -n "$(find "$folder" -maxdepth 0 -mmin +60)" ] && echo "$folder"
  done; :`;
/** A manager needs no login of its own; on this machine it is the user's. */
const renderLoginSearch = (host: string) => `grep -lF '"${host}"' "$HOME/.docker/config.json" 2>/dev/null; :`;

function judge(stdout: string) {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((path) =>
      path.endsWith('/.docker/config.json')
        ? problem(`${path} holds a login to the registry, which Waggle never writes`, 'docker logout there')
        : problem(`${path} is the login of a run that was killed`, `rm -r ${path}`),
    );
}
