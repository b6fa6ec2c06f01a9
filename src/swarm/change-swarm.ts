import type Docker from 'dockerode';
import type { AuthConfig } from 'dockerode';
import type { Labels, ServiceSpec, SwarmChanges } from '../shared/swarm.ts';
import { ask, failed, gone } from './ask.ts';

/** A service whose version moves under us is read again, but not for ever. */
const UPDATE_ATTEMPTS = 5;

/** `authFor` gives the login that the registry of an image needs, and none for any other registry. */
export function swarmChanges(
  docker: Docker,
  authFor: (image: string) => AuthConfig | undefined,
): SwarmChanges {
  const authOf = (spec: ServiceSpec) => authFor(spec.TaskTemplate?.ContainerSpec?.Image ?? '');
  return {
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
  };
}

/** dockerode's way to send a body beside a query. */
function withBody(spec: ServiceSpec, query: object): never {
  return { _body: spec, _query: query } as never;
}

/** swarmkit answers a stale version with status 500 and these words; there is no better sign of it. */
function isOutOfSequence(error: Error): boolean {
  return error.message.includes('update out of sequence');
}
