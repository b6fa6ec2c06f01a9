import { createLogUpdate } from 'log-update';
import type { Output } from './view.ts';

/** On a terminal each text takes the place of the one before; elsewhere it is printed when it is another. */
export function drawOn({ stream, isTerminal }: Output): (text: string) => void {
  // The cursor stays visible: nobody would show it again after a kill.
  if (isTerminal) return createLogUpdate(stream, { showCursor: true });
  let drawn = '';
  return (text) => {
    if (text !== drawn) stream.write(`${text}\n`);
    drawn = text;
  };
}
