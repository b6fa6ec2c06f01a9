import { byLine } from '../shared/by-line.ts';
import type { Log } from '../shared/log.ts';

/** buildx's plain progress: `#12 [api linux/amd64 build 3/7] RUN npm ci`, once when it begins and again when it ends. */
const STEP = /^#\d+ (\[([^\]]+) (\d+)\/(\d+)\] (.*))$/;

/** Takes what buildx prints, in whatever pieces, and says each step of each target once. */
export function showProgress(log: Log): (text: string) => void {
  const said = new Set<string>();
  return byLine((line) => {
    const [, step, target = '', done, of, what = ''] = STEP.exec(line) ?? [];
    if (step === undefined || said.has(step)) return;
    said.add(step);
    log.info({ part: target, done: Number(done), of: Number(of), note: what }, step);
  }).take;
}
