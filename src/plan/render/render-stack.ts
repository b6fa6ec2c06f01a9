import { stringify } from 'yaml';
import { readPairs } from '../../config/pairs.ts';
import type { StackDocument } from '../../config/stack-document.ts';
import { mapTexts } from '../../shared/map-texts.ts';
import { PHASE_LABEL } from '../labels.ts';
import { longRunningServices } from '../release/plan-waves.ts';
import type { Digests, Release, VersionNames } from '../release/release.ts';
import { escapeForDocker, fillVersions } from '../variables.ts';

/** Every text in quotes: Docker's YAML 1.1 would read a bare `yes`, or a service called `off`, as a boolean. */
const FOR_DOCKER = {
  version: '1.1',
  defaultStringType: 'QUOTE_DOUBLE',
  defaultKeyType: 'QUOTE_DOUBLE',
  aliasDuplicateObjects: false,
  lineWidth: 0,
} as const;

/** Docker's parser takes them for line ends even within quotes, and folds them into spaces. */
const LINE_BREAKS = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

export const hasBreaks = (text: string) => text.search(LINE_BREAKS) >= 0;

/** Of YAML whose texts with such characters are in double quotes. */
export const escapeBreaks = (yaml: string) =>
  yaml.replaceAll(LINE_BREAKS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** What only the cluster and the registry could say about a release. */
export interface Resolution {
  readonly versions: VersionNames;
  readonly digests: Digests;
  /** Replicas to keep, by service. */
  readonly scale: Readonly<Record<string, number>>;
  /** References to keep, by service: what runs has the digest that is wanted, under whatever tag. */
  readonly images: Readonly<Record<string, string>>;
}

/**
 * The stack file that is sent to Docker, with every value in it: no `build`, every image pinned by digest, nothing left to
 * interpolate. It has the named services; without names, all but the jobs of the release phase.
 */
export function renderStack(
  release: Release,
  filling: Resolution,
  names = longRunningServices(release.document),
): string {
  return render(release, mapTexts(release.document, escapeForDocker), filling, names);
}

/** The same of the whole stack as it is kept: a sensitive value is a variable. */
export function renderTemplate(release: Release, filling: Resolution): string {
  return render(release, release.template, filling, longRunningServices(release.document));
}

function render(
  release: Release,
  document: StackDocument,
  filling: Resolution,
  names: readonly string[],
): string {
  for (const { image } of release.services) pinImage(image, filling.digests);
  const services = release.services.filter(({ name }) => names.includes(name));
  return escapeBreaks(stringify(fill({ document, services }, filling), FOR_DOCKER));
}

/**
 * The stack as plain data, with sensitive values in it: for comparing, never for writing anywhere. An image whose
 * digest is not known yet is left with its tag.
 */
export const fillDocument = ({ document, services }: Release, filling: Resolution): StackDocument =>
  fill({ document, services }, filling);

/** The same with names in place of sensitive values. */
export const fillTemplate = (
  { template, services }: Pick<Release, 'template' | 'services'>,
  filling: Resolution,
): StackDocument => fill({ document: template, services }, filling);

function fill(stack: Pick<Release, 'document' | 'services'>, filling: Resolution): StackDocument {
  return mapTexts(shape(stack, filling), (text) => fillVersions(text, filling.versions));
}

function shape(
  { document, services }: Pick<Release, 'document' | 'services'>,
  { digests, scale, images }: Resolution,
): StackDocument {
  const shaped = services.map(({ name, image }) => {
    const { build: _, depends_on: __, 'x-waggle': waggle, ...service } = document.services?.[name] ?? {};
    const replicas = Object.hasOwn(scale, name) ? scale[name] : undefined;
    const scaled = replicas === undefined ? service.deploy : { ...service.deploy, replicas };
    const deploy = waggle?.phase
      ? { ...scaled, labels: { ...readPairs(scaled?.labels), [PHASE_LABEL]: waggle.phase } }
      : scaled;
    const pinned = images[name] ?? (digests[image] ? pinImage(image, digests) : image);
    return [name, { ...withoutExtensions(service), ...(deploy !== undefined && { deploy }), image: pinned }];
  });
  const { version: _, ...rest } = withoutExtensions(document);
  return { ...rest, services: Object.fromEntries(shaped) };
}

/** They mean nothing to Docker, and its schemas before 3.7 refuse them. */
function withoutExtensions(map: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !key.startsWith('x-')));
}

/** `repo:tag@sha256:...`. An image that the operator pinned stays as it is. */
export function pinImage(image: string, digests: Digests): string {
  if (image.includes('@')) return image;
  const digest = digests[image];
  if (digest === undefined) throw new Error(`no digest is known for ${image}`);
  return `${image}@${digest}`;
}
