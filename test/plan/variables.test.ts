import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { renderRelease } from '../../src/plan/render/render-release.ts';
import { renderStack } from '../../src/plan/render/render-stack.ts';
import { escapeForDocker, exportedName, isSensitive } from '../../src/plan/variables.ts';
import { planned, release } from '../fakes/inputs.ts';

const SECRETS =
  `RAILS_MASTER_KEY SECRET_KEY_BASE DATABASE_URL REDIS_URL SMTP_PASS PGPASSWORD db_password STRIPE_KEY
  SENTRY_DSN JWT_SIGNING_KEY GITHUB_TOKEN TOKENS AWS_SECRET_ACCESS_KEY SLACK_WEBHOOK_URL API_KEY_2 ADMIN_PW
  COOKIE_SALT GH_PAT AZURE_CONNECTION_STRING`.split(/\s+/);
const OTHERS =
  `LOG_LEVEL B2_KEY_ID AWS_ACCESS_KEY_ID PORT TOKEN_TTL PASSWORD_MIN_LENGTH SSH_PUBLIC_KEY HOSTNAME PWD
  KEYCLOAK_HOST PATH DOMAIN`.split(/\s+/);

test.each(SECRETS)('%s is a secret by its name: not in the bundle, not in what is printed', (name) => {
  const text = `services: { a: { image: "b:1", environment: { ${name}: "\${${name}}" } } }`;
  const planned = release({}, { 'stack.yml': text, 'prod.env': `${name}=hunter2-value\n` }, { objects: {} });
  const filling = { versions: {}, digests: { 'b:1': 'sha256:1' }, scale: {} };
  expect(renderStack(planned, filling) + inspect(planned, { depth: 9 })).not.toContain('hunter2');
  expect(renderStack(planned, filling)).toContain(`\${${exportedName(name)}}`);
});

test.each(OTHERS)('%s is none', (name) => {
  expect(isSensitive(name, 'https://example.net/a:b@c')).toBe(false);
});

test.each(['postgres://app:hunter2@db/app', 'redis://:hunter2@cache:6379', 'https://ops:hunter2@h'])(
  'a login in %s is a secret, whatever its name',
  (value) => {
    expect(isSensitive('ANYTHING', value)).toBe(true);
  },
);

test.each([
  ['api.DB_PASSWORD', 'api_DB.PASSWORD'],
  ['a-b.KEY', 'a_b.KEY'],
  ['a.b', 'a_2e_b.c'],
])('%s and %s stay two values', (one, other) => {
  expect(exportedName(one)).not.toBe(exportedName(other));
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

const FORGED = '\uE000HOME\uE001 \uE002secret/x\uE003 \uE004';

test.each([
  ['of the stack file', FORGED, {}, ''],
  ['of the stack file, escaped', '\\uE000HOME\\uE001 \\uE002secret/x\\uE003 \\uE004', {}, ''],
  ['of the environment', '${GIVEN}', { GIVEN: FORGED }, ''],
  ['of an env file', '${GIVEN}', {}, `GIVEN='${FORGED}'\n`],
])('a text %s forges no mark', (_where, text, environment, prod) => {
  const stack = `services: { a: { image: "b:1", environment: { A: "${text}" } } }`;
  const planned = release(
    { environment: { HOME: '/root', ...environment } },
    { 'stack.yml': stack, 'prod.env': prod },
    { objects: {} },
  );
  expect(escapeForDocker(String(planned.document.services?.a?.environment?.A))).toBe(FORGED);
});

test.each(['volumes: ["${DATA_TOKEN}/x:/x"]', 'ports: ["${DATA_TOKEN}"]', 'networks: ["${DATA_TOKEN}"]'])(
  'a problem with %s names the variable, and neither its value nor a mark',
  (line) => {
    const stack = `services: { a: { image: "b:1", ${line} } }`;
    const said = expect.objectContaining({ details: [expect.not.stringMatching(/hunter2|[\uE000-\uE004]/)] });
    expect(() => release({ environment: { DATA_TOKEN: 'hunter2' } }, stack, { objects: {} })).toThrow(said);
  },
);

test('a sensitive value in an image or a name is looked up as it is, and masked where it is shown', () => {
  const stack = [
    'services: { a: { image: "r.io/${ORG_TOKEN}/x:1", configs: [c] } }',
    'configs: { c: { external: true, name: "${ORG_TOKEN}-page" } }',
  ].join('\n');
  const planned = release({ environment: { ORG_TOKEN: 'hunter2' } }, stack, { objects: {} });
  expect(planned.services[0]?.image).toBe('r.io/hunter2/x:1');
  expect(planned.externals).toEqual([{ kind: 'config', name: 'hunter2-page' }]);
  expect(renderRelease(planned).join('\n')).not.toContain('hunter2');
  expect(Object.keys(planned.sensitive)).toEqual(['ORG_TOKEN']);
});
