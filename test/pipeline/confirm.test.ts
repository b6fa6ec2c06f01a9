import { expect, test } from 'vitest';
import { requireName, requireYes } from '../../src/pipeline/confirm.ts';
import type { Tools } from '../../src/shared/tools.ts';

const answering = (answer: string | undefined) =>
  ({ ask: async () => answer, signal: new AbortController().signal }) as unknown as Tools;

test.each(['y', 'yes', 'Y', ' yes ', undefined])('goes on after %j', async (answer) => {
  await expect(requireYes(answering(answer), 'go on?')).resolves.toBeUndefined();
});

test.each(['', 'n', 'no', 'yep'])('changes nothing after %j', async (answer) => {
  await expect(requireYes(answering(answer), 'go on?')).rejects.toMatchObject({ code: 'CANCELLED' });
});

test.each([
  ['shop', undefined],
  [' shop ', undefined],
  ['yes', 'CANCELLED'],
  ['', 'CANCELLED'],
  [undefined, 'USAGE'],
])('what cannot be undone is confirmed by its name: %j', async (answer, code) => {
  const asking = requireName(answering(answer), 'this removes shop', 'shop');
  if (code) await expect(asking).rejects.toMatchObject({ code });
  else await expect(asking).resolves.toBeUndefined();
});
