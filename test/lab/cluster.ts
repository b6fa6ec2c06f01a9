import { type Lab, REGISTRY } from '../../src/lab/topology.ts';
import { parseReleases, type ReleaseRecord } from '../../src/plan/records/release-record.ts';
import { askSwarm } from './ask-swarm.ts';
import { B2_APP_KEY, SECRETS } from './operator.ts';

/** What the cluster itself says, so that no test has to believe the tool. */

interface ApiService {
  ID: string;
  Spec: {
    Name: string;
    Labels: Record<string, string>;
    Mode: object;
    TaskTemplate: {
      RestartPolicy?: object;
      ContainerSpec: {
        Image: string;
        Env?: string[];
        Secrets?: { SecretName: string; File: { Name: string } }[];
      };
    };
  };
}

interface ApiTask {
  ID: string;
  ServiceID: string;
  Spec: { ContainerSpec: { Image: string } };
  Status: { State: string; ContainerStatus?: { ContainerID: string } };
}

export interface Running {
  readonly service: string;
  readonly task: string;
  readonly image: string;
}

export const readServices = (lab: Lab) => askSwarm<ApiService[]>(lab, '/services');

/** Every running task, by service and task id. */
export async function readRunning(lab: Lab): Promise<Running[]> {
  const services = await readServices(lab);
  const tasks = await askSwarm<ApiTask[]>(lab, '/tasks', { 'desired-state': ['running'] });
  return tasks
    .filter(({ Status }) => Status.State === 'running')
    .map(({ ID, ServiceID, Spec }) => ({
      service: services.find((service) => service.ID === ServiceID)?.Spec.Name ?? '',
      task: ID,
      image: Spec.ContainerSpec.Image,
    }))
    .sort((a, b) => a.service.localeCompare(b.service) || a.task.localeCompare(b.task));
}

/** service -> how many tasks run which image. */
export async function readImages(lab: Lab): Promise<Record<string, string[]>> {
  const images: Record<string, string[]> = {};
  for (const { service, image } of await readRunning(lab))
    images[service] = [...(images[service] ?? []), image];
  return images;
}

/** The spec of every service, by its name. */
export async function readSpecs(lab: Lab): Promise<ApiService['Spec'][]> {
  const services = await readServices(lab);
  return services.map(({ Spec }) => Spec).sort((a, b) => a.Name.localeCompare(b.Name));
}

/** The specs, and which image each running task is of. */
export async function readRollout(lab: Lab): Promise<{ specs: unknown[]; running: string[] }> {
  const [specs, running] = await Promise.all([readSpecs(lab), readRunning(lab)]);
  return { specs, running: running.map(({ service, image }) => `${service} ${image}`) };
}

/** Everything that a failed deploy has to leave as it was: the specs to the byte, and what runs of them. */
export async function readState(lab: Lab): Promise<unknown> {
  const [specs, images, secrets, configs, networks] = await Promise.all([
    readSpecs(lab),
    readImages(lab),
    readSecretNames(lab),
    readConfigNames(lab),
    askSwarm<{ Name: string }[]>(lab, '/networks', { label: ['com.docker.stack.namespace=shop'] }),
  ]);
  return { specs, images, secrets, configs, networks: networks.map(({ Name }) => Name).sort() };
}

/** Locks and journals: what is to be gone when nobody deploys. */
export async function readOpenRecords(lab: Lab): Promise<string[]> {
  const configs = await askSwarm<{ Spec: { Name: string; Labels: Record<string, string> } }[]>(
    lab,
    '/configs',
    {
      label: ['com.waggle.record'],
    },
  );
  return configs
    .map(({ Spec }) => Spec.Name)
    .filter((name) => !/\.r\d+$/.test(name))
    .sort();
}

/** Waggle's own records are apart: a deploy that failed is recorded, too. */
async function readConfigNames(lab: Lab): Promise<string[]> {
  const configs = await askSwarm<{ Spec: { Name: string; Labels: Record<string, string> } }[]>(
    lab,
    '/configs',
  );
  const theirs = configs.filter(({ Spec }) => !('com.waggle.record' in Spec.Labels));
  return theirs.map(({ Spec }) => Spec.Name).sort();
}

/** Every release as it is stored, unpacked. */
export async function readStoredReleases(lab: Lab): Promise<readonly ReleaseRecord[]> {
  const configs = await askSwarm<
    { ID: string; Spec: { Name: string; Labels: Record<string, string>; Data: string } }[]
  >(lab, '/configs', { label: ['com.waggle.record'] });
  return parseReleases(
    configs.map(({ ID: id, Spec: { Name: name, Labels: labels, Data } }) => ({
      ...{ id, name, labels, version: undefined },
      data: Buffer.from(Data, 'base64'),
    })),
  );
}

export async function readSecretNames(lab: Lab): Promise<string[]> {
  const secrets = await askSwarm<{ Spec: { Name: string } }[]>(lab, '/secrets');
  return secrets.map(({ Spec }) => Spec.Name).sort();
}

/** Secrets that a service, or a release that can be brought back, names. */
export async function readNamedSecrets(lab: Lab): Promise<readonly string[]> {
  const [specs, releases] = await Promise.all([readSpecs(lab), readStoredReleases(lab)]);
  const text = JSON.stringify([specs, releases.map(({ services }) => services)]);
  return [...new Set([...text.matchAll(/"SecretName":"([^"]+)"/g)].map(([, name = '']) => name))].sort();
}

/** What a program prints in a container of this service, wherever one runs. */
export async function runInTask(lab: Lab, service: string, argv: readonly string[]): Promise<string> {
  const { manager, container } = await findContainer(lab, service);
  return (await manager.exec(['docker', 'exec', container, ...argv])).stdout;
}

interface Container {
  readonly Config: { readonly Labels: Record<string, string> };
  readonly HostConfig: Record<string, unknown>;
}

/** What the engine that runs it says of a container of this service. */
export async function readContainer(lab: Lab, service: string): Promise<Container> {
  const { manager, container } = await findContainer(lab, service);
  return JSON.parse(await manager.run(['docker', 'inspect', container]))[0];
}

async function findContainer({ managers }: Lab, service: string) {
  const filter = `label=com.docker.swarm.service.name=${service}`;
  for (const manager of managers) {
    const [container] = (await manager.run(['docker', 'ps', '--quiet', '--filter', filter])).split('\n');
    if (container) return { manager, container };
  }
  throw new Error(`no node runs a container of ${service}`);
}

export async function readVersion(lab: Lab, url = 'http://bastion.lab:8080/health'): Promise<string> {
  return JSON.parse(await lab.workstation.run(['curl', '--silent', '--max-time', '5', url])).version;
}

/** Credential files, and secret values in any file, on either side. Empty when nothing is left behind. */
export async function findResidue(lab: Lab): Promise<string[]> {
  const values = [
    REGISTRY.password,
    B2_APP_KEY,
    ...Object.values(SECRETS).map((value) => value.trim().split('\n').at(-1) ?? ''),
  ];
  const encoded = Buffer.from(`${REGISTRY.username}:${REGISTRY.password}`).toString('base64');
  const patterns = [
    ...values.filter((value) => !value.startsWith('-----')),
    'apns-hunter2',
    'probe-hunter2',
    encoded,
  ];
  const search = async (machine: Lab['workstation'], places: string) => {
    const script = `grep -rlF -f - ${places} 2>/dev/null; ls -d /tmp/waggle-* /dev/shm/waggle-* /home/*/.docker/config.json 2>/dev/null; true`;
    const found = await machine.run(['sh', '-c', script], { input: patterns.join('\n') });
    return found
      .split('\n')
      .filter(Boolean)
      .map((file) => `${machine.name}:${file}`);
  };
  const found = await Promise.all([
    ...lab.managers.map((manager) => search(manager, '/home /tmp /dev/shm /root /var/tmp')),
    // The operator's own deploy folder is where the values belong.
    ...[lab.workstation, lab.laptop].map((machine) =>
      search(machine, '--exclude-dir=project /home /tmp /dev/shm /var/tmp'),
    ),
  ]);
  return found.flat();
}
