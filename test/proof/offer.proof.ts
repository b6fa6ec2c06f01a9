// Proves: on a terminal a deploy after a killed run asks what is to become of it, does what is answered, or changes nothing.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { readOpenRecords, readSpecs, readStoredReleases } from '../lab/cluster.ts';
import { twoOnCleanLab } from '../lab/two-on-clean-lab.ts';

const { lab, two } = await twoOnCleanLab();
const [m1] = lab.managers;
const { operator } = two.second;
/** A real terminal, of tmux. */
const tmux = (command: string) => operator.sh(`LANG=C.UTF-8 tmux -L offer ${command}`);
const screen = () => tmux('capture-pane -p -J -S -');
const ASKED = 'which? [fail]';

/** The other machine's run is killed; here somebody sits at a terminal and deploys. */
beforeEach(async () => {
  await two.killAt('wait for convergence');
  await two.unlock(m1);
  const waggle = `DEPLOY_TAG=v${two.version} waggle deploy --env probe; echo "status $?"; sleep 600`;
  await tmux(`-f /dev/null new-session -d -x 160 -y 50 '${waggle}'`);
  await until('it asks', async () => (await screen()).includes(ASKED));
});
afterEach(() => tmux('kill-server').catch(() => {}));

async function answer(keys: string): Promise<string> {
  await tmux(`send-keys ${keys}`);
  await until('it is over', async () => /^status \d+$/m.test(await screen()));
  return screen();
}

const readAll = async () => ({
  specs: await readSpecs(lab),
  open: (await readOpenRecords(lab)).filter((name) => !name.endsWith('.lock')),
  releases: await readStoredReleases(lab),
});

describe('an answer', () => {
  test('every choice is offered, with what it does', async () => {
    const shown = await screen();
    expect(shown).toMatch(/the deploy of slow\d+_\d{14} by operator@.*, begun .*, was interrupted at: /);
    for (const choice of ['resume', 'rollback', 'adopt', 'fail']) expect(shown).toContain(`  ${choice}: `);
    await answer('fail Enter');
    await two.recover('rollback');
  });

  test.each([
    ['resume', []],
    ['rollback', []],
    ['adopt', ['adopted']],
  ])('%s', async (choice, added) => {
    const before = await readStoredReleases(lab);
    expect(await answer(`${choice} Enter`)).toContain('status 0');
    const made = (await readStoredReleases(lab)).slice(before.length);
    expect(made.map(({ result }) => result)).toEqual([...added, 'deployed']);
    await two.expectWhole();
  });
});

describe('nothing changes, and the journal stays, by', () => {
  test.each([
    ['Ctrl-C', 'C-c', 18],
    ['Enter alone', 'Enter', 18],
    ['no', 'no Enter', 18],
  ])('%s', async (_what, keys, status) => {
    const before = await readAll();
    expect(await answer(keys)).toContain(`status ${status}`);
    expect(await readAll()).toEqual(before);
    expect(before.open).toEqual([expect.stringMatching(/^probe\.waggle\.j\.\d{14}$/)]);
    expect(await readOpenRecords(lab), 'the lock').toEqual(before.open);
    await two.recover('rollback');
  });

  test('a terminal that is closed', async () => {
    const before = await readAll();
    await tmux('kill-server');
    await until('the lock is given back', async () =>
      (await readOpenRecords(lab)).every((name) => !name.endsWith('.lock')),
    );
    expect(await readAll()).toEqual(before);
    await two.recover('rollback');
  });
});
