import { type Checkup, type Finding, fine, onEachHost, warning } from '../checkup.ts';

/** Setting -> values that are safe, and what to write. What is not set has sshd's own default. */
const WANTED: Readonly<Record<string, { fallback: string; safe: readonly string[]; write: string }>> = {
  permitrootlogin: { fallback: 'prohibit-password', safe: ['no'], write: 'PermitRootLogin no' },
  passwordauthentication: { fallback: 'yes', safe: ['no'], write: 'PasswordAuthentication no' },
  pubkeyauthentication: { fallback: 'yes', safe: ['yes'], write: 'PubkeyAuthentication yes' },
};

/** How open the door is. Only root may ask sshd itself, so its files are read as it would read them. */
export const sshd: Checkup = {
  name: 'sshd',
  async look({ hosts }) {
    return onEachHost(hosts, async ({ remote }) => {
      const { stdout } = await remote.run(renderSettings('/etc/ssh'));
      const found = judgeSshd(stdout);
      return found.length > 0 ? found : [fine('keys only, no root, named users only')];
    });
  },
};

const HIDDEN = 'hidden:';
const ASK = 'look at all of it as root: sudo sshd -T';

/**
 * Prints every setting in the order in which sshd comes to it, each Include in its place; `hidden:` and its path for
 * what is there and may not be read. What follows a Match, to the end of its file, is for some only.
 */
export function renderSettings(folder: string): string {
  return `
cd '${folder}' || exit
tell() (
  # The file, or the folder that hides whether there is one.
  for path in "$1" "\${1%/*}"; do
    [ -r "$path" ] && break
    [ -e "$path" ] && echo "${HIDDEN} $path" && exit
  done
  [ -r "$1" ] || exit
  echo "# $1"
  some=
  sed -n 's/^[[:space:]]*\\([A-Za-z]\\{1,\\}\\)[[:space:]=]*/\\1 /p' "$1" | tr -d '"' |
    while read -r key value || [ -n "$key" ]; do
      case $key in
        [Mm][Aa][Tt][Cc][Hh]) some=\${value#[Aa][Ll][Ll]} ;;
        [Ii][Nn][Cc][Ll][Uu][Dd][Ee]) [ -n "$some" ] || for file in $value; do tell "$file"; done ;;
        *) [ -n "$some" ] || echo "$key $value" ;;
      esac
    done
)
tell '${folder}/sshd_config'`;
}

/** The first value of a setting counts. What is not set may be so in a file that is hidden. */
export function judgeSshd(text: string): readonly Finding[] {
  const lines = text.split('\n').filter(Boolean);
  const hidden = lines
    .filter((line) => line.startsWith(HIDDEN))
    .map((line) =>
      warning(`${line.slice(HIDDEN.length + 1)} cannot be read: what it sets is not known`, ASK),
    );
  if (lines.length === 0) return [warning('the configuration of sshd cannot be read', ASK)];
  const settings = new Map<string, string>();
  for (const line of lines.filter((line) => !line.startsWith('#') && !line.startsWith(HIDDEN))) {
    const [key = '', ...value] = line.toLowerCase().split(/\s+/);
    if (!settings.has(key)) settings.set(key, value.join(' '));
  }
  const isWhole = hidden.length === 0;
  const found = Object.entries(WANTED).flatMap(([key, { fallback, safe, write }]) => {
    const value = settings.get(key) ?? (isWhole ? fallback : undefined);
    return value === undefined || safe.includes(value)
      ? []
      : [warning(`${key} is ${value}`, `write \`${write}\` into /etc/ssh/sshd_config`)];
  });
  const isNamed = settings.has('allowusers') || settings.has('allowgroups') || !isWhole;
  const anybody = warning(
    'every user of the system may log in',
    'write `AllowUsers deploy` into /etc/ssh/sshd_config',
  );
  return [...hidden, ...found, ...(isNamed ? [] : [anybody])];
}
