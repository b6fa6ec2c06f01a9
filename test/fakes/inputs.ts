import type { Inputs } from '../../src/config/inputs.ts';
import { planRelease } from '../../src/plan/plan-release.ts';
import type { Release } from '../../src/plan/release.ts';
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

/** A small project that plans without a problem; tests spoil one part of it. */
export function inputs(change: Partial<Inputs> = {}, texts: Record<string, string> = {}): Inputs {
  return {
    folder: 'deploy',
    texts: {
      'cluster.env': 'DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=shop\n',
      'registry.env':
        'REGISTRY=r.io\nREGISTRY_NAMESPACE=team\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=hunter2-token\n',
      'prod.env': B2,
      'stack.yml': STACK,
      ...texts,
    },
    stackFiles: ['stack.yml'],
    secrets: [secretFile('secret_key', 'hunter2-key')],
    copied: [],
    git: { sha: 'abc1234', dirty: false },
    now: new Date('2026-04-13T12:00:00Z'),
    environment: {},
    ...change,
  };
}

export function secretFile(key: string, value: string, isExample = false): Inputs['secrets'][number] {
  return { file: `secrets/${key}.txt`, key, value: new Secret(value), isExample };
}

export function release(change: Partial<Inputs> = {}, texts: Record<string, string> = {}): Release {
  return planRelease(inputs(change, texts));
}
