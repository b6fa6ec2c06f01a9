import type { Positions } from '../../config/positions.ts';
import type { Problem } from '../../config/problem.ts';
import type { StackDocument, StackService } from '../../config/stack-document.ts';
import { externalName } from '../spec/scoped-name.ts';
import { versionsIn } from '../variables.ts';
import type { External } from './release.ts';

const SECTIONS = ['networks', 'secrets', 'configs', 'volumes'] as const;

/** What services name and the file does not declare. Docker says so only after it has made networks and secrets. */
export function judgeReferences(document: StackDocument, positions: Positions): readonly Problem[] {
  return Object.entries(document.services ?? {}).flatMap(([service, value]) =>
    SECTIONS.flatMap((section) => {
      const declared = Object.keys(document[section] ?? {});
      return namesIn(value, section)
        .filter((name) => !declared.includes(name) && !(section === 'networks' && name === 'default'))
        .map((name) => ({
          ...positions.locate(['services', service, section]),
          message: `services.${service}.${section} names ${name}, which is not declared under ${section}: at the top`,
        }));
    }),
  );
}

function namesIn(service: StackService, section: (typeof SECTIONS)[number]): readonly string[] {
  const value = service[section];
  if (section === 'networks' && !Array.isArray(value)) return Object.keys(value ?? {});
  const entries = (Array.isArray(value) ? value : []) as readonly (
    | string
    | { type?: string; source?: string }
  )[];
  return entries.flatMap((entry) => {
    if (typeof entry === 'string') return [entry];
    const isNamed = section !== 'volumes' || (entry.type === 'volume' && entry.source);
    return isNamed && entry.source ? [entry.source] : [];
  });
}

/** Secrets and configs that say nothing of where their content is: Docker fails on them half way. */
export function judgeSources(document: StackDocument, positions: Positions): readonly Problem[] {
  return (['secrets', 'configs'] as const).flatMap((section) =>
    Object.entries(document[section] ?? {})
      .filter(([, value]) => !value?.external && !value?.driver)
      .map(([name]) => ({
        ...positions.locate([section, name]),
        message: `${section}.${name} has no content: give it file:, or external: true for one that is there`,
      })),
  );
}

/** What has to exist before: external networks, and external secrets and configs that Waggle makes no versions of. */
export function findExternals(document: StackDocument): readonly External[] {
  const kinds = [
    ['network', document.networks],
    ['secret', document.secrets],
    ['config', document.configs],
  ] as const;
  return kinds.flatMap(([kind, section]) =>
    Object.entries(section ?? {})
      .filter(([, value]) => value?.external)
      .map(([key, value]) => ({ kind, name: externalName(value ?? {}, key) }))
      .filter(({ name }) => versionsIn(name).length === 0),
  );
}
