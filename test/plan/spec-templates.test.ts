import { expect, test } from 'vitest';
import { describeServices } from '../../src/plan/records/describe-releases.ts';
import { hideSpec } from '../../src/plan/spec/templates.ts';
import type { ServiceSpec } from '../../src/shared/service-spec.ts';
import { release } from '../fakes/inputs.ts';

const PROD = 'A=hunter2-a\nB=hunter2-b\nN=7\n';
const planned = (service: string) =>
  release(
    {},
    { 'stack.yml': `services: { a: { image: "b:1", ${service} } }`, 'prod.env': PROD },
    { objects: {} },
  );
const { templates } = planned(
  'command: [run, --pass, "${A}", --depth, "3"], labels: ["x.${A}.y=${B}", c=d], environment: { X: "${A}" }, volumes: ["/x/${A}:/y"], healthcheck: { test: "x ${A}", retries: "${N}" }',
);
const container = (part: object): ServiceSpec => ({ Name: 'shop_a', TaskTemplate: { ContainerSpec: part } });

test.each<[string, object, object]>([
  [
    'another value',
    { Args: ['run', '--pass', 'old', '--depth', '3'] },
    { Args: ['run', '--pass', '${A}', '--depth', '3'] },
  ],
  ['another order', { Args: ['--pass', 'old', 'run'] }, { Args: ['run', '--pass', '${A}', '--depth', '3'] }],
  [
    'a label whose name holds a value',
    { Labels: { 'x.old.y': 'older', c: 'd', e: 'f' } },
    { Labels: { 'x.${A}.y': '${B}', c: 'd', e: 'f' } },
  ],
  [
    'an environment',
    { Env: ['X=old', 'Y=old\nlines', 'Z'] },
    { Env: ['X=(not shown)', 'Y=(not shown)', 'Z'] },
  ],
  [
    'a mount',
    { Mounts: [{ Type: 'bind', Source: '/x/old', Target: '/y' }] },
    { Mounts: [{ Type: 'bind', Source: '/x/${A}', Target: '/y' }] },
  ],
  [
    'a mount more',
    { Mounts: [{ Source: '/x/old' }, { Source: 'old', ReadOnly: true }] },
    { Mounts: [{ Source: '${A}' }, { Source: '${A}', ReadOnly: true }] },
  ],
  [
    'a check and its numbers',
    { Healthcheck: { Test: ['CMD-SHELL', 'x old'], Retries: 9 } },
    { Healthcheck: { Test: ['CMD-SHELL', 'x ${A}'], Retries: 9 } },
  ],
  ['what holds no value', { Hostname: 'h', Dir: '/x' }, { Hostname: 'h', Dir: '/x' }],
])('%s of a live spec is shown as the template has it', (_what, live, shown) => {
  expect(hideSpec(container(live), templates)).toEqual(container(shown));
});

test('another service is left alone, but for its environment', () => {
  const spec = { ...container({ Args: ['old'], Env: ['X=old'] }), Name: 'shop_b' };
  expect(hideSpec(spec, templates)).toEqual({
    ...container({ Args: ['old'], Env: ['X=(not shown)'] }),
    Name: 'shop_b',
  });
});

test('templates hold places only', () => {
  expect(JSON.stringify(templates)).not.toMatch(/hunter2|Image|"c"/);
  expect(planned('command: [run]').templates).toEqual([]);
});

const difference = (was: object, is: object, after = templates) =>
  describeServices(
    { services: [container(was)], templates },
    { services: [container(is)], templates: after },
  );

test.each<[string, object, object, string]>([
  [
    'only the value',
    { Hostname: 'h', Args: ['--pass', 'old'] },
    { Hostname: 'h', Args: ['--pass', 'new'] },
    'command ["run","--pass","${A}","--depth","3"] (value changed)',
  ],
  ['a label', { Labels: { 'x.old.y': '1' } }, { Labels: { 'x.new.y': '2' } }, 'container label x.${A}.y'],
  [
    'a mount',
    { Mounts: [{ Target: '/y', Source: '/x/old' }] },
    { Mounts: [{ Target: '/y', Source: '/x/new' }] },
    'mount /y {"Source":"/x/${A}"} (value changed)',
  ],
])('where %s changed, no value is said', (_what, was, is, said) => {
  const lines = difference(was, is);
  expect(lines.join('\n')).toContain(said);
  expect(lines.join('\n')).not.toMatch(/old|new/);
});

test('another template is a difference that is said', () => {
  const { templates: after } = planned('command: [run, --pass, "${A}", --depth, "4"]');
  const lines = difference(
    { Args: ['run', '--pass', 'old', '--depth', '3'] },
    { Args: ['run', '--pass', 'old', '--depth', '4'] },
    after,
  );
  expect(lines).toEqual([
    'shop_a: command ["run","--pass","${A}","--depth","3"] -> ["run","--pass","${A}","--depth","4"]',
  ]);
});
