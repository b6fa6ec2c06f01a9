import { findUnknownDependencies } from '../plan/release/plan-waves.ts';
import { type Rule, servicesOf } from './rule.ts';

export const unknownDependency: Rule = {
  id: 'unknown-dependency',
  level: 'warning',
  reason: 'the name is misspelled, or left over from a compose file: nothing waits for it',
  summary: [
    'depends on a service that the stack does not have',
    'depend on services that the stack does not have',
  ],
  find(context) {
    const unknown = findUnknownDependencies(context.document, context.draft.inactive);
    return servicesOf(context).flatMap(({ name, at }) =>
      unknown
        .filter((one) => one.name === name)
        .map(({ other }) => at(['depends_on'], `names ${other}, which is not a service of this stack`)),
    );
  },
};
