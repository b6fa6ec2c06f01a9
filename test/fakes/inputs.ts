import type { GitFacts, Inputs } from '../../src/config/inputs.ts';
import type { Finding } from '../../src/config/problem.ts';
import { runRules } from '../../src/lint/rules.ts';
import type { Draft, Values } from '../../src/plan/release/draft.ts';
import { planDraft } from '../../src/plan/release/plan-draft.ts';
import { planRelease, planValidStack } from '../../src/plan/release/plan-release.ts';
import { objectId, type Release } from '../../src/plan/release/release.ts';
import { Secret } from '../../src/shared/secret.ts';

const STACK = `
services:
  api:
    image: \${REGISTRY}/team/api:\${DEPLOY_TAG}
    build: { context: .., target: api, args: { VERSION: "\${DEPLOY_TAG}" } }
    environment: { B2_BUCKET_NAME: "\${B2_BUCKET_NAME:-}", B2_APP_KEY: "\${B2_APP_KEY:-}" }
    deploy: { replicas: "\${API_REPLICAS:-1}" }
  redis: { image: "redis:7" }
secrets:
  secret_key: { external: true, name: "\${SECRET_KEY_SECRET}" }
`;
const B2 = 'B2_ENDPOINT=https://s3\nB2_KEY_ID=id\nB2_APP_KEY=hunter2-b2\nB2_BUCKET_NAME=bucket\n';

/** A clean checkout, whose files are as a test says. */
export const gitFacts = (change: Partial<GitFacts> = {}): GitFacts => ({
  commit: 'abc1234'.padEnd(40, '0'),
  sha: 'abc1234',
  dirty: false,
  isCheckout: true,
  tracked: [],
  ...change,
});
/** A folder outside of any checkout. */
export const NO_GIT: GitFacts = {
  commit: undefined,
  sha: undefined,
  dirty: false,
  isCheckout: false,
  tracked: [],
};

/** What a small project's texts are; tests spoil one part of them. */
export function inputs(change: Partial<Inputs> = {}, texts: Record<string, string> = {}): Inputs {
  return {
    folder: 'deploy',
    path: '/project/deploy',
    root: '/project',
    unread: {},
    base: '/project/deploy',
    texts: {
      'cluster.env': 'DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=shop\n',
      'registry.env':
        'REGISTRY=r.io\nREGISTRY_NAMESPACE=team\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=hunter2-token\n',
      'prod.env': B2,
      'stack.yml': STACK,
      ...texts,
    },
    stackFiles: ['stack.yml'],
    secretFiles: [{ file: 'secrets/secret_key.txt', isExample: false }],
    hooks: [],
    openFiles: [],
    copied: [],
    others: [],
    git: gitFacts(),
    now: new Date('2026-04-13T12:00:00Z'),
    environment: {},
    ...change,
  };
}

/** Values of secrets and configs by key, and of included files by name, as they would have been read. */
export interface Given {
  readonly objects?: Readonly<Record<string, string>>;
  readonly texts?: Readonly<Record<string, string>>;
  readonly examples?: readonly string[];
}

export interface Planned {
  readonly draft: Draft;
  readonly values: Values;
  readonly findings: readonly Finding[];
  release(): Release;
}

/** A small project, planned as `waggle` does, with values in place of files. */
export function planned(
  change: Partial<Inputs> = {},
  stackOrTexts: string | Record<string, string> = {},
  given: Given = {},
): Planned {
  const texts = typeof stackOrTexts === 'string' ? { 'stack.yml': stackOrTexts } : stackOrTexts;
  const all = inputs(change, texts);
  const known: Record<string, string> = { secret_key: 'hunter2-key', ...given.objects };
  const draft = planDraft(all, Object.keys(known));
  const objects = draft.objects.flatMap((object) => {
    const value = known[object.key];
    const from = `secrets/${object.key}.txt`;
    const isExample = given.examples?.includes(object.key) ?? false;
    return value === undefined
      ? []
      : [[objectId(object), { value: new Secret(value), from, file: `deploy/${from}`, isExample }] as const];
  });
  const values = {
    objects: Object.fromEntries(objects),
    texts: given.texts ?? {},
    openFiles: [],
    unused: [],
    templates: [],
    problems: [],
  };
  const sound = planValidStack(draft, values);
  const found = [...draft.findings, ...runRules({ draft, values, document: sound.document })];
  const findings = found.filter((finding) => !draft.isIgnored(finding));
  return { draft, values, findings, release: () => planRelease(draft, values, sound, findings) };
}

export function release(
  change: Partial<Inputs> = {},
  texts: string | Record<string, string> = {},
  given: Given = {},
): Release {
  return planned(change, texts, given).release();
}
