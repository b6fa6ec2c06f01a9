/** Docker's grammar of image names, that of github.com/distribution/reference. */
const LABEL = '[a-zA-Z\\d](?:[a-zA-Z\\d-]*[a-zA-Z\\d])?';
const HOST = `(?:\\[[\\da-fA-F:]+\\]|${LABEL}(?:\\.${LABEL})*)(?::\\d+)?`;
const PART = '[a-z\\d]+(?:(?:\\.|__?|-+)[a-z\\d]+)*';
const PATH = `${PART}(?:/${PART})*`;
const TAG = '\\w[\\w.-]{0,127}';
const IMAGE = new RegExp(`^(?:${HOST}/)?${PATH}(?::${TAG})?(?:@[a-z\\d]+:[\\da-f]+)?$`);
/** What may come between a registry and a tag. */
export const IMAGE_PATH = new RegExp(`^${PATH}$`);
export const isImageName = (text: string) => IMAGE.test(text);

const HUB = 'docker.io';
const HUB_NAMES = [HUB, 'index.docker.io', 'registry-1.docker.io'];

/** What Docker's client keeps and looks up a login under. */
export const loginAddress = (registry: string) =>
  registryName(registry) === HUB ? 'https://index.docker.io/v1/' : registry;

/** A registry as config files, settings and image names write it -> its one name. Docker's own has several. */
export function registryName(written: string): string {
  const host = written.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return HUB_NAMES.includes(host) ? HUB : host;
}

export function registryOf(image: string): string {
  const [first = ''] = image.split('/', 1);
  const isHost = image.includes('/') && /[.:A-Z]|^localhost$/.test(first);
  return isHost ? registryName(first) : HUB;
}

/** The same repository, with the tag `latest` in place of the image's own. */
export const latestOf = (image: string) => image.replace(/:[^:/]+$/, ':latest');

/** What a build is pushed as. */
export const tagsOf = (image: string, { latest }: { readonly latest: boolean }): readonly string[] =>
  latest ? [...new Set([image, latestOf(image)])] : [image];

/** `docker.io/acme/x`, `index.docker.io/acme/x` and `acme/x` are one image: as Docker shows it. */
export function familiarName(image: string): string {
  const isLong = HUB_NAMES.some((name) => image.startsWith(`${name}/`));
  return isLong ? image.slice(image.indexOf('/') + 1).replace(/^library\/(?=[^/]+$)/, '') : image;
}

/** `r.io:5000/team/api` of `r.io:5000/team/api:1a2b@sha256:...`. */
export const repositoryOf = (image: string) => (image.split('@')[0] ?? '').replace(/:[^:/]+$/, '');
