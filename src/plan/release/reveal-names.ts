import type { StackDocument } from '../../config/stack-document.ts';
import type { Secret } from '../../shared/secret.ts';
import { fillValues, valuesIn } from '../variables.ts';

type Named = Readonly<Record<string, { readonly name?: string; readonly external?: unknown } | null>>;

/**
 * Images and names are looked up as they are meant, so sensitive values in them are filled in; `spoken` are those, which
 * are masked where they are shown.
 */
export function revealNames(
  document: StackDocument,
  sensitive: Readonly<Record<string, Secret>>,
): { readonly document: StackDocument; readonly spoken: Readonly<Record<string, Secret>> } {
  const spoken: Record<string, Secret> = {};
  const reveal = (text: string) => {
    for (const name of valuesIn(text)) if (sensitive[name]) spoken[name] = sensitive[name];
    return fillValues(text, sensitive);
  };
  const services = Object.entries(document.services ?? {}).map(([name, service]) => [
    name,
    { ...service, ...(service.image !== undefined && { image: reveal(service.image) }) },
  ]);
  const sections = (['networks', 'volumes', 'secrets', 'configs'] as const)
    .filter((section) => document[section])
    .map((section) => [section, revealSection(document[section] as Named, reveal)]);
  return {
    document: { ...document, services: Object.fromEntries(services), ...Object.fromEntries(sections) },
    spoken,
  };
}

function revealSection(section: Named, reveal: (text: string) => string): Named {
  const entries = Object.entries(section).map(([key, value]) => [
    key,
    value?.name === undefined ? value : { ...value, name: reveal(value.name) },
  ]);
  return Object.fromEntries(entries);
}
