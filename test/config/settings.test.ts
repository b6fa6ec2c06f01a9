import { expect, test } from 'vitest';
import { managersOf } from '../../src/config/managers.ts';
import { release } from '../fakes/inputs.ts';

/** What a plan, which asks nobody, says of a line of cluster.env. */
function problemsOf(lines: string): string {
  try {
    release({}, { 'cluster.env': `STACK_NAME=shop\n${lines}\n` });
  } catch (error) {
    return (error as { details: readonly string[] }).details.join('\n');
  }
  return '';
}

test.each([
  ['m1', [{ name: 'm1', user: 'all', port: 22 }]],
  ['ssh://deploy@m1:2222', [{ name: 'm1', user: 'deploy', port: 2222 }]],
  [
    'deploy@m1, m2:2222',
    [
      { name: 'm1', user: 'deploy', port: 22 },
      { name: 'm2', user: 'all', port: 2222 },
    ],
  ],
])('a manager that is written %s is taken apart', (host, managers) => {
  const texts = { DEPLOY_MANAGER_USER: 'all', DEPLOY_MANAGER_SSH_PORT: '22', DEPLOY_MANAGER_HOST: host };
  const { settings } = release({ environment: texts });
  expect(managersOf(settings)).toEqual(managers);
});

test.each(['https://m1', 'ssh://m1/home', 'deploy:hunter2@m1', 'm1:', 'm1:70000', 'm1,,m2', 'm1 m2'])(
  'DEPLOY_MANAGER_HOST=%s is a problem of its line, and is not printed',
  (host) => {
    const problems = problemsOf(`DEPLOY_MANAGER_HOST=${host}`);
    expect(problems).toMatch(/^deploy\/cluster\.env:2: DEPLOY_MANAGER_HOST must be hosts/);
    expect(problems).not.toContain('hunter2');
  },
);

const KEY =
  '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAhunter2\n-----END OPENSSH PRIVATE KEY-----\n';

test.each([
  ['as it is', `"${KEY}"`],
  ['flattened', KEY.replaceAll('\n', ' ')],
  ['with \\n', `"${KEY.replaceAll('\n', '\\n')}"`],
  ['without its frame', 'b3BlbnNzaC1rZXktdjEAAAhunter2'],
  ['in base64', Buffer.from(KEY).toString('base64')],
  ['of which only the body is left', `MIIEpAIBAAKC${'hunter2'.repeat(40)}`],
  ['of PuTTY', '"PuTTY-User-Key-File-3: ssh-ed25519 hunter2"'],
])('DEPLOY_SSH_KEY that holds a key %s is a problem of its line, and is not printed', (_what, text) => {
  const problems = problemsOf(`DEPLOY_MANAGER_HOST=m1\nDEPLOY_SSH_KEY=${text}`);
  expect(problems).toMatch(/^deploy\/cluster\.env:3: DEPLOY_SSH_KEY must be the path of a private key/);
  expect(problems).not.toMatch(/hunter2|aHVudGVyM|b3Blbn/);
});

test('a path is one', () => {
  expect(problemsOf('DEPLOY_MANAGER_HOST=m1\nDEPLOY_SSH_KEY=~/.ssh/id_ed25519')).toBe('');
});

test.each([
  ['AcmeCorp', false],
  ['team/', false],
  ['/team', false],
  ['a b', false],
  ['team', true],
  ['team/shop-1.x', true],
  ['a__b', true],
])('REGISTRY_NAMESPACE=%s: %s', (namespace, isFine) => {
  const text = `REGISTRY=r.io\nREGISTRY_NAMESPACE=${namespace}\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=t\n`;
  const planning = () => release({}, { 'registry.env': text });
  if (isFine) expect(planning().registry.host).toBe('r.io');
  else
    expect(planning).toThrow(
      expect.objectContaining({
        details: [expect.stringMatching(/^deploy\/registry\.env:2: REGISTRY_NAMESPACE must be lower case/)],
      }),
    );
});

test.each(['NOTIFY_SLACK_URL', 'NOTIFY_WEBHOOK_URL'])(
  '%s must be a web address, and is not printed',
  (name) => {
    for (const value of [
      'hooks.slack.com/services/hunter2',
      '//hooks/hunter2',
      'ftp://hunter2',
      'https://',
    ]) {
      const problems = problemsOf(`DEPLOY_MANAGER_HOST=m1\n${name}=${value}`);
      expect(problems).toBe(
        `deploy/cluster.env:3: ${name} must be a URL that begins with https:// or http://`,
      );
    }
    expect(problemsOf(`DEPLOY_MANAGER_HOST=m1\n${name}=https://hooks.slack.com/services/hunter2`)).toBe('');
    expect(problemsOf(`DEPLOY_MANAGER_HOST=m1\n${name}=`)).toBe('');
  },
);
