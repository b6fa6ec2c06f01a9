import { until } from './engine.ts';
import { type Lab, REGISTRY } from './topology.ts';

/** Waits for the registry and gives its CA to every machine that pulls or pushes. */
export async function readyRegistry({ registry, managers, workstation }: Lab): Promise<void> {
  await until('the registry has its certificate', async () => {
    return (await registry.exec(['test', '-e', '/lab/tls/ready'])).code === 0;
  });
  const ca = await registry.run(['cat', '/lab/tls/ca.crt']);
  const machines = [...managers, workstation];
  await Promise.all(
    machines.map((machine) => machine.writeFile(`/etc/docker/certs.d/${REGISTRY.host}/ca.crt`, `${ca}\n`)),
  );
}

/** What the registry holds for a tag; undefined when it has no such tag. */
export async function digestOf(
  { registry }: Lab,
  repository: string,
  tag: string,
): Promise<string | undefined> {
  const accept = [
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.v2+json',
  ].join(', ');
  const headers = await registry.run([
    ...ask(),
    '--head',
    '--header',
    `Accept: ${accept}`,
    url(`${repository}/manifests/${tag}`),
  ]);
  return /^docker-content-digest: (\S+)/im.exec(headers)?.[1];
}

/** The platforms in a pushed manifest list. */
export async function platformsOf({ registry }: Lab, repository: string, tag: string): Promise<string[]> {
  const accept =
    'Accept: application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json';
  const manifest = JSON.parse(
    await registry.run([...ask(), '--header', accept, url(`${repository}/manifests/${tag}`)]),
  );
  const platforms = (manifest.manifests ?? []) as { platform: { os: string; architecture: string } }[];
  return platforms.map(({ platform }) => `${platform.os}/${platform.architecture}`).sort();
}

export async function tagsOf({ registry }: Lab, repository: string): Promise<string[]> {
  const answer = JSON.parse(await registry.run([...ask(), url(`${repository}/tags/list`)]));
  return (answer.tags ?? []).sort();
}

/** Past the front, so that a planted fault does not blind the test that planted it. */
const ask = () => ['curl', '--silent', '--user', `${REGISTRY.username}:${REGISTRY.password}`];
const url = (path: string) => `http://127.0.0.1:5001/v2/${path}`;
