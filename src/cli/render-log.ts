import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';

/** An event as pino writes it: one JSON object a line. */
interface LogEvent {
  readonly level: number;
  readonly msg: string;
  readonly step?: string;
  readonly state?: 'started' | 'done' | 'failed';
  readonly ms?: number;
}

const WARN = 40;

/** One stream of events; `--json` prints it as it is, else each event becomes a line of text. */
export function createLog(json: boolean, output: Writable): Logger {
  const options = { base: null, timestamp: json ? pino.stdTimeFunctions.isoTime : false };
  return pino(options, json ? output : asText(output));
}

function asText(output: Writable): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      const events = String(chunk).trim().split('\n');
      output.write(events.map((event) => `${renderEvent(JSON.parse(event))}\n`).join(''), () => done());
    },
  });
}

export function renderEvent({ level, msg, step, state, ms = 0 }: LogEvent): string {
  if (step && state === 'started') return `> ${step}`;
  if (step) return `${state === 'done' ? 'ok' : 'FAILED'} ${step} (${(ms / 1000).toFixed(1)} s)`;
  return level >= WARN ? `  warning: ${msg}` : `  ${msg}`;
}
