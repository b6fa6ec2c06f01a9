import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Registry } from '../plan/release/release.ts';
import { loginAddress, registryName } from '../shared/image-name.ts';
import { PrivateFolder } from '../shared/private-folder.ts';
import { type LoginTools, logIn } from './docker-login.ts';
import { readUserConfig, userFolder } from './user-config.ts';

/** The parts of the user's Docker configuration that a build needs, next to config.json. */
const SHARED_FOLDERS = ['cli-plugins', 'contexts', 'buildx'];

/**
 * A private DOCKER_CONFIG (0700) that is logged in to the registry and is gone when disposed of. The user's own is
 * never written to; its logins and helpers serve every other registry, for the images that a build begins with.
 */
export class PrivateDockerConfig implements AsyncDisposable {
  readonly #folder: PrivateFolder;

  private constructor(folder: PrivateFolder) {
    this.#folder = folder;
  }

  get path(): string {
    return this.#folder.path;
  }

  static async login(registry: Registry, tools: LoginTools): Promise<PrivateDockerConfig> {
    const config = new PrivateDockerConfig(await PrivateFolder.make());
    try {
      await config.#shareUserConfig(registry.host);
      await logIn(registry, config.path, tools);
      return config;
    } catch (error) {
      await config[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #shareUserConfig(host: string): Promise<void> {
    const own = userFolder();
    await Promise.all(SHARED_FOLDERS.map((name) => symlink(join(own, name), join(this.path, name))));
    const { auths, credHelpers, ...settings } = await readUserConfig(own);
    const others = <T>(logins: Readonly<Record<string, T>>) =>
      Object.fromEntries(
        Object.entries(logins).filter(([server]) => registryName(server) !== registryName(host)),
      );
    const shared = {
      ...settings,
      auths: others(auths ?? {}),
      // Ours has none: `docker login` would keep it in the user's own store, where it stays.
      credHelpers: { ...others(credHelpers ?? {}), [loginAddress(host)]: '' },
    };
    await writeFile(join(this.path, 'config.json'), JSON.stringify(shared), { mode: 0o600 });
  }

  /** Removing the folder is the logout: the login is nowhere else. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#folder[Symbol.asyncDispose]();
  }
}
