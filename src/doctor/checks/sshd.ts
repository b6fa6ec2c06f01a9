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
      const { stdout } = await remote.run(
        'cat /etc/ssh/sshd_config.d/*.conf /etc/ssh/sshd_config 2>/dev/null',
      );
      if (stdout.trim() === '')
        return [warning('the configuration of sshd cannot be read', 'look at it as root: sshd -T')];
      const found = judgeSshd(stdout);
      return found.length > 0 ? found : [fine('keys only, no root, named users only')];
    });
  },
};

/** The first value of a setting counts; what follows a Match is for some only. */
export function judgeSshd(text: string): readonly Finding[] {
  const settings = new Map<string, string>();
  for (const line of text.split(/\n(?=\s*match\s)/i)[0]?.split('\n') ?? []) {
    const [key = '', ...value] = line.trim().split(/[\s=]+/);
    if (key !== '' && !key.startsWith('#') && !settings.has(key.toLowerCase()))
      settings.set(key.toLowerCase(), value.join(' ').toLowerCase());
  }
  const found = Object.entries(WANTED).flatMap(([key, { fallback, safe, write }]) => {
    const value = settings.get(key) ?? fallback;
    return safe.includes(value)
      ? []
      : [warning(`${key} is ${value}`, `write \`${write}\` into /etc/ssh/sshd_config`)];
  });
  const isNamed = settings.has('allowusers') || settings.has('allowgroups');
  const anybody = warning(
    'every user of the system may log in',
    'write `AllowUsers deploy` into /etc/ssh/sshd_config',
  );
  return [...found, ...(isNamed ? [] : [anybody])];
}
