import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { PrintOptions } from '../../pipeline/run-context.ts';
import { showControls } from '../../shared/show-controls.ts';
import { escapeWorkflowCommands } from './github.ts';

/** Where text is printed. */
export interface Edge {
  readonly isTerminal: boolean;
  readonly colour: boolean;
  /** `--raw` is given. */
  readonly isRaw: boolean;
  /** A runner reads it, and takes some lines for commands. */
  readonly isGithub: boolean;
}

/** Text as it may leave the process. Off a terminal a container's control characters pass, as Docker passes them. */
export function renderPrinted(
  text: string,
  { tint, isRelayed = false }: PrintOptions,
  { isTerminal, colour, isRaw, isGithub }: Edge,
): string {
  const isPassed = isRelayed && !isGithub && (isRaw || !isTerminal);
  const shown = isPassed ? text : showControls(text);
  const safe = isGithub ? escapeWorkflowCommands(shown) : shown;
  return tint && colour ? safe.split('\n').map(tint).join('\n') : safe;
}

/** Writes to a terminal with control characters shown as text, also those that are split over chunks. */
export function showingControls(terminal: Writable): Writable {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const show = (text: string) => {
    // A carriage return may be half of a line end.
    const whole = (rest + text).replace(/\r+$/, '');
    rest = (rest + text).slice(whole.length);
    return showControls(whole);
  };
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => void terminal.write(show(decoder.write(chunk)), done),
    final: (done) => void terminal.write(show(decoder.end()), done),
  });
}
