import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runWaggle } from '../cli/run-waggle.ts';

const root = mkdtempSync(join(tmpdir(), 'waggle-tracked-'));
afterAll(() => rmSync(root, { recursive: true }));

const STACK = `services:
  a:
    image: b:1
    env_file: [../web.env, ../plain.env]
    secrets: [key]
secrets:
  key: { file: ../keys/key.pem }
configs:
  page: { file: ../page.html }
`;
const FILES: Readonly<Record<string, string>> = {
  'deploy/cluster.env': 'DEPLOY_MANAGER_HOST=127.0.0.1\nSTACK_NAME=shop\nDEPLOY_TAG=v1\n',
  'deploy/registry.env': 'REGISTRY=r.io\nREGISTRY_NAMESPACE=n\nREGISTRY_USERNAME=u\nREGISTRY_TOKEN=t0k\n',
  'deploy/prod.env': '',
  'deploy/stack.yml': STACK,
  'web.env': 'SMTP_PASSWORD=s3cret-of-web\n',
  'plain.env': 'LANG=C\n',
  'keys/key.pem': 'the key itself',
  'page.html': 'hello',
  'src/secrets/reader.ts': 'no secret at all',
};
const OF_THE_STACK = ['keys/key.pem', 'web.env'];
const OF_WAGGLE = ['deploy/cluster.env', 'deploy/prod.env', 'deploy/registry.env'];

test('credentials that git tracks and others can read are found in a real checkout, wherever they are', () => {
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), text);
    chmodSync(join(root, file), 0o644);
  }
  const git = (...argv: readonly string[]) => execFileSync('git', argv, { cwd: root, stdio: 'pipe' });
  const refused = () => {
    const { stderr } = runWaggle(root, ['plan', '--offline']);
    const lines = stderr.split('\n').filter((line) => line.endsWith('[tracked-secret]'));
    return lines.map((line) => line.trim().split(':')[0]).sort();
  };
  const warned = () => {
    const { stdout } = runWaggle(root, ['deploy', '--json'], { DRY_RUN: '1' });
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const findings = events.flatMap(({ rule, findings }) => (rule === 'open-secret' ? findings : []));
    return findings.map(({ file }) => file).sort();
  };
  git('init', '-q');
  git('add', '-A');
  expect(refused()).toEqual([...OF_WAGGLE, ...OF_THE_STACK]);
  git('rm', '-q', '--cached', ...OF_WAGGLE, ...OF_THE_STACK);
  expect(refused()).toEqual([]);
  expect(warned()).toEqual([...OF_WAGGLE, ...OF_THE_STACK]);
});
