import pRetry from 'p-retry';
import type { Registry } from '../plan/release/release.ts';
import { DeployError } from '../shared/errors.ts';
import { REGISTRY_TROUBLE } from '../shared/registry-trouble.ts';
import { TimeLimit } from '../shared/time-limit.ts';
import type { Tools } from '../shared/tools.ts';

export type LoginTools = Pick<Tools, 'local' | 'signal'>;

const RETRIES = 3;
const BOUND_MS = 30_000;
const PASSING = new RegExp(REGISTRY_TROUBLE);

/** Logs in on this machine. A registry that is busy or broken for a moment is asked again; one that says no is not. */
export function logIn(registry: Registry, folder: string, tools: LoginTools): Promise<void> {
  return pRetry(() => tryLogin(registry, folder, tools), {
    retries: RETRIES,
    signal: tools.signal,
    shouldRetry: ({ error }) =>
      error instanceof DeployError && error.details.some((said) => PASSING.test(said)),
  });
}

async function tryLogin(
  { host, username, token }: Registry,
  folder: string,
  { local, signal }: LoginTools,
): Promise<void> {
  const argv = ['docker', 'login', host, '--username', username, '--password-stdin'];
  using limit = new TimeLimit(BOUND_MS, signal);
  const { exitCode, stderr } = await local(argv, {
    env: { DOCKER_CONFIG: folder },
    input: token.revealText(),
    signal: limit.signal,
  });
  if (exitCode === 0) return;
  signal.throwIfAborted();
  throw new DeployError('REGISTRY_REFUSED', `cannot log in to ${host} as ${username} from this machine`, {
    details: [limit.isOver ? `no answer within ${BOUND_MS / 1000} s` : stderr.trim()],
    hint: 'check REGISTRY_USERNAME and REGISTRY_TOKEN in deploy/registry.env',
  });
}
