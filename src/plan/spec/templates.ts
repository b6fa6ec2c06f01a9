import { isMap } from '../../shared/is-map.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import { objectId, type Release } from '../release/release.ts';
import { fillTemplate } from '../render/render-stack.ts';
import { readable, referencesIn, referTo } from '../variables.ts';
import { planSpec } from './plan-spec.ts';

/** The places in the specs of services that hold sensitive values, as templates; services without any are left out. */
export type Templates = readonly ServiceSpec[];

/** Services with the templates that say what of them may be shown; of two for one place the first decides. */
export interface SpecsWithTemplates {
  readonly services: readonly ServiceSpec[];
  readonly templates: Templates;
}

export function planTemplates(
  release: Pick<Release, 'stack' | 'template' | 'services' | 'objects'>,
): Templates {
  const versions = Object.fromEntries(release.objects.map((object) => [objectId(object), object.newName]));
  const document = fillTemplate(release, { versions, digests: {}, scale: {}, images: {} });
  return Object.keys(document.services ?? {}).flatMap((name) => {
    const spec = planSpec({ stack: release.stack, document }, name);
    // No value of an environment is ever shown.
    const { Env: _, ...container } = spec.TaskTemplate?.ContainerSpec ?? {};
    const places = prune({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: container } });
    return places ? [{ ...(places as ServiceSpec), Name: spec.Name }] : [];
  });
}

/** What of it refers to sensitive values; lists stay whole. */
function prune(template: unknown): unknown {
  if (referencesIn(template).length === 0) return undefined;
  if (!isMap(template)) return template;
  const entries = Object.entries(template).map(([key, entry]) => [key, refersTo(key) ? entry : prune(entry)]);
  return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
}

const refersTo = (text: string) => referencesIn(text).length > 0;

/** The spec as it may be shown: templates in place of texts that hold sensitive values, and no value of the environment. */
export function hideSpec(spec: ServiceSpec, templates: Templates): ServiceSpec {
  const own = templates.filter(({ Name }) => Name === spec.Name);
  return hideEnv(own.reduceRight((hidden, template) => hide(hidden, template) as ServiceSpec, spec));
}

function hideEnv(spec: ServiceSpec): ServiceSpec {
  const { Env } = spec.TaskTemplate?.ContainerSpec ?? {};
  if (!Env) return spec;
  const hidden = Env.map((line) => line.replace(/=[\s\S]*/, '=(not shown)'));
  const ContainerSpec = { ...spec.TaskTemplate?.ContainerSpec, Env: hidden };
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec } };
}

/** Numbers and booleans are structure, and stay. */
function hide(value: unknown, template: unknown): unknown {
  const names = referencesIn(template);
  if (names.length === 0) return value;
  const all = names.map(referTo).join('');
  if (typeof value === 'string') return typeof template === 'string' ? readable(template) : all;
  if (Array.isArray(value)) return hideList(value, template, all);
  if (!isMap(value)) return value;
  return isMap(template) ? hideMap(value, template) : hideTexts(value, all);
}

/** In a list of texts another order would show one at the place of another: it is replaced as a whole. */
function hideList(list: readonly unknown[], template: unknown, all: string): unknown {
  if (!Array.isArray(template)) return [all];
  if (!list.every(isMap))
    return template.map((entry) => (typeof entry === 'string' ? readable(entry) : entry));
  const isAligned = list.length === template.length;
  return list.map((entry, at) => (isAligned ? hide(entry, template[at]) : hideTexts(entry, all)));
}

function hideMap(map: Readonly<Record<string, unknown>>, template: Readonly<Record<string, unknown>>) {
  const patterns = Object.keys(template).filter(refersTo);
  const entries = Object.entries(map).map(([key, entry]) => {
    if (Object.hasOwn(template, key)) return [key, hide(entry, template[key])];
    const pattern = patterns.find((one) => isOf(one, key));
    return pattern === undefined ? [key, entry] : [readable(pattern), hide(entry, template[pattern])];
  });
  return Object.fromEntries(entries);
}

/** Whether the text is one that the template stands for. */
function isOf(template: string, text: string): boolean {
  const parts = template.split(/(\$\$)|\$\{[^}]+\}/).map((part) => part ?? '[^]+');
  const literal = (part: string) => readable(part).replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${parts.map((part) => (part === '[^]+' ? part : literal(part))).join('')}$`).test(text);
}

function hideTexts(value: unknown, all: string): unknown {
  if (typeof value === 'string') return value === '' ? '' : all;
  if (Array.isArray(value)) return value.map((entry) => hideTexts(entry, all));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, hideTexts(entry, all)]));
}
