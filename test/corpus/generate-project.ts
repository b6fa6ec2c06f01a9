import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Texts } from './ask-compose.ts';
import { fragment, withImage } from './generate-service.ts';

/** Generates projects of several files that extend and include each other, with profiles. */
export interface Project {
  /** Paths from the deploy folder. */
  readonly texts: Texts;
  /** Profiles that are active, as COMPOSE_PROFILES has them. */
  readonly profiles: string;
}

const profiled = <T extends object>(service: fc.Arbitrary<T>) =>
  fc
    .tuple(
      service,
      fc.constantFrom<unknown>(undefined, undefined, undefined, ['debug'], ['debug', 'tools'], ['tools'], []),
    )
    .map(([one, profiles]) => ({ ...one, ...(profiles !== undefined && { profiles }) }));

const TOP = {
  networks: { back: null },
  volumes: { data: null, more: null },
  secrets: { s: { file: './s.txt' } },
  configs: { c: { file: './c.txt' } },
};

/** A file that others extend or include, with a secret of its own beside it. */
function inner(file: string, services: object): string {
  const own = file.replace(/\W/g, '_');
  return stringify({
    services: { ...services, [own]: { image: 'own:1', secrets: [own] } },
    networks: TOP.networks,
    volumes: TOP.volumes,
    secrets: { [own]: { file: './own.txt' } },
  });
}

/** Chains of up to four files lead to `deep`. */
const extended = fc.record({
  'base.yml': fc.record({
    base: withImage(3),
    mid: withImage(2, 'base', { service: 'base' }),
    far: withImage(2, { service: 'deep', file: 'sub/deep.yml' }),
    own: profiled(withImage(2)),
  }),
  'sub/deep.yml': fc.record({
    deep: withImage(3, undefined, { service: 'core', file: '../other/core.yml' }),
  }),
  'other/core.yml': fc.record({ core: withImage(3), near: withImage(2, 'core') }),
});
const TARGETS = [
  { service: 'base', file: 'base.yml' },
  { service: 'mid', file: 'base.yml' },
  { service: 'far', file: './base.yml' },
  { service: 'own', file: 'base.yml' },
  { service: 'deep', file: 'sub/deep.yml' },
  { service: 'near', file: 'other/core.yml' },
];

const included = fc.record({
  'inc.yml': fc.record({ inc: profiled(withImage(2, undefined, TARGETS[0])), peer2: withImage(1) }),
  'sub/inc2.yml': fc.record({
    inc2: profiled(withImage(2, undefined, { service: 'deep', file: 'deep.yml' })),
  }),
  'other/inc3.yml': fc.record({ inc3: withImage(2, undefined, 'common'), common: withImage(1) }),
  'over.yml': fc.record({ inc: fragment(2) }),
});
const includes = fc.subarray(
  [
    'inc.yml',
    'sub/inc2.yml',
    { path: 'sub/inc2.yml', env_file: 'x.env' },
    { path: 'other/inc3.yml', project_directory: 'sub' },
    { path: 'other/inc3.yml', project_directory: '.', env_file: ['x.env', 'y.env'] },
    { path: ['inc.yml', 'over.yml'] },
    { path: './inc.yml', env_file: '/dev/null' },
    'all.yml',
  ],
  { maxLength: 2 },
);
const ENVS = {
  'one.env': 'A=one\nE=1\n',
  'two.env': 'A=two\nF=2\n',
  'x.env': 'V=x\nW="w w"\n',
  'y.env': 'W=y\n',
};
const variables = fc.record({
  'prod.env': fc.constantFrom('V=prod\n', '', 'W=prod\nC=c\n'),
  'sub/.env': fc.constantFrom('V=dot\n', 'W=dot\n', ''),
});

/** What both refuse, and what only one of them does. */
const ODD = ['nope', 'web', { service: 'nope', file: 'base.yml' }, { service: 'a', file: 'missing.yml' }];

const main = fc.record({
  peer: fc.oneof({ weight: 9, arbitrary: withImage(1) }, { weight: 1, arbitrary: profiled(withImage(1)) }),
  web: fc.oneof(
    { weight: 19, arbitrary: profiled(withImage(4, ...TARGETS, 'local', 'api')) },
    { weight: 1, arbitrary: profiled(withImage(2, ...ODD)) },
  ),
  api: profiled(withImage(3, undefined, ...TARGETS)),
  local: withImage(3),
});

export const project: fc.Arbitrary<Project> = fc
  .record({
    main,
    extended,
    included,
    includes,
    variables,
    nested: fc.constantFrom(['sub/inc2.yml'], ['inc.yml'], [{ path: 'other/inc3.yml', env_file: 'x.env' }]),
    clash: fc.integer({ min: 0, max: 20 }),
    profiles: fc.constantFrom('', '', 'debug', 'tools', 'debug,tools', '*', 'other'),
  })
  .map((one) => {
    const file = (services: object, more: object = {}) => stringify({ ...more, services, ...TOP });
    const added = Object.entries({ ...one.included, ...one.extended }).map(([name, services]) => [
      name,
      inner(name, services),
    ]);
    const folders = ['', 'sub/', 'other/'].flatMap((folder) =>
      Object.entries(ENVS).map(([name, content]) => [
        `${folder}${name}`,
        folder ? content.replace('=', `=${folder}`) : content,
      ]),
    );
    const services = one.clash === 0 ? { ...one.main, inc: { image: 'clash' } } : one.main;
    return {
      profiles: one.profiles,
      texts: {
        ...Object.fromEntries([...added, ...folders]),
        ...one.variables,
        'all.yml': stringify({ include: one.nested, services: { all: { image: 'a:1' } } }),
        'stack.yml': file(services, one.includes.length > 0 ? { include: one.includes } : {}),
      },
    };
  });
