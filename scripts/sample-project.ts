import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const DEPLOY = resolve(import.meta.dirname, '../deploy');

/** A stack, the reference's or another's, filled in, in a new checkout with one commit; what its env files leave open is in `env`. */
export function createSampleProject(deploy = DEPLOY): { folder: string; env: Record<string, string> } {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-sample-'));
  cpSync(deploy, join(folder, 'deploy'), {
    recursive: true,
    filter: (path) => !/\.(env|txt|p8)$/.test(path),
  });
  for (const part of ['deploy', 'deploy/secrets']) {
    for (const file of readdirSync(join(folder, part)).filter((name) => name.endsWith('.example'))) {
      const filled = join(folder, part, file.replace('.example', ''));
      if (part === 'deploy') cpSync(join(folder, part, file), filled);
      else writeFileSync(filled, `the value of ${file}`);
      chmodSync(filled, 0o600);
    }
  }
  const commit = 'git init -q && git -c user.name=b -c user.email=b@b commit -q --allow-empty -m b';
  execFileSync('sh', ['-c', commit], { cwd: folder });
  const env = {
    DEPLOY_MANAGER_HOST: 'm1',
    REGISTRY: 'r.io',
    REGISTRY_NAMESPACE: 'shop',
    REGISTRY_USERNAME: 'u',
    REGISTRY_TOKEN: 't',
  };
  return { folder, env };
}
