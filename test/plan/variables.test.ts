import { expect, test } from 'vitest';
import { renderStack, renderTemplate } from '../../src/plan/render/render-stack.ts';
import { isSensitive } from '../../src/shared/is-sensitive.ts';
import { planned, release } from '../fakes/inputs.ts';

const SECRETS =
  `RAILS_MASTER_KEY SECRET_KEY_BASE DATABASE_URL REDIS_URL SMTP_PASS PGPASSWORD db_password STRIPE_KEY
  SENTRY_DSN JWT_SIGNING_KEY GITHUB_TOKEN TOKENS AWS_SECRET_ACCESS_KEY SLACK_WEBHOOK_URL API_KEY_2 ADMIN_PW
  COOKIE_SALT GH_PAT AZURE_CONNECTION_STRING`.split(/\s+/);
const OTHERS =
  `LOG_LEVEL B2_KEY_ID AWS_ACCESS_KEY_ID PORT TOKEN_TTL PASSWORD_MIN_LENGTH SSH_PUBLIC_KEY HOSTNAME PWD
  KEYCLOAK_HOST PATH DOMAIN NEXT_PUBLIC_MAP_KEY VITE_API_TOKEN REACT_APP_KEY RECAPTCHA_SITE_KEY
  STRIPE_PUBLISHABLE_KEY`.split(/\s+/);

const filling = { versions: {}, digests: { 'b:1': 'sha256:1' }, scale: {}, images: {} };

test.each(SECRETS)('%s is a secret by its name', (name) => {
  expect(isSensitive(name)).toBe(true);
});

test.each([...SECRETS, ...OTHERS].filter((name) => !name.startsWith('B2_')))(
  '%s of prod.env is sent, and kept as a name',
  (name) => {
    const text = `services: { a: { image: "b:1", environment: { X: "\${${name}}" } } }`;
    const planned = release(
      {},
      { 'stack.yml': text, 'prod.env': `${name}=hunter2-value\n` },
      { objects: {} },
    );
    expect(renderStack(planned, filling)).toContain('"hunter2-value"');
    expect(renderTemplate(planned, filling)).not.toContain('hunter2');
    expect(renderTemplate(planned, filling)).toContain(`"\${${name}}"`);
  },
);

test.each(OTHERS)('%s is none', (name) => {
  expect(isSensitive(name, 'https://example.net/a:b@c')).toBe(false);
});

test.each(['postgres://app:hunter2@db/app', 'redis://:hunter2@cache:6379', 'https://ops:hunter2@h'])(
  'a login in %s is a secret, whatever its name',
  (value) => {
    expect(isSensitive('ANYTHING', value)).toBe(true);
  },
);

const PLACES = ['environment', 'prod.env', 'cluster.env', 'registry.env'] as const;
test.each<[(typeof PLACES)[number][], string, boolean]>([
  [['prod.env'], 'ANY', true],
  [['environment'], 'ANY', true],
  [['environment', 'prod.env'], 'ANY', true],
  [['environment', 'cluster.env'], 'ANY', false],
  [['cluster.env'], 'ANY', false],
  [['registry.env'], 'ANY', false],
  [['cluster.env'], 'ANY_TOKEN', true],
  [['prod.env', 'cluster.env'], 'ANY', true],
  [['registry.env'], 'REGISTRY_NAMESPACE', false],
  [['environment'], 'REGISTRY_NAMESPACE', false],
  [['environment'], 'REGISTRY_TOKEN', true],
  [['environment', 'prod.env'], 'STACK_NAME', false],
  [['environment', 'prod.env'], 'DEPLOY_ID', false],
])('of %j %s is sensitive: %s', (places, name, isHidden) => {
  const texts = Object.fromEntries(places.map((place) => [place, `${name}=given\n`]));
  const environment = places.includes('environment') ? { [name]: 'given' } : {};
  const { variables } = planned({ environment }, texts).draft;
  expect(Object.hasOwn(variables.sensitive, name)).toBe(isHidden);
  expect(variables.template(name) === `\${${name}}`).toBe(isHidden);
});

test.each([
  [['environment', 'prod.env', 'cluster.env', 'registry.env'], 'environment'],
  [['prod.env', 'cluster.env', 'registry.env'], 'prod.env'],
  [['cluster.env', 'registry.env'], 'cluster.env'],
  [['registry.env'], 'registry.env'],
])('of a name set in %j the first wins', (places, first) => {
  const texts = Object.fromEntries(places.map((place) => [place, `DEPTH='${place}'\n`]));
  const environment = places.includes('environment') ? { DEPTH: 'environment' } : {};
  expect(planned({ environment }, texts).draft.variables.lookup('DEPTH')).toBe(first);
});

test.each([
  ['of the stack file', '\uFDD0secret/x\uFDD1', {}, ''],
  ['of the environment', '${GIVEN}', { GIVEN: '\uFDD0secret/x\uFDD1' }, ''],
  ['of an env file', '${GIVEN}', {}, `GIVEN='\uFDD0secret/x\uFDD1'\n`],
])('a text %s forges no version', (_where, text, environment, prod) => {
  const stack = `services: { a: { image: "b:1", environment: { A: "${text}" } } }`;
  const planned = release({ environment }, { 'stack.yml': stack, 'prod.env': prod }, { objects: {} });
  expect(renderStack(planned, filling)).toContain('\uFDD0secret/x\uFDD1');
});
