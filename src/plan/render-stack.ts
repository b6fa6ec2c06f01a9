import { stringify } from 'yaml';
import type { Digests, Release } from './release.ts';
import { escapeForDocker } from './variables.ts';

/** Every text in quotes: Docker's YAML 1.1 would read a bare `yes` as a boolean. */
const FOR_DOCKER = {
  version: '1.1',
  defaultStringType: 'QUOTE_DOUBLE',
  defaultKeyType: 'PLAIN',
  aliasDuplicateObjects: false,
  lineWidth: 0,
} as const;

/** The stack file that is sent: no `build`, every image pinned by digest, nothing left to interpolate but secrets. */
export function renderStack({ document, services }: Release, digests: Digests): string {
  const rendered = services.map(({ name, image }) => {
    const { build: _, ...service } = document.services?.[name] ?? {};
    return [name, { ...service, image: pinImage(image, digests) }];
  });
  const stack = { ...document, services: Object.fromEntries(rendered) };
  return stringify(escapeValues(stack), FOR_DOCKER);
}

/** `repo:tag@sha256:...`. An image that the operator pinned stays as it is. */
export function pinImage(image: string, digests: Digests): string {
  if (image.includes('@')) return image;
  const digest = digests[image];
  if (digest === undefined) throw new Error(`no digest is known for ${image}`);
  return `${image}@${digest}`;
}

function escapeValues(value: unknown): unknown {
  if (typeof value === 'string') return escapeForDocker(value);
  if (Array.isArray(value)) return value.map(escapeValues);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, escapeValues(entry)]));
}
