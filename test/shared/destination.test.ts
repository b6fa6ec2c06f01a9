import { expect, test } from 'vitest';
import { isDestination, parseDestination } from '../../src/shared/destination.ts';

test.each([
  ['m1', { name: 'm1', user: undefined, port: undefined }],
  ['m1:2222', { name: 'm1', user: undefined, port: 2222 }],
  ['deploy@m1', { name: 'm1', user: 'deploy', port: undefined }],
  ['deploy@m1:2222', { name: 'm1', user: 'deploy', port: 2222 }],
  ['ssh://deploy@m1:2222', { name: 'm1', user: 'deploy', port: 2222 }],
  ['ssh://deploy@m1/', { name: 'm1', user: 'deploy', port: undefined }],
  ['a@b@m1', { name: 'm1', user: 'a@b', port: undefined }],
  ['[fe80::1]:22', { name: 'fe80::1', user: undefined, port: 22 }],
  ['fe80::1%eth0', { name: 'fe80::1%eth0', user: undefined, port: undefined }],
])('%s', (text, parts) => {
  expect(parseDestination(text)).toEqual(parts);
  expect(isDestination(parseDestination(text))).toBe(true);
});

test.each([
  '',
  'm1:',
  'm1:ssh',
  'm1:0',
  'm1:70000',
  'https://m1',
  'ssh://m1/home',
  'm1 m2',
  '-oProxyCommand=x',
  '@m1',
  'deploy:hunter2@m1',
])('%s is no host', (text) => {
  expect(isDestination(parseDestination(text))).toBe(false);
});
