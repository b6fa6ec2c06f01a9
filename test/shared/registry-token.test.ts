import { expect, test } from 'vitest';
import { judgeTokens } from '../../src/shared/registry-token.ts';
import { Secret } from '../../src/shared/secret.ts';

test.each([
  ['ghs_hunter2', "a GitHub job's own token"],
  ['glcbt-64_hunter2', "a GitLab job's own token"],
  ['ya29.hunter2', "a token of Google's that expires"],
  ['eyJwYXlsb2FkIjoi', 'a token that expires'],
])('%s', (token, what) => {
  const secret = new Secret(token);
  const other = { registry: 'x.io', username: 'AWS', password: secret, isToken: false };
  expect(judgeTokens(secret, [other])).toEqual([
    `REGISTRY_TOKEN is ${what}: nodes that pull later cannot`,
    `your login for x.io is ${what}: nodes that pull later cannot`,
  ]);
});

test.each(['ghp_hunter2', 'glpat-hunter2', 'a password'])('%s lasts', (token) => {
  expect(judgeTokens(new Secret(token), [])).toEqual([]);
});
