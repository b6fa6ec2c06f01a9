import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askOn, type Terminal } from '../../src/cli/ask.ts';

function terminal(isTTY = true) {
  const stream = () => {
    const made = new PassThrough();
    const setRawMode = () => {
      if (made.readableEnded) throw new Error('setRawMode EIO');
    };
    return Object.assign(made, { isTTY, setRawMode });
  };
  const [input, output] = [stream(), stream()];
  const stop = new AbortController();
  const ask = askOn({ input, output } as unknown as Terminal, stop.signal);
  return { input, output, stop, ask };
}

test('what is typed is the answer', async () => {
  const { input, output, ask } = terminal();
  const asked = ask('which? ');
  input.write('adopt\r');
  expect(await asked).toBe('adopt');
  expect(output.read().toString()).toContain('which? ');
});

test('nobody is asked where there is no terminal', async () => {
  expect(await terminal(false).ask('which? ')).toBeUndefined();
});

test.each<[string, (scene: ReturnType<typeof terminal>) => unknown]>([
  ['Ctrl-C', ({ input }) => input.write('\u0003')],
  ['a terminal that is closed', ({ input }) => input.end()],
  ['a run that is to stop', ({ stop }) => stop.abort(new Error('SIGTERM'))],
])('%s is no answer', async (_what, happen) => {
  const scene = terminal();
  const asked = scene.ask('which? ');
  happen(scene);
  expect(await asked).toBe('');
});
