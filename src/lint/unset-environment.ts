import { type Rule, servicesOf } from './rule.ts';

export const unsetEnvironment: Rule = {
  id: 'unset-environment',
  level: 'warning',
  reason: 'a variable without a value does not reach the container if nothing sets it',
  summary: ['names variables that nothing sets', 'name variables that nothing sets'],
  find: (context) =>
    servicesOf(context).flatMap(({ service, at }) =>
      Object.entries(service.environment ?? {})
        .filter(([, value]) => value === null)
        .map(([name]) => at(['environment', name], 'is only named, and nothing sets it: give it a value')),
    ),
};
