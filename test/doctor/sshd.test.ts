import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { judgeSshd, renderSettings } from '../../src/doctor/checks/sshd.ts';
import { localShell } from '../../src/shared/shell.ts';

const SAFE = 'PermitRootLogin no\nPasswordAuthentication no\nAllowUsers deploy\n';
test.each([
  ['safe', SAFE, []],
  ['the first value counts', `${SAFE}PermitRootLogin yes\n`, []],
  ['in other letters', 'permitrootlogin no\nPASSWORDAUTHENTICATION no\nAllowGroups ops\n', []],
  ['nothing can be read', '', ['the configuration of sshd cannot be read']],
  [
    'all is hidden',
    'hidden: /etc/ssh/sshd_config',
    ['/etc/ssh/sshd_config cannot be read: what it sets is not known'],
  ],
  [
    'a file is hidden: only what is set is told',
    'hidden: /a/50-cloud-init.conf\nPermitRootLogin yes\n',
    ['/a/50-cloud-init.conf cannot be read: what it sets is not known', 'permitrootlogin is yes'],
  ],
  [
    'a comment says nothing',
    `#PermitRootLogin no\n${SAFE.slice(19)}`,
    ['permitrootlogin is prohibit-password'],
  ],
  [
    'nothing is set',
    '# /etc/ssh/sshd_config\n',
    [
      'permitrootlogin is prohibit-password',
      'passwordauthentication is yes',
      'every user of the system may log in',
    ],
  ],
])('sshd: %s', (_what, text, expected) => {
  expect(judgeSshd(text).map(({ said }) => said)).toEqual(expected);
});

let etc = '';
beforeEach(() => {
  etc = mkdtempSync(join(tmpdir(), 'waggle-sshd-'));
  chmodSync(etc, 0o755);
});
afterEach(() => rmSync(etc, { recursive: true }));

/** As a user who may not read everything, which root may. */
const SOMEBODY =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
async function read(files: Readonly<Record<string, string>>, hidden?: string): Promise<readonly string[]> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(etc, dirname(name)), { recursive: true });
    writeFileSync(join(etc, name), text.replaceAll('ETC', etc), { mode: 0o644 });
  }
  if (hidden) chmodSync(join(etc, hidden), 0);
  const { stdout } = await localShell([...SOMEBODY, 'sh', '-s'], { input: renderSettings(etc) });
  if (hidden) chmodSync(join(etc, hidden), 0o755);
  const lines = stdout.replaceAll(`${etc}/`, '').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}
const main = (sshd_config: string, more: Readonly<Record<string, string>> = {}) => ({ sshd_config, ...more });
const TWO = { 'd/10.conf': 'A ten', 'd/20.conf': 'A twenty\n' };

test.each<[string, Readonly<Record<string, string>>, readonly string[], hidden?: string]>([
  [
    'a setting a line',
    main('# A b\n\n  Port 22\nUsePAM=yes\nBanner "none"'),
    ['Port 22', 'UsePAM yes', 'Banner none'],
  ],
  [
    'what is included, in its place',
    main('A 1\nInclude ETC/d/*.conf\nA 2\n', TWO),
    ['A 1', 'A ten', 'A twenty', 'A 2'],
  ],
  ['by a relative name, in any letters', main('include d/20.conf d/1*\n', TWO), ['A twenty', 'A ten']],
  ['what is not included', main('A 1\n', TWO), ['A 1']],
  ['an Include of nothing', main('Include ETC/none/*.conf\nA 1\n'), ['A 1']],
  ['no more after a Match', main('A 1\nMatch User a\n  A 2\n  Include d/*\n', TWO), ['A 1']],
  ['more after Match all', main('Match User a\n  A 1\nMatch all\n  A 2\n'), ['A 2']],
  [
    'the rest after a file with a Match',
    main('Include d/*\nA 2\n', { 'd/a': 'Match User a\nA 1\n' }),
    ['A 2'],
  ],
  [
    'a file that is hidden',
    main('Include d/*\nA 2\n', TWO),
    ['hidden: d/10.conf', 'A twenty', 'A 2'],
    'd/10.conf',
  ],
  ['a folder that is hidden', main('Include d/*.conf\nA 2\n', TWO), ['hidden: d', 'A 2'], 'd'],
  ['that all is hidden', main('A 1\n'), ['hidden: sshd_config'], 'sshd_config'],
  ['nothing at all', {}, []],
])("sshd's files tell %s", async (_what, files, expected, hidden) => {
  expect(await read(files, hidden)).toEqual(expected);
});
