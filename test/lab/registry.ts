import { type Lab, REGISTRY } from '../../src/lab/topology.ts';

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

/** Gives what a tag holds another tag, as the image of one other platform. */
export async function retagFor(
  lab: Lab,
  repository: string,
  [from, to]: readonly [string, string],
  architecture: string,
) {
  const digest = await digestOf(lab, repository, from);
  const INDEX = 'application/vnd.oci.image.index.v1+json';
  const get = [
    ...ask(),
    '--header',
    'Accept: application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json',
  ];
  const manifest = await lab.registry.exec([...get, url(`${repository}/manifests/${digest}`)]);
  const { mediaType } = JSON.parse(manifest.stdout);
  const size = Buffer.byteLength(manifest.stdout);
  const platform = { os: 'linux', architecture };
  const index = { schemaVersion: 2, mediaType: INDEX, manifests: [{ mediaType, digest, size, platform }] };
  const put = [
    ...ask(),
    '--fail',
    '--request',
    'PUT',
    '--header',
    `Content-Type: ${INDEX}`,
    '--data-binary',
    '@-',
  ];
  await lab.registry.run([...put, url(`${repository}/manifests/${to}`)], { input: JSON.stringify(index) });
}

/** What an image is made from, but for its manifest, is lost; gives what brings it back. */
export async function loseConfig({ registry }: Lab, repository: string, tag: string) {
  const ACCEPT = 'Accept: application/vnd.docker.distribution.manifest.v2+json';
  const manifest = await registry.run([...ask(), '--header', ACCEPT, url(`${repository}/manifests/${tag}`)]);
  const [, hash = ''] = JSON.parse(manifest).config.digest.split(':');
  const blob = `/var/lib/registry/docker/registry/v2/blobs/sha256/${hash.slice(0, 2)}/${hash}`;
  await registry.run(['mv', blob, `${blob}.lost`]);
  return () => registry.run(['mv', `${blob}.lost`, blob]);
}

/** Past the front, so that a planted fault does not blind the test that planted it. */
const ask = () => ['curl', '--silent', '--user', `${REGISTRY.username}:${REGISTRY.password}`];
const url = (path: string) => `http://127.0.0.1:5001/v2/${path}`;
