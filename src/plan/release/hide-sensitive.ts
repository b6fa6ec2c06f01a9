import { unshield } from '../../config/shield.ts';
import type { StackDocument } from '../../config/stack-document.ts';
import { Secret } from '../../shared/secret.ts';
import { isSensitive, markValue } from '../variables.ts';

/**
 * Turns a value that the stack or an env_file gives to a variable with a telling name into a mark, so that it is
 * not written into the bundle either.
 */
export function hideSensitive(document: StackDocument): {
  readonly document: StackDocument;
  readonly hidden: Readonly<Record<string, Secret>>;
} {
  const hidden: Record<string, Secret> = {};
  const services = Object.entries(document.services ?? {}).map(([service, value]) => {
    if (!value.environment) return [service, value];
    const environment = Object.entries(value.environment).map(([name, text]) => {
      if (typeof text !== 'string' || text === '' || /[\uE000\uE002]/.test(text) || !isSensitive(name, text))
        return [name, text];
      const key = `${service}.${name}`;
      hidden[key] = new Secret(unshield(text));
      return [name, markValue(key)];
    });
    return [service, { ...value, environment: Object.fromEntries(environment) }];
  });
  return { document: { ...document, services: Object.fromEntries(services) }, hidden };
}
