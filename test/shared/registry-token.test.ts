import { expect, test } from 'vitest';
import { judgeToken } from '../../src/shared/registry-token.ts';
import { Secret } from '../../src/shared/secret.ts';

test.each([
  ['ghs_hunter2', "REGISTRY_TOKEN is a GitHub job's own token: nodes that pull later cannot"],
  ['eyJwYXlsb2FkIjoi', 'REGISTRY_TOKEN is a token that expires: nodes that pull later cannot'],
  ['ghp_hunter2', undefined],
  ['a password', undefined],
])('%s', (token, said) => {
  expect(judgeToken(new Secret(token))).toBe(said);
});
