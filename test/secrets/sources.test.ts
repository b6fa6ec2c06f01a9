import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { armor, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, expect, test } from 'vitest';
import { readGit } from '../../src/config/read-git.ts';
import { loadRelease } from '../../src/pipeline/load-release.ts';
import type { Release } from '../../src/plan/release/release.ts';
import { DeployError } from '../../src/shared/errors.ts';
import { Secrecy } from '../../src/shared/mask.ts';

const root = mkdtempSync(join(tmpdir(), 'waggle-sources-'));
afterAll(() => rmSync(root, { recursive: true }));
mkdirSync(join(root, 'deploy/secrets'), { recursive: true });

const write = (file: string, content: string | Uint8Array) => {
  writeFileSync(join(root, 'deploy', file), content);
  chmodSync(join(root, 'deploy', file), 0o600);
};
write('cluster.env', 'DEPLOY_MANAGER_HOST=m1\nSTACK_NAME=shop\nDEPLOY_TAG=v1\n');
write('registry.env', 'REGISTRY=r.io\nREGISTRY_NAMESPACE=n\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=t\n');
write('prod.env', '');
write(
  'stack.yml',
  'services: { a: { image: "b:1" } }\nsecrets: { api_key: { external: true, name: "${API_KEY_SECRET}" } }\n',
);

const key = await generateIdentity();
const encrypter = new Encrypter();
encrypter.addRecipient(await identityToRecipient(key));
const encrypted = await encrypter.encrypt('hunter2-age');

async function load(environment: Record<string, string> = {}, isOffline = false): Promise<Release> {
  return loadRelease({
    secrecy: new Secrecy(),
    root,
    git: readGit(root),
    environment,
    copyExamples: false,
    isOffline,
  });
}
async function secretValue(environment: Record<string, string> = {}): Promise<string | undefined> {
  return (await load(environment)).objects[0]?.value?.revealText();
}
async function problemsOf(environment: Record<string, string> = {}): Promise<string> {
  const error: unknown = await load(environment).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DeployError);
  const { details } = error as DeployError;
  expect(details.join()).not.toContain('hunter2');
  return details.join('\n');
}
const only = (file: string, content: string | Uint8Array) => {
  rmSync(join(root, 'deploy/secrets'), { recursive: true });
  rmSync(join(root, 'deploy/secret-commands.yml'), { force: true });
  mkdirSync(join(root, 'deploy/secrets'));
  write(file, content);
};

test('a file, byte for byte', async () => {
  only('secrets/api_key.txt', 'hunter2-file\n');
  expect(await secretValue()).toBe('hunter2-file\n');
});

test('a variable of the environment wins over any of them', async () => {
  only('secrets/api_key.txt', 'hunter2-file\n');
  expect(await secretValue({ WAGGLE_SECRET_API_KEY: 'hunter2-variable' })).toBe('hunter2-variable');
  expect(await problemsOf({ WAGGLE_SECRET_API_KEY: '' })).toBe(
    'WAGGLE_SECRET_API_KEY: is empty: a secret of CI that is not set arrives so',
  );
});

test.each([
  ['binary', encrypted],
  ['armored', armor.encode(encrypted)],
])('an age file, %s', async (_what, content) => {
  only('secrets/api_key.txt.age', content);
  expect(await secretValue({ WAGGLE_AGE_KEY: key })).toBe('hunter2-age');
  write('../key.txt', `# created: today\n${key}\n`);
  expect(await secretValue({ WAGGLE_AGE_KEY_FILE: join(root, 'key.txt') })).toBe('hunter2-age');
});

test('an age file that cannot be read is said, without any key', async () => {
  only('secrets/api_key.txt.age', encrypted);
  const other = await generateIdentity();
  expect(await problemsOf({ WAGGLE_AGE_KEY: other })).toContain(
    'secrets/api_key.txt.age: cannot be decrypted',
  );
  expect(await problemsOf({ WAGGLE_AGE_KEY: 'hunter2' })).toContain('cannot be decrypted');
  expect(await problemsOf({ WAGGLE_AGE_KEY_FILE: '/nowhere' })).toContain('there is no age key');
});

test('a program that prints binary, byte for byte', async () => {
  only(
    'secret-commands.yml',
    `api_key: [node, -e, "process.stdout.write(Buffer.from([255, 254, 0, 128, 13, 10]))"]\n`,
  );
  const [object] = (await load()).objects;
  expect(object?.value?.reveal()).toEqual(Buffer.from([255, 254, 0, 128]));
});

test('a program, by an explicit list; an offline plan does not run it', async () => {
  only('secret-commands.yml', `api_key: [node, -e, "console.log('hunter2-' + 'program')"]\n`);
  expect(await secretValue()).toBe('hunter2-program');
  expect((await load({}, true)).objects).toMatchObject([{ key: 'api_key', value: undefined }]);
});

test.each([
  [`api_key: [node, -e, "console.error('hunter2'); process.exit(3)"]\n`, 'node ended with status 3'],
  ['api_key: [no-such-program]\n', 'no-such-program ended with status'],
  ['api_key: op read x\n', 'api_key must be a list'],
  ['api_key: [\n', 'secret-commands.yml'],
])('%s', async (text, message) => {
  only('secret-commands.yml', text);
  const problems = await problemsOf();
  expect(problems).toContain(message);
  expect(problems).toMatch(/deploy\/secret-commands\.yml(:\d+:\d+)?: /);
});

test('two places for one secret are one too many', async () => {
  only('secrets/api_key.txt', 'hunter2');
  write('secrets/api_key.p8', 'hunter2');
  expect(await problemsOf()).toContain('is the secret api_key, which also comes from secrets/api_key.p8');
});

test('two files for one variable are one too many', async () => {
  only('secrets/api_key.txt', 'hunter2');
  write('secrets/api-key.txt', 'hunter2');
  expect(await problemsOf()).toContain('which also comes from secrets/api-key.txt');
});

test('a folder among the secrets is left to what names its files', async () => {
  only('secrets/api_key.txt', 'hunter2');
  mkdirSync(join(root, 'deploy/secrets/tls'));
  write('secrets/tls/key.pem', 'hunter2-pem');
  expect((await load()).findings.map(({ rule }) => rule)).toEqual(['no-healthcheck']);
});

test('a secret that no variable can name is said', async () => {
  only('secrets/api_key.txt', 'hunter2');
  write('secrets/2fa_key.txt', 'hunter2');
  const [finding] = (await load()).findings.filter(({ rule }) => rule === 'unused-secret');
  expect(finding?.file).toMatch(/secrets\/2fa_key\.txt$/);
  expect(finding?.message).toContain('is not used, and no variable can name it');
});

test('a secret that nothing has a value for is a variable that nothing sets', async () => {
  only('secrets/other.txt', 'x');
  expect(await problemsOf()).toContain('API_KEY_SECRET is not set');
});

test('a secret with file: is read beside the stack file, and may come from elsewhere', async () => {
  only('secrets/api_key.txt', 'hunter2-file');
  write(
    'stack.yml',
    'services: { a: { image: "b:1" } }\nsecrets: { tls: { file: ./secrets/api_key.txt } }\n',
  );
  expect(await secretValue()).toBe('hunter2-file');
  expect((await load()).findings.map(({ rule }) => rule)).not.toContain('unused-secret');
  expect(await secretValue({ WAGGLE_SECRET_TLS: 'hunter2-variable' })).toBe('hunter2-variable');
  write('stack.yml', 'services: { a: { image: "b:1" } }\nsecrets: { tls: { file: ./none.txt } }\n');
  expect(await problemsOf()).toContain('stack.yml:2:12: secrets.tls: there is no file ');
});

test('configs by file and by content; secrets by variable, which is hidden', async () => {
  only('page.html', '<p>');
  const stack = [
    'services: { a: { image: "b:1" } }',
    'configs: { page: { file: page.html }, inline: { content: "port: ${PORT:-80} $$x ${A_TOKEN}" } }',
    'secrets: { token: { environment: SOME_TOKEN } }',
  ];
  write('stack.yml', `${stack.join('\n')}\n`);
  const release = await load({ SOME_TOKEN: 'hunter2-token', A_TOKEN: 'hunter2-a' });
  const values = release.objects.map(({ kind, key: name, value }) => [kind, name, value?.revealText()]);
  expect(values).toEqual([
    ['secret', 'token', 'hunter2-token'],
    ['config', 'page', '<p>'],
    ['config', 'inline', 'port: 80 $x hunter2-a'],
  ]);
  expect(inspect(release, { depth: 9 })).not.toContain('hunter2');
});

test('env_file and label_file are taken into the stack, values of an env_file as names into its template', async () => {
  only('a.env', 'PLAIN=one\nDB_PASSWORD=hunter2-db\nBOTH=file\n');
  write('labels', 'a.label=x\n');
  write(
    'stack.yml',
    'services: { a: { image: "b:1", env_file: [a.env, { path: none.env, required: false }], label_file: labels, environment: [BOTH=own, NAMED, UNSET] } }\n',
  );
  const { document, template, sensitive } = await load({ NAMED: 'given' });
  const of = (environment: object) => ({ image: 'b:1', environment, labels: { 'a.label': 'x' } });
  expect(document.services?.a).toEqual(
    of({ PLAIN: 'one', DB_PASSWORD: 'hunter2-db', BOTH: 'own', NAMED: 'given', UNSET: null }),
  );
  expect(template.services?.a).toEqual(
    of({ PLAIN: '${PLAIN}', DB_PASSWORD: '${DB_PASSWORD}', BOTH: 'own', NAMED: '${NAMED}', UNSET: null }),
  );
  expect(Object.keys(sensitive)).toEqual(['NAMED', 'PLAIN', 'DB_PASSWORD', 'BOTH']);
  write('stack.yml', 'services: { a: { image: "b:1", env_file: none.env } }\n');
  expect(await problemsOf()).toContain('services.a.env_file: there is no none.env');
});

test('an environment has a folder of its own, and may share a stack file', async () => {
  mkdirSync(join(root, 'deploy/staging'), { recursive: true });
  for (const file of ['cluster.env', 'registry.env', 'prod.env']) write(`staging/${file}`, '');
  write('stack.yml', 'services: { a: { image: "b:1", environment: { WHERE: "${WHERE}" } } }\n');
  write(
    'staging/cluster.env',
    'DEPLOY_MANAGER_HOST=s1\nSTACK_NAME=shop-staging\nDEPLOY_TAG=v1\nSTACK_FILES=../stack.yml:more.yml\nWHERE=staging\n',
  );
  write(
    'staging/registry.env',
    'REGISTRY=r.io\nREGISTRY_NAMESPACE=n\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=t\n',
  );
  mkdirSync(join(root, 'deploy/staging/secrets'));
  write('staging/secrets/api_key.txt', 'hunter2-staging');
  only('secrets/api_key.txt', 'hunter2-production');
  write(
    'staging/more.yml',
    'services: { a: { deploy: { replicas: 1 } } }\nsecrets: { api_key: { file: secrets/api_key.txt } }\n',
  );
  const release = await loadRelease({
    secrecy: new Secrecy(),
    root,
    git: readGit(root),
    environment: {},
    target: 'staging',
    copyExamples: false,
    isOffline: true,
  });
  expect(release).toMatchObject({ stack: 'shop-staging', base: join(root, 'deploy') });
  expect(release.objects[0]?.value?.revealText()).toBe('hunter2-staging');
  expect(release.document.services?.a).toMatchObject({
    environment: { WHERE: 'staging' },
    deploy: { replicas: 1 },
  });
});
