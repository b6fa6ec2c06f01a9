// Proves: whoever sits at a real terminal sees what happens, in place, in colour or not, and completes commands.
import { afterEach, expect, test } from 'vitest';
import { until } from '../../src/lab/engine.ts';
import { probeOnCleanLab } from '../lab/probe-on-clean-lab.ts';
import { plainScreen } from '../lab/screen.ts';

/** What somebody sees who sits at a terminal: a real one, of tmux, whose screen is read. */
const { operator, probe } = await probeOnCleanLab();
const tmux = (command: string) => operator.sh(`LANG=C.UTF-8 tmux -L live ${command}`);
const screen = () => tmux('capture-pane -p');
let version = 1;
/** Screens are kept as text: `vitest -u` keeps this one as it is now. */
const expectScreen = async (name: string, shown?: string) =>
  expect(plainScreen(shown ?? (await tmux('capture-pane -p -S -')))).toMatchFileSnapshot(
    `screens/${name}.txt`,
  );

afterEach(() => tmux('kill-server'));

interface Terminal {
  readonly columns: number;
  readonly rows: number;
  readonly env?: string;
}

/** Begins a deploy of another version on a terminal. */
async function deployOn({ columns, rows, env = '' }: Terminal): Promise<void> {
  await probe.setStack({ environment: `{ A: "${++version}" }`, update: '{ parallelism: 1, monitor: 3s }' });
  const waggle = `${env} DEPLOY_TAG=v${version} waggle deploy --env probe; echo "status $?"; sleep 600`;
  await tmux(`-f /dev/null new-session -d -x ${columns} -y ${rows} '${waggle}'`);
}

/** The step that runs, and below it the services with their slots. */
const DRAWN = /^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] wait for convergence \d+ s(\n {4}probe_\w+ +[■□]+ \d\/\d.*){2}/m;
const isOver = async () => /^status \d+$/m.test(await screen());

test('steps that run are drawn in place, with the slots of each service; what is done stays', async () => {
  await deployOn({ columns: 160, rows: 30 });
  let drawn: string | undefined;
  await until('a slot is drawn', async () => {
    drawn = DRAWN.exec(await screen())?.[0];
    return drawn !== undefined;
  });
  await expectScreen('live', drawn);
  await until('it is over', isOver);
  const all = await tmux('capture-pane -p -S -');
  expect(all).not.toMatch(/connect to the manager/);
  expect(all).toMatch(/^✓ wait for convergence \(\d+\.\d s\)$/m);
  expect(all).toMatch(/^ {2}it took \d+\.\d s, /m);
  // Nothing of the picture is left behind.
  expect(all).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏■□]/);
  expect(await screen()).toMatch(/it took .*\nstatus 0/);
  await expectScreen('deploy');
});

test('on a narrow terminal no line of the picture is broken', async () => {
  await deployOn({ columns: 34, rows: 12 });
  await until('a slot is drawn', async () => /^ {4}probe_\w+ +[■□]+ \d\/\d/m.test(await screen()));
  await until('it is over', isOver);
  expect(await screen()).toContain('status 0');
  expect(await tmux('capture-pane -p -S -')).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏■□]/);
});

test('colours are there, and gone with NO_COLOR', async () => {
  await deployOn({ columns: 100, rows: 30 });
  await until('it is over', isOver);
  expect(await tmux('capture-pane -p -e -S -')).toContain('\u001B[32m✓');
  await tmux('kill-server');
  await deployOn({ columns: 100, rows: 30, env: 'NO_COLOR=1' });
  await until('it is over', isOver);
  const plain = await tmux('capture-pane -p -e -S -');
  expect(plain).toContain('✓ wait for convergence');
  expect(plain).not.toContain('\u001B[');
});

test('a terminal that cannot draw gets lines', async () => {
  await deployOn({ columns: 100, rows: 30, env: 'TERM=dumb' });
  await until('it is over', isOver);
  const all = await tmux('capture-pane -p -S -');
  expect(all).toMatch(/^> wait for convergence$/m);
  expect(all).toMatch(/^ok wait for convergence \(/m);
});

test('Ctrl-C is told, and the way back is drawn, too', async () => {
  await deployOn({ columns: 160, rows: 30 });
  await until('a slot is drawn', async () => DRAWN.test(await screen()));
  await tmux('send-keys C-c');
  await until('it goes back', async () => (await screen()).includes('restore the stack'));
  await until('it is over', isOver);
  expect(await screen()).toContain('status 130');
  await expectScreen('ctrl-c');
});

test('status is watched in place', async () => {
  await tmux(`-f /dev/null new-session -d -x 120 -y 30 'waggle status --watch --env probe'`);
  await until('it is shown', async () => (await screen()).includes('probe: r'));
  const once = await tmux('capture-pane -p -S -');
  expect(once.match(/^probe: r/gm)).toHaveLength(1);
  await expectScreen('status');
});

test.each([
  ['bash', '--norc', 'source <(waggle completion bash)'],
  ['zsh', '-f', 'source <(waggle completion zsh)'],
  ['fish', '--no-config', 'waggle completion fish | source'],
])('%s completes', async (shell, bare, setUp) => {
  await tmux(`-f /dev/null new-session -d -x 100 -y 12 '${shell} ${bare}'`);
  await tmux(`send-keys '${setUp}; echo rea""dy' Enter`);
  await until('the shell is ready', async () => /^ready$/m.test(await screen()));
  await tmux("send-keys 'waggle pru' Tab '--dry' Tab");
  await until('it is completed', async () => (await screen()).includes('waggle prune --dry-run'));
});
