import { isMap } from '../../shared/is-map.ts';
import type { PlainMap } from '../merge-rules.ts';
import type { Positions } from '../positions.ts';
import type { Problem } from '../problem.ts';

const SECTIONS = ['networks', 'volumes', 'secrets', 'configs'] as const;

/** The words of `PROFILES=debug,tools`. */
export const parseProfiles = (text: string): readonly string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

/** Service -> its profiles, for each service that has some. */
export type Profiles = ReadonlyMap<string, readonly string[]>;

export function findProfiles(
  { services }: PlainMap,
  positions: Positions,
): { readonly profiles: Profiles; readonly problems: readonly Problem[] } {
  const found = new Map<string, readonly string[]>();
  const problems: Problem[] = [];
  for (const [name, service] of Object.entries(isMap(services) ? services : {})) {
    const profiles = isMap(service) ? (service.profiles ?? []) : [];
    if (Array.isArray(profiles) && profiles.every((one) => typeof one === 'string')) {
      if (profiles.length > 0) found.set(name, profiles);
      continue;
    }
    const path = ['services', name, 'profiles'];
    problems.push({ ...positions.locate(path), path, message: `${path.join('.')} must be a list of texts` });
  }
  return { profiles: found, problems };
}

/** As compose: a service without profiles is always active, and `*` activates every service. */
export function findInactive(profiles: Profiles, active: readonly string[]): Profiles {
  const isActive = (own: readonly string[]) =>
    active.includes('*') || own.some((one) => active.includes(one));
  return new Map([...profiles].filter(([, own]) => !isActive(own)));
}

/** The document without the inactive services, and without what at its top only they use. */
export function leaveOutInactive(document: PlainMap, inactive: Profiles): PlainMap {
  if (!isMap(document.services)) return document;
  const all = Object.entries(document.services);
  const kept = all.filter(([name]) => !inactive.has(name));
  const gone = all.filter(([name]) => inactive.has(name));
  const sections = SECTIONS.flatMap((section) => {
    const map = document[section];
    if (!isMap(map) || gone.length === 0) return [];
    const used = new Set(kept.flatMap(([, service]) => namesIn(service, section)));
    const idle = new Set(gone.flatMap(([, service]) => namesIn(service, section)));
    return [
      [
        section,
        Object.fromEntries(Object.entries(map).filter(([name]) => used.has(name) || !idle.has(name))),
      ],
    ];
  });
  const services = kept.map(([name, service]) => {
    const { profiles: _, ...rest } = isMap(service) ? service : {};
    return [name, isMap(service) ? rest : service];
  });
  return { ...document, ...Object.fromEntries(sections), services: Object.fromEntries(services) };
}

/** What a service names of a section. */
function namesIn(service: unknown, section: (typeof SECTIONS)[number]): readonly string[] {
  if (!isMap(service)) return [];
  const built = isMap(service.build) && section === 'secrets' ? service.build.secrets : [];
  const own = service[section];
  const entries = [isMap(own) ? Object.keys(own) : (own ?? []), built ?? []].flat();
  return entries.flatMap((entry) => {
    const name = isMap(entry) ? entry.source : entry;
    return typeof name === 'string' ? [name] : [];
  });
}
