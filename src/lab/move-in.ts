import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Machine } from './machine.ts';
import { ALL_MANAGERS, MANAGER, REGISTRY } from './topology.ts';

export const PROJECT = '/home/operator/project';
const OWNER = 'operator:operator';

/** Another value of a secret would restart what runs with it. */
const MADE_UP = `-path "${PROJECT}/deploy/*secrets/*" ! -name "*.example"`;

/** What the examples say, under the real names; a secret is made up, once. */
const FILL_IN = `
for file in deploy/*.env.example; do [ -e "\${file%.example}" ] || cp "$file" "\${file%.example}"; done
for file in deploy/secrets/*.example; do [ -e "$file" ] && [ ! -e "\${file%.example}" ] && head -c 24 /dev/urandom | base64 >"\${file%.example}"; done
git init --quiet && printf '*.env\\n**/secrets/*\\n!*.example\\n' >.git/info/exclude && git add -A && git -c user.email=operator@lab -c user.name=operator commit --quiet --message 'first commit'
`;

/** Puts a copy of a project on a machine, a commit of its own, with settings for the lab in its deploy folder. */
export async function moveIn(machine: Machine, project: string): Promise<void> {
  await machine.copyIn(project, PROJECT, OWNER, ['.git', 'node_modules', ...findPrivate(project)], MADE_UP);
  await fillIn(machine, 'cluster.env', {
    ...MANAGER,
    DEPLOY_MANAGER_HOST: ALL_MANAGERS,
    STACK_NAME: nameOf(project),
  });
  await fillIn(machine, 'registry.env', registrySettings('lab'));
  await machine.run(['sh', '-c', FILL_IN], { user: 'operator', cwd: PROJECT });
}

export const registrySettings = (namespace: string) => ({
  REGISTRY: REGISTRY.host,
  REGISTRY_NAMESPACE: namespace,
  REGISTRY_USERNAME: REGISTRY.username,
  REGISTRY_TOKEN: REGISTRY.password,
});

/** Writes an env file of the project that is there. */
export async function fillIn(
  machine: Machine,
  file: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
  await machine.writeFile(`${PROJECT}/deploy/${file}`, lines.join(''), { mode: '600', owner: OWNER });
}

/** As a stack may be called. */
const nameOf = (project: string) =>
  basename(project)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'project';

/** Settings and secrets of this machine; what stands for them in a checkout is enough. */
function findPrivate(project: string): readonly string[] {
  return readdirSync(join(project, 'deploy'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.env') || (/(^|\/)secrets\/./.test(file) && !file.endsWith('.example')))
    .map((file) => `./deploy/${file}`);
}
