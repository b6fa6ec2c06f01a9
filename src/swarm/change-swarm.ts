import { isDeepStrictEqual } from 'node:util';
import type Docker from 'dockerode';
import type { AuthConfig, IPAM, NetworkInspectInfo } from 'dockerode';
import type { DeployError } from '../shared/errors.ts';
import { checkGuard } from '../shared/retry-on-disconnect.ts';
import type { ServiceSpec } from '../shared/service-spec.ts';
import type { SwarmChanges } from '../shared/swarm.ts';
import { ask, removeIfPresent } from './ask.ts';
import { withQuery } from './request.ts';
import type { ApiObject } from './views.ts';

type Labels = Readonly<Record<string, string>>;

const CONFLICT = 409;
/** A service that somebody else changes meanwhile is read again, a limited number of times. */
const UPDATE_ATTEMPTS = 5;

/** Gives the login that the registry of an image needs, and none for any other registry. */
export type AuthFor = (image: string) => Promise<AuthConfig | undefined>;

export function swarmChanges(docker: Docker, authFor: AuthFor): SwarmChanges {
  const authOf = (spec: ServiceSpec) =>
    authFor(spec.TaskTemplate?.ContainerSpec?.Image ?? '') as Promise<AuthConfig>;
  return {
    async createObject(kind, { name, value, labels, templating }) {
      const spec = {
        Name: name,
        Labels: { ...labels },
        Data: value.toString('base64'),
        ...(templating && { Templating: { Name: templating } }),
      };
      const create: () => Promise<unknown> = () =>
        kind === 'secret' ? docker.createSecret(spec) : docker.createConfig(spec);
      const readLabels = async () => {
        const object = kind === 'secret' ? docker.getSecret(name) : docker.getConfig(name);
        return ((await object.inspect()) as ApiObject).Spec?.Labels;
      };
      await ask(`create the ${kind} ${name}`, once(create, readLabels, labels));
    },
    async createService(spec: ServiceSpec) {
      const auth = await authOf(spec);
      const create: () => Promise<unknown> = () => docker.createService(auth, withQuery({}, spec));
      const readLabels = async () => (await docker.getService(spec.Name ?? '').inspect()).Spec.Labels;
      await ask(`create the service ${spec.Name}`, once(create, readLabels, spec.Labels));
    },
    async createNetwork({ name, driver, options, internal, attachable, labels, ipv6, ipam }) {
      const network = {
        Name: name,
        // Of engines before 25, which would make two of a name.
        CheckDuplicate: true,
        Driver: driver,
        Options: { ...options },
        Internal: internal,
        Attachable: attachable,
        Labels: { ...labels },
        EnableIPv6: ipv6,
        ...(ipam && { IPAM: ipam as IPAM }),
      };
      const readLabels = async () => ((await docker.getNetwork(name).inspect()) as NetworkInspectInfo).Labels;
      await ask(
        `create the network ${name}`,
        once(() => docker.createNetwork(network), readLabels, labels),
      );
    },
    async updateService(id: string, spec: ServiceSpec) {
      const service = docker.getService(id);
      const auth = await authOf(spec);
      for (let attempt = 1; ; attempt++) {
        const { Version } = await ask(`read the service ${spec.Name}`, () => service.inspect());
        const body = withQuery({ version: Version.Index }, spec);
        // After the version is known: who takes the lock over moves it on.
        await checkGuard();
        const update = () => service.update(auth, body) as unknown as Promise<unknown>;
        // Done twice it is refused as out of sequence, read again and then the same spec: nothing restarts.
        const error = await ask(`update ${spec.Name}`, update).then(
          () => undefined,
          (thrown: DeployError) => thrown,
        );
        if (error === undefined) return;
        if (attempt === UPDATE_ATTEMPTS || !isOutOfSequence(error)) throw error;
      }
    },
    removeService: (id) => removeIfPresent(`remove the service ${id}`, () => docker.getService(id).remove()),
    removeObject: (kind, name) => {
      const object = kind === 'secret' ? docker.getSecret(name) : docker.getConfig(name);
      return removeIfPresent(`remove the ${kind} ${name}`, () => object.remove());
    },
    removeNetwork: (id) => removeIfPresent(`remove the network ${id}`, () => docker.getNetwork(id).remove()),
  };
}

/**
 * Makes something that has a name of its own. When the connection dropped, the first attempt may have made it: then
 * what stands there has the very labels that were to be given, and no other error is meant.
 */
function once(
  create: () => Promise<unknown>,
  readLabels: () => Promise<Labels | undefined>,
  labels: Labels | undefined,
): () => Promise<unknown> {
  let attempts = 0;
  return async () => {
    attempts++;
    return create().catch(async (error: Error & { statusCode?: number }) => {
      const isRepeated = error.statusCode === CONFLICT && attempts > 1;
      if (!isRepeated || !isDeepStrictEqual((await readLabels()) ?? {}, labels ?? {})) throw error;
    });
  };
}

/** swarmkit answers a stale version with status 500 and these words; there is no better sign of it. */
function isOutOfSequence(error: Error): boolean {
  return error.message.includes('update out of sequence');
}
