import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DeployError } from '../shared/errors.ts';
import type { Ask } from '../shared/tools.ts';

/** As Docker's own commands look for them. */
const COMPOSE_FILES = ['compose', 'docker-compose', 'docker-stack'].flatMap((name) =>
  ['yaml', 'yml'].map((ending) => `${name}.${ending}`),
);

/** The compose file of the project, which is asked for if there are several; `undefined`: there is none. */
export async function chooseCompose(root: string, ask: Ask): Promise<string | undefined> {
  const found = COMPOSE_FILES.filter((file) => existsSync(join(root, file)));
  if (found.length < 2) return found[0];
  const list = found.map((file, at) => `  ${at + 1}  ${file}`).join('\n');
  const answer = (await ask(`which file runs in production?\n${list}\nnumber or name: `))?.trim();
  const chosen = found[Number(answer) - 1] ?? found.find((file) => file === answer);
  if (chosen) return chosen;
  throw new DeployError('USAGE', `there are several compose files: ${found.join(', ')}`, {
    hint: `name the one that runs in production: ${found.map((file) => `\`waggle init ${file}\``).join(' or ')}`,
  });
}
