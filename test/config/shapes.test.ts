import { expect, test } from 'vitest';
import { DeployError } from '../../src/shared/errors.ts';
import { aliasBomb, shapes } from '../corpus/shapes.ts';
import { release } from '../fakes/inputs.ts';

function problemsOf(texts: string | Record<string, string>): readonly string[] {
  const stackFiles = typeof texts === 'string' ? ['stack.yml'] : Object.keys(texts);
  try {
    release({ stackFiles }, texts, { objects: {} });
  } catch (error) {
    if (error instanceof DeployError && error.code === 'CONFIG_INVALID') return error.details;
    throw error;
  }
  return [];
}

test.each(shapes)('%j is refused on line %i', (text, line, message) => {
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
  expect(problems[0]).toMatch(new RegExp(`^deploy/stack.yml:${line}(:|$)`));
});

test.each([
  ['aliases of aliases', aliasBomb],
  ['maps in maps', `x-a: ${'{a: '.repeat(3000)}1${'}'.repeat(3000)}\nservices: { a: { image: "b:1" } }\n`],
  ['lists in lists', `x-a: ${'['.repeat(3000)}${']'.repeat(3000)}\n`],
  ['a second document', 'services: { a: { image: "b:1" } }\n---\nx-a: 1\n'],
  ['a tag for bytes', 'services: { a: { image: "b:1", environment: { A: !!binary aGk= } } }\n'],
])('%s: a problem with a line, no bug of ours', (_what, text) => {
  const problems = problemsOf(text);
  expect(problems).not.toEqual([]);
  for (const problem of problems) expect(problem).toMatch(/^deploy\/stack.yml:\d+/);
});

const STRANGE = [
  null,
  '',
  'x',
  5,
  -1,
  1.5,
  true,
  [],
  [1],
  ['a', 'a'],
  [null],
  [{}],
  {},
  { a: null },
  { a: [] },
];
const PATHS = `services services.a services.a.image services.a.build services.a.build.args services.a.ports
  services.a.volumes services.a.networks services.a.secrets services.a.environment services.a.env_file
  services.a.label_file services.a.deploy services.a.deploy.placement services.a.deploy.placement.constraints
  services.a.deploy.labels services.a.depends_on services.a.healthcheck services.a.x-waggle services.a.restart
  services.a.tmpfs services.a.shm_size services.a.links services.a.platform services.a.logging secrets secrets.s
  secrets.s.file secrets.s.external configs configs.c configs.c.content networks networks.n volumes volumes.v`;

test.each(PATHS.split(/\s+/))('whatever stands at %s, it is read or refused with its line', (path) => {
  for (const value of STRANGE) {
    const document = path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
    const around = path.startsWith('services') ? {} : { services: { a: { image: 'b:1' } } };
    const problems = problemsOf(JSON.stringify({ ...around, ...(document as object) }));
    for (const problem of problems) expect(problem).toMatch(/^deploy\/stack.yml:\d+/);
  }
});

const KEYS = `image build command environment labels ports volumes networks secrets configs deploy depends_on healthcheck
  logging ulimits extra_hosts dns tmpfs env_file label_file sysctls cap_add x-waggle restart links credential_spec`;

test.each(KEYS.split(/\s+/))('whatever %s is in two files, each is read or refused with its line', (key) => {
  for (const one of STRANGE)
    for (const other of STRANGE) {
      const [base, over] = [{ image: 'b:1', [key]: one }, { [key]: other }];
      const texts = {
        'stack.yml': JSON.stringify({ services: { a: base } }),
        'over.yml': JSON.stringify({ services: { a: over } }),
      };
      for (const problem of problemsOf(texts)) expect(problem).toMatch(/^deploy\/(stack|over).yml:\d+/);
    }
});
