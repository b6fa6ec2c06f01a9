import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const DEPLOY = resolve(import.meta.dirname, '../deploy');

/** Puts what each `.example` of the deploy folder says under its real name; a secret is made up. */
export function fillIn(project: string): void {
  for (const part of ['deploy', 'deploy/secrets']) {
    for (const file of readdirSync(join(project, part)).filter((name) => name.endsWith('.example'))) {
      const filled = join(project, part, file.replace('.example', ''));
      if (part === 'deploy') cpSync(join(project, part, file), filled);
      else writeFileSync(filled, `the value of ${file}`);
      chmodSync(filled, 0o600);
    }
  }
}

/** What the env files of the reference stack leave open. */
export const LEFT_OPEN = {
  DEPLOY_MANAGER_HOST: 'm1',
  REGISTRY: 'r.io',
  REGISTRY_NAMESPACE: 'shop',
  REGISTRY_USERNAME: 'u',
  REGISTRY_TOKEN: 't',
};

/** A stack, the reference's or another's, filled in, in a new checkout with one commit; what its env files leave open is in `env`. */
export function createSampleProject(deploy = DEPLOY): { folder: string; env: Record<string, string> } {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-sample-'));
  cpSync(deploy, join(folder, 'deploy'), {
    recursive: true,
    filter: (path) => !/\.(env|txt|p8)$/.test(path),
  });
  fillIn(folder);
  const commit = 'git init -q && git -c user.name=b -c user.email=b@b commit -q --allow-empty -m b';
  execFileSync('sh', ['-c', commit], { cwd: folder });
  return { folder, env: LEFT_OPEN };
}
