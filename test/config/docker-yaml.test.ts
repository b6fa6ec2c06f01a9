import { expect, test } from 'vitest';
import { findMisreading } from '../../src/config/docker-yaml.ts';
import { readPairs } from '../../src/config/pairs.ts';
import { parseStack } from '../../src/config/parse-stack.ts';
import { renderStack } from '../../src/plan/render/render-stack.ts';
import { planned } from '../fakes/inputs.ts';

/** What `docker stack config` (CLI 28.2.2) makes of a value of an environment that is not in quotes. */
const READ_OTHERWISE = {
  '1.10': '1.1',
  '1000000.5': '1.0000005e+06',
  '123456789.25': '1.2345678925e+08',
  '1e3': '1000',
  '1e6': '1e+06',
  '0.00001': '1e-05',
  '18446744073709551616': '1.8446744073709552e+19',
  '0xFFFFFFFFFFFFFFFF': '18446744073709551615',
  '5.': '5',
  '-0': '0',
  '+1': '1',
  '1_000': '1000',
  '08': '8',
  '0755': '493',
  '-017': '-15',
  '0o17': '15',
  '0O17': '15',
  '0X1F': '31',
  '0B1': '1',
  '+.5': '0.5',
};
const TIMES = [
  '2026-01-02',
  '2024-1-2',
  '2024-01-02 10:00:00',
  '2024-01-02T10:00:00.5Z',
  '2024-01-02T10:00:00+02:00',
];
const AS_WRITTEN =
  `0 1 1.5 0.0001 0.1 -5 123456789012345678 -9007199254740993 9223372036854775807 18446744073709551615
  1e400 0b 0x 0xG 1e 1e+ _1 . ++1 1:2 22:22 190:20:30 1.2.3 2024-13-01 2024-02-30 2024-01-02T10:00:00 20240102
  yes no on off y n Y N Yes NO On OFF = 12,5`.split(/\s+/);

test.each(Object.entries(READ_OTHERWISE))('%s is the number %s', (source, read) => {
  expect(findMisreading(source)).toBe(`the number ${read}`);
});

test.each(TIMES)('%s is a time', (source) => {
  expect(findMisreading(source)).toBe('a time');
});

test.each(AS_WRITTEN)('%s reaches a container as it is written', (source) => {
  const text = `services:\n  a:\n    image: b:1\n    environment:\n      A: ${source}\n    labels:\n      a: ${source}\n`;
  const { document } = planned({}, text, { objects: {} }).release();
  expect(String(document.services?.a?.environment?.A)).toBe(source);
  expect(readPairs(document.services?.a?.labels).a).toBe(source);
});

test.each([...Object.keys(READ_OTHERWISE), ...TIMES, 'true', 'False', '.inf', '.nan'])(
  '%s is refused, for it would reach it otherwise',
  (source) => {
    const text = `services:\n  a:\n    image: b:1\n    environment:\n      A: ${source}\n`;
    const details = [expect.stringMatching(/^deploy\/stack.yml:5:7: .*quotes( \[misread-value\])?$/)];
    expect(() => planned({}, text, { objects: {} }).release()).toThrow(expect.objectContaining({ details }));
  },
);

test('what is in quotes, or a key, is text whatever it looks like', () => {
  const text = 'a: ["1.10", \'yes\', "2026-01-02"]\n1.10: a\n0x1: b\ntrue: c\n2026-01-02: d\n';
  expect(parseStack('a', text, () => undefined).document).toEqual({
    a: ['1.10', 'yes', '2026-01-02'],
    '1.10': 'a',
    '0x1': 'b',
    true: 'c',
    '2026-01-02': 'd',
  });
});

test.each(['yes', 'on', 'y', 'TRUE'])(
  'a switch that a variable sets to %s is on, as Docker casts it',
  (value) => {
    const text =
      'services: { a: { image: "b:1", tty: "${V}", init: "${V}" } }\nnetworks: { n: { internal: "${V}" } }\n';
    const { document } = planned({ environment: { V: value } }, text, { objects: {} }).release();
    expect(document.services?.a).toMatchObject({ tty: true, init: true });
    expect(document.networks?.n).toMatchObject({ internal: true });
  },
);

test.each(['"0400"', '"256"', '"${M}"', '0o400x', '-1', '999', '0888', '01777'])(
  'a mode of %s is refused',
  (mode) => {
    const text = `services:\n  a:\n    image: b:1\n    secrets: [{ source: s, mode: ${mode} }]\nsecrets: { s: { external: true } }\n`;
    const details = [
      expect.stringContaining('deploy/stack.yml:4:28: services.a.secrets.0.mode must be an octal number'),
    ];
    expect(() => planned({ environment: { M: '0440' } }, text, { objects: {} }).release()).toThrow(
      expect.objectContaining({ details }),
    );
  },
);

test.each(['0400', '0o400', '256'])('a mode of %s is octal or decimal, as it is written', (mode) => {
  const text = `services:\n  a:\n    image: b:1\n    secrets: [{ source: s, mode: ${mode} }]\nsecrets: { s: { external: true } }\n`;
  const release = planned({}, text, { objects: {} }).release();
  expect(
    renderStack(release, { versions: {}, digests: { 'b:1': 'sha256:1' }, scale: {}, images: {} }),
  ).toContain('"mode": 256\n');
});

test('a value that Docker reads otherwise is sent so once its rule is silenced', () => {
  const text =
    'services:\n  a:\n    image: b:1\n    # waggle-ignore misread-value: the version is 1.1\n    environment: { A: 1.10 }\n';
  expect(planned({}, text, { objects: {} }).release().document.services?.a?.environment).toEqual({ A: 1.1 });
});
