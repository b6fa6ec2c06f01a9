import type Docker from 'dockerode';
import type { AuthConfig } from 'dockerode';
import { DeployError, type FailureCode, messageOf } from '../shared/errors.ts';
import type { Labels, ServiceSpec, Swarm } from '../shared/swarm.ts';
import {
  type ApiNode,
  type ApiService,
  type ApiTask,
  parseLogFrames,
  viewNode,
  viewService,
  viewTask,
} from './views.ts';

const STACK_LABEL = 'com.docker.stack.namespace';
/** A service whose version moves under us is read again, but not for ever. */
const UPDATE_ATTEMPTS = 5;

/** The registry whose images need a login, and the login. */
export interface Login {
  readonly serveraddress: string;
  readonly username: string;
  readonly password: string;
}

/** The manager's Docker API, in the operator's words when it fails. */
export function swarmClient(docker: Docker, login: Login): Swarm {
  const auth: AuthConfig = { ...login };
  // The login is for one registry: for an image of any other it would be shown to a stranger.
  const authFor = (image = '') => (image.startsWith(`${login.serveraddress}/`) ? auth : undefined);
  const authOf = (spec: ServiceSpec) => authFor(spec.TaskTemplate?.ContainerSpec?.Image);
  const ofStack = (stack: string) => ({ label: [`${STACK_LABEL}=${stack}`] });
  return {
    async readNodes() {
      const nodes = await ask('list the nodes', docker.listNodes() as Promise<unknown>);
      return (nodes as ApiNode[]).map(viewNode);
    },
    async readManager() {
      const { Swarm, ServerVersion } = await ask('read the engine', docker.info());
      return {
        isManager: Swarm.ControlAvailable === true,
        version: ServerVersion,
        problem: Swarm.Error ?? '',
      };
    },
    async readServices(stack) {
      const options = { filters: ofStack(stack), status: true };
      const services = await ask('list the services', docker.listServices(options) as Promise<unknown>);
      return (services as ApiService[]).map(viewService);
    },
    async readTasks(stack, which = 'all') {
      const current = which === 'current' ? { '_up-to-date': ['true'] } : {};
      const filters = JSON.stringify({ ...ofStack(stack), ...current });
      const tasks = await ask('list the tasks', docker.listTasks({ filters }) as Promise<unknown>);
      return (tasks as ApiTask[]).map(viewTask);
    },
    async readTaskLog(taskId, lines) {
      const options = { stdout: true, stderr: true, tail: lines };
      const frames = await ask('read a task log', taskOf(docker, taskId).logs(options));
      return parseLogFrames(Buffer.from(frames as Buffer)).slice(-lines);
    },
    async readNetworks(stack) {
      const networks = await ask('list the networks', docker.listNetworks({ filters: ofStack(stack) }));
      return networks.map(({ Id, Name }) => ({ id: Id, name: Name }));
    },
    async readSecrets(labels) {
      const label = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
      const secrets = await ask('list the secrets', docker.listSecrets({ filters: { label } }));
      return secrets.map(({ Spec, CreatedAt }) => ({
        name: Spec?.Name ?? '',
        labels: Spec?.Labels ?? {},
        createdAt: CreatedAt ?? '',
      }));
    },
    async createSecret(name: string, value: Buffer, labels: Labels) {
      const spec = { Name: name, Labels: { ...labels }, Data: value.toString('base64') };
      await ask(`create the secret ${name}`, docker.createSecret(spec));
    },
    async createService(spec: ServiceSpec) {
      const creating = docker.createService(authOf(spec) as AuthConfig, withBody(spec, {}));
      await ask(`create the service ${spec.Name}`, creating);
    },
    async updateService(id: string, spec: ServiceSpec) {
      const service = docker.getService(id);
      for (let attempt = 1; ; attempt++) {
        const { Version } = await ask(`read the service ${spec.Name}`, service.inspect());
        const body = withBody(spec, { version: Version.Index });
        const updating = service.update(authOf(spec) as AuthConfig, body) as unknown as Promise<unknown>;
        const error = await updating.then(
          () => undefined,
          (thrown: Error) => thrown,
        );
        if (error === undefined) return;
        if (attempt === UPDATE_ATTEMPTS || !isOutOfSequence(error))
          throw failed(`update ${spec.Name}`, error);
      }
    },
    removeService: (id) => gone(`remove the service ${id}`, docker.getService(id).remove()),
    removeSecret: (name) => gone(`remove the secret ${name}`, docker.getSecret(name).remove()),
    removeNetwork: (id) => gone(`remove the network ${id}`, docker.getNetwork(id).remove()),
    async readDigest(image) {
      const authconfig = authFor(image);
      const asking = docker.getImage(image).distribution({ ...(authconfig && { authconfig }) });
      const answer = await ask(`look up ${image} in its registry`, asking, 'REGISTRY_REFUSED');
      return (answer as { Descriptor: { digest: string } }).Descriptor.digest;
    },
    async checkRegistryLogin() {
      await ask(
        `log in to ${login.serveraddress} as ${login.username}`,
        docker.checkAuth(auth),
        'REGISTRY_REFUSED',
      );
    },
  };
}

/** dockerode has task logs; its types do not. */
function taskOf(docker: Docker, id: string): { logs(options: object): Promise<unknown> } {
  return docker.getTask(id) as never;
}

/** dockerode's way to send a body beside a query. */
function withBody(spec: ServiceSpec, query: object): never {
  return { _body: spec, _query: query } as never;
}

/** swarmkit answers a stale version with status 500 and these words; there is no better sign of it. */
function isOutOfSequence(error: Error): boolean {
  return error.message.includes('update out of sequence');
}

async function ask<T>(what: string, asking: Promise<T>, code: FailureCode = 'DEPLOY_FAILED'): Promise<T> {
  return asking.catch((error: Error) => {
    throw failed(what, error, code);
  });
}

/** Removing what is not there has succeeded. */
async function gone(what: string, removing: Promise<unknown>): Promise<void> {
  await removing.catch((error: Error & { statusCode?: number }) => {
    if (error.statusCode !== 404) throw failed(what, error);
  });
}

function failed(
  what: string,
  error: Error & { statusCode?: number; json?: { message?: string } },
  code: FailureCode = 'DEPLOY_FAILED',
): DeployError {
  if (error instanceof DeployError) return error;
  const reason = error.json?.message ?? messageOf(error);
  const failure = error.statusCode === undefined ? 'UNREACHABLE' : code;
  return new DeployError(failure, `the manager could not ${what}: ${reason}`, { cause: error });
}
