import { expect, test } from 'vitest';
import { localShell } from '../../src/shared/shell.ts';

test('arguments are passed as they are, input by stdin, a status is no error', async () => {
  const odd = 'a b $HOME `x` "y" \'z\'';
  expect(await localShell(['printf', '%s', odd])).toMatchObject({ exitCode: 0, stdout: odd });
  expect(await localShell(['cat'], { input: 'hello' })).toMatchObject({ stdout: 'hello' });
  expect(await localShell(['sh', '-c', 'echo no >&2; exit 3'])).toMatchObject({
    exitCode: 3,
    stderr: 'no\n',
  });
});

test.each([[undefined], ['']])('with the input %j a program that reads comes to an end', async (input) => {
  expect(await localShell(['cat'], input === undefined ? {} : { input })).toMatchObject({
    exitCode: 0,
    stdout: '',
  });
});

test('input to a program that does not read it is no error', async () => {
  expect(await localShell(['true'], { input: 'x'.repeat(1_000_000) })).toMatchObject({ exitCode: 0 });
});
