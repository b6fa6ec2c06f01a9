import type { StackDocument, StackService } from '../../config/stack-document.ts';
import { isMap } from '../../shared/is-map.ts';
import { isSensitive } from '../../shared/is-sensitive.ts';
import { escapeForDocker, readable, referencesIn, referTo } from '../variables.ts';

type PlainMap = Readonly<Record<string, unknown>>;

/**
 * The document with `${NAME}` in place of every text that holds a sensitive value, given the same stack filled with
 * names. Numbers and booleans are structure and stay. Where the two differ in shape, because a value decides the shape,
 * a text is replaced by all names at that place.
 */
export function planTemplate(document: StackDocument, named: PlainMap): StackDocument {
  const known = isMap(named.services) ? named.services : {};
  const lacking = Object.keys(document.services ?? {}).filter((name) => !Object.hasOwn(known, name));
  // Its values would be shown and kept as they are.
  if (lacking.length > 0) throw new Error(`there is no template of ${lacking.join(', ')}`);
  const template = replace(document, named, []) as StackDocument;
  const services = Object.entries(template.services ?? {}).map(([name, service]) => {
    const filled = document.services?.[name] ?? {};
    return [name, { ...service, ...hideInline(service, filled), ...imageOf(filled) }];
  });
  return { ...template, ...(template.services && { services: Object.fromEntries(services) }) };
}

/** An image is structure: it is looked up, and its tag is what an operator looks for. */
const imageOf = ({ image }: StackService) => (image === undefined ? {} : { image });

/** A value that the stack file itself gives to a variable with a telling name. */
function hideInline({ environment }: StackService, filled: StackService): Pick<StackService, 'environment'> {
  if (!environment) return {};
  const entries = Object.entries(environment).map(([name, text]) => {
    const value = filled.environment?.[name];
    const isHidden = typeof value === 'string' && value !== '' && isSensitive(name, value);
    return [name, isHidden && referencesIn(text).length === 0 ? referTo(name) : text];
  });
  return { environment: Object.fromEntries(entries) };
}

/** `around`: the names at the place above. */
function replace(value: unknown, named: unknown, around: readonly string[]): unknown {
  if (typeof value === 'string') return replaceText(value, named, around);
  if (typeof value !== 'object' || value === null) return value;
  const here = referencesIn(named);
  // Nothing of it comes from a sensitive value, unless what is above does.
  const names = here.length > 0 ? here : around;
  if (Array.isArray(value)) {
    const isAligned = Array.isArray(named) && named.length === value.length;
    return value.map((entry, at) =>
      replace(entry, isAligned ? named[at] : undefined, isAligned ? [] : names),
    );
  }
  return replaceMap(value as PlainMap, named, names);
}

function replaceMap(map: PlainMap, named: unknown, names: readonly string[]): PlainMap {
  const other = isMap(named) ? named : {};
  const unnamed = Object.keys(map).filter((key) => !Object.hasOwn(other, key));
  const unfilled = Object.keys(other).filter((key) => !Object.hasOwn(map, key));
  const keyOf = (key: string) => {
    if (Object.hasOwn(other, key)) return key;
    return unnamed.length === unfilled.length ? (unfilled[unnamed.indexOf(key)] ?? key) : undefined;
  };
  const shown = names.map(referTo).join('');
  return Object.fromEntries(
    Object.entries(map).map(([key, entry]) => {
      const named = keyOf(key);
      if (named !== undefined) return [named, replace(entry, other[named], [])];
      return [key, replace(entry, undefined, shown ? names : [])];
    }),
  );
}

function replaceText(value: string, named: unknown, around: readonly string[]): string {
  if (typeof named === 'string' && referencesIn(named).length > 0) return named;
  const isSame = typeof named === 'string' && readable(named) === value;
  const names = [...referencesIn(named), ...around];
  return isSame || names.length === 0 ? escapeForDocker(value) : names.map(referTo).join('');
}
