import { isDeepStrictEqual } from 'node:util';
import type Docker from 'dockerode';
import { RECORD_LABEL } from '../plan/labels.ts';
import type { DeployError } from '../shared/errors.ts';
import type { Labels } from '../shared/service-spec.ts';
import type { SwarmRecord, SwarmRecords } from '../shared/swarm.ts';
import { ask, removeIfPresent } from './ask.ts';
import { withQuery } from './request.ts';

interface ApiConfig {
  ID: string;
  Version: { Index: number };
  Spec: { Name: string; Labels?: Labels; Data?: string };
}

const NOT_FOUND = 404;
const CONFLICT = 409;

/**
 * Docker creates a config under a name once, and changes its labels only for who knows its version: enough for a lock.
 * Each question is asked again when the connection drops; what it may have done before is then looked for.
 */
export function swarmRecords(docker: Docker): SwarmRecords {
  const read = async (idOrName: string): Promise<SwarmRecord | undefined> =>
    docker
      .getConfig(idOrName)
      .inspect()
      .then((config) => viewRecord(config as unknown as ApiConfig))
      .catch((error: Error & { statusCode?: number }) => {
        if (error.statusCode === NOT_FOUND) return undefined;
        throw error;
      });
  return {
    async readRecords(stack) {
      const label = stack === undefined ? RECORD_LABEL : `${RECORD_LABEL}=${stack}`;
      const filters = JSON.stringify({ label: [label] });
      const listed = await ask('list its records', () => docker.listConfigs({ filters }) as Promise<unknown>);
      return (listed as ApiConfig[]).map(viewRecord);
    },
    async createRecord(record) {
      const { name, labels, data } = record;
      const spec = { Name: name, Labels: { ...labels }, Data: data.toString('base64') };
      const create = () =>
        docker.createConfig(spec).then(
          ({ id }) => ({ ...record, id, version: undefined }),
          async (error: Error & { statusCode?: number }) => {
            if (error.statusCode !== CONFLICT) throw error;
            const found = await read(name);
            // Its labels name who made it: it may be us, before the connection dropped.
            return found && isDeepStrictEqual(found.labels, labels) ? found : undefined;
          },
        );
      return ask(`create the record ${name}`, create);
    },
    async readVersion({ id, name, labels }) {
      return versionAs(labels, await ask(`read the record ${name}`, () => read(id)));
    },
    async relabelRecord({ id, name, labels: were, version: known }, labels, onWritten) {
      const reading = () => ask(`read the record ${name}`, () => read(id));
      const version = known ?? versionAs(were, await reading());
      if (version === undefined) return undefined;
      const change = withQuery({ version }, { Name: name, Labels: { ...labels } });
      const update = async (): Promise<unknown> => docker.getConfig(id).update(change);
      const refused = await ask(`update the record ${name}`, update).then(
        () => onWritten?.(),
        (error: DeployError) => error,
      );
      const found = await reading();
      if (found && isDeepStrictEqual(found.labels, labels)) return found;
      if (refused instanceof Error && found?.version === version) throw refused;
      return undefined;
    },
    removeRecord: (id) => removeIfPresent('remove a record', () => docker.getConfig(id).remove()),
  };
}

/** Of a new record, until somebody changes it. */
const versionAs = (labels: Labels, found: SwarmRecord | undefined) =>
  found && isDeepStrictEqual(found.labels, labels) ? found.version : undefined;

function viewRecord({ ID, Version, Spec }: ApiConfig): SwarmRecord {
  return {
    id: ID,
    version: Version.Index,
    name: Spec.Name,
    labels: Spec.Labels ?? {},
    data: Buffer.from(Spec.Data ?? '', 'base64'),
  };
}
