import { expect, test } from 'vitest';
import { findContent } from '../../src/pipeline/find-content.ts';
import { DIGEST_LABEL, KEY_LABEL, versionContext } from '../../src/plan/labels.ts';
import { makeDigest } from '../../src/shared/digest.ts';
import { Secret } from '../../src/shared/secret.ts';

const key = {
  kind: 'secret',
  key: 'key',
  newName: 'shop_key_v2',
  from: 'file',
  value: new Secret('hunter2'),
  labels: {},
  templating: undefined,
} as const;

const gone = async (change = {}, held = 'hunter2') => ({
  kind: 'secret' as const,
  id: 's1',
  name: 'shop_key_v1',
  labels: {
    [KEY_LABEL]: 'key',
    [DIGEST_LABEL]: await makeDigest(new Secret(held), versionContext(key)),
  },
  createdAt: '',
  ...change,
});

test.each([
  ['a config, of which the content was recorded', await gone({ kind: 'config', data: 'b25l' }), 'one'],
  ['a secret of the value that this run has', await gone(), 'hunter2'],
  ['a secret that held another value', await gone({}, 'hunter1'), undefined],
  ['a secret of which this run has no value', await gone({ labels: { [KEY_LABEL]: 'other' } }), undefined],
  ['a secret that somebody else made', await gone({ labels: {} }), undefined],
])('what it held: %s', async (_what, object, expected) => {
  expect((await findContent({ objects: [key] }, object))?.toString()).toBe(expected);
});
