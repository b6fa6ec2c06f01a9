import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Registry } from '../plan/release.ts';
import { DeployError } from '../shared/errors.ts';
import type { Mask } from '../shared/mask.ts';
import type { Shell } from '../shared/shell.ts';

/** What of the user's own Docker configuration a build needs: no credentials among it. */
const SHARED_FOLDERS = ['cli-plugins', 'contexts', 'buildx'];

/**
 * A private DOCKER_CONFIG (0700) that is logged in to the registry and is gone when disposed of. The user's own
 * is neither read for credentials nor written to.
 */
export class PrivateDockerConfig implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async login(registry: Registry, local: Shell, mask: Mask): Promise<PrivateDockerConfig> {
    const config = new PrivateDockerConfig(await mkdtemp(join(tmpdir(), 'waggle-docker-')));
    try {
      await config.#shareUserFolders();
      await config.#login(registry, local, mask);
      return config;
    } catch (error) {
      await config[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #shareUserFolders(): Promise<void> {
    const own = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker');
    await Promise.all(SHARED_FOLDERS.map((name) => symlink(join(own, name), join(this.path, name))));
    const text = await readFile(join(own, 'config.json'), 'utf8').catch(() => '{}');
    const { currentContext } = JSON.parse(text) as { currentContext?: string };
    await writeFile(join(this.path, 'config.json'), JSON.stringify({ currentContext }), { mode: 0o600 });
  }

  async #login({ host, username, token }: Registry, local: Shell, mask: Mask): Promise<void> {
    const argv = ['docker', 'login', host, '--username', username, '--password-stdin'];
    const login = await local(argv, { env: { DOCKER_CONFIG: this.path }, input: token.revealText() });
    if (login.exitCode === 0) return;
    throw new DeployError('REGISTRY_REFUSED', `cannot log in to ${host} as ${username} from this machine`, {
      details: [mask(login.stderr.trim())],
      hint: 'check REGISTRY_USERNAME and REGISTRY_TOKEN in deploy/registry.env',
    });
  }

  /** Removing the folder is the logout: the login is nowhere else. Links are removed, not followed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
