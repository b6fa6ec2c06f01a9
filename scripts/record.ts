import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { labUp } from '../test/lab/lab.ts';
import { Operator } from '../test/lab/operator.ts';
import { reset } from '../test/lab/reset.ts';
import { type Frame, renderRecording } from './render-recording.ts';

/** Records a deploy of the reference stack on a terminal of the lab, for the README: docs/deploy.svg. */
const SIZE = { columns: 128, rows: 26 };
const EVERY_MS = 400;

const lab = await labUp();
await reset(lab);
const operator = new Operator(lab);
await operator.installWaggle();
await operator.checkOut();
const tmux = (command: string) => operator.sh(`LANG=C.UTF-8 tmux -L record ${command}`);
// Images are built and pushed once before, as on most days.
await operator.waggle(['deploy']);
await operator.commit('a new version');

const shell = 'PS1="$ " bash --norc';
await tmux(`-f /dev/null new-session -d -x ${SIZE.columns} -y ${SIZE.rows} '${shell}'`);
await tmux("send-keys 'waggle deploy; echo exit code $?' Enter");
const frames: Frame[] = [];
for (let isOver = false; !isOver; await sleep(EVERY_MS)) {
  const screen = await tmux('capture-pane -e -p');
  frames.push({ at: performance.now(), screen });
  isOver = /^exit code \d+$/m.test(screen);
}
await tmux('kill-server');
const file = join(import.meta.dirname, '../docs/deploy.svg');
writeFileSync(file, renderRecording(frames, SIZE));
process.stdout.write(`${frames.length} looks, ${file}\n`);
