import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseStack } from '../../../src/config/parse-stack.ts';
import { objectId } from '../../../src/plan/release/release.ts';
import { describeOrigins } from '../../../src/plan/render/describe-origins.ts';
import { renderConfig } from '../../../src/plan/render/render-config.ts';
import { fillDocument } from '../../../src/plan/render/render-stack.ts';
import { planCase, readCorpus } from '../../corpus/corpus.ts';
import { planned } from '../../fakes/inputs.ts';

const STACK = `include: [infra/db.yml]
services:
  base:
    image: "\${REGISTRY}/team/api:\${DEPLOY_TAG}"
    profiles: [never]
  api:
    extends: base
    profiles: !override []
    restart: always
    environment:
      - "URL=https://\${HOST}/"
      - TZ
    env_file: web.env
    depends_on: [db]
    x-waggle: { migrations: irreversible }
    secrets: [secret_key]
    deploy:
      replicas: "\${REPLICAS:-2}"
      labels: ["cost=$$5"]
secrets:
  secret_key: { file: secrets/secret_key.txt }
`;
const TEXTS = {
  'stack.yml': STACK,
  'infra/db.yml': 'services:\n  db:\n    image: "db:${TAG}"\n    command: ["yes", "1.10"]\n',
  'infra/.env': '\nTAG=16\n',
  'prod.env': 'HOST=shop.test\nTZ=Europe/Berlin\n',
};
const plan = () => planned({}, TEXTS, { objects: {}, texts: { 'web.env': '# web\nLEVEL=hunter2-level\n' } });

function render(showsValues: boolean, hasOrigins = false): string {
  const { draft, values, release } = plan();
  const originOf = hasOrigins ? describeOrigins(draft, values) : undefined;
  return renderConfig(release(), { showsValues, originOf });
}

test('the stack is printed as it would be sent, without what Docker does not know', () => {
  const { services, secrets, ...rest } = parse(render(true));
  expect(rest).toEqual({});
  expect(services).toEqual({
    api: {
      image: 'r.io/team/api:abc1234',
      deploy: { replicas: 2, labels: ['cost=$$5'], restart_policy: { condition: 'any' } },
      environment: { URL: 'https://shop.test/', TZ: 'Europe/Berlin', LEVEL: 'hunter2-level' },
      secrets: ['secret_key'],
    },
    db: { image: 'db:16', command: ['yes', '1.10'] },
  });
  expect(secrets).toEqual({
    secret_key: { external: true, name: expect.stringMatching(/^shop_secret_key/) },
  });
});

test('a sensitive value is hidden, unless it is asked for', () => {
  const hidden = render(false, true);
  expect(parse(hidden).services.api.environment).toEqual({
    URL: 'https://${HOST}/',
    TZ: '${TZ}',
    LEVEL: '${LEVEL}',
  });
  for (const value of ['shop.test', 'Berlin', 'hunter2']) expect(hidden).not.toContain(value);
  expect(hidden).toContain('cost=$$5');
});

test.each([
  ['    image: db:16', 'deploy/infra/db.yml:3, TAG from deploy/infra/.env:2'],
  ['      - "yes"', 'deploy/infra/db.yml:4'],
  [
    '    image: r.io/team/api:abc1234',
    'deploy/stack.yml:4, REGISTRY from deploy/registry.env:1, DEPLOY_TAG from Waggle',
  ],
  ['      URL: https://${HOST}/', 'deploy/stack.yml:11, HOST from deploy/prod.env:1'],
  ['      TZ: ${TZ}', 'deploy/stack.yml:10, TZ from deploy/prod.env:2'],
  ['      LEVEL: ${LEVEL}', 'deploy/web.env:2'],
  ['      replicas: 2', 'deploy/stack.yml:18, REPLICAS is not set'],
  ['        condition: any', 'deploy/stack.yml:9'],
  ['      - secret_key', 'deploy/stack.yml:16'],
  ['    external: true', 'deploy/stack.yml:21'],
])('behind %s stands where it comes from', (line, origin) => {
  expect(render(false, true).split('\n')).toContain(`${line} # ${origin}`);
});

test('behind the name of a version stands where its content comes from', () => {
  expect(render(false, true)).toMatch(
    / name: shop_secret_key\S* # deploy\/stack.yml:21, content of secrets\/secret_key.txt/,
  );
});

test.each(readCorpus())('Docker reads what is printed of $name as it reads what is sent', (one) => {
  const release = planCase(one);
  const versions = Object.fromEntries(release.objects.map((object) => [objectId(object), object.newName]));
  const sent = fillDocument(release, { versions, digests: {}, scale: {}, images: {} });
  for (const originOf of [undefined, () => 'a file: "1"']) {
    const printed = renderConfig(release, { showsValues: true, originOf });
    const { document, problems } = parseStack('printed', printed, () => undefined);
    expect(problems).toEqual([]);
    expect(document).toEqual(JSON.parse(JSON.stringify(sent)));
  }
});

test('what stands for a secret is a text, not a list', () => {
  const mask = (text: string) => text.replace('hunter2-level', '[secret]');
  const { release } = plan();
  const { services } = parse(renderConfig(release(), { showsValues: true, mask, originOf: undefined }));
  expect(services.api.environment.LEVEL).toBe('[secret]');
});
