import { type Rule, servicesOf } from './rule.ts';

export const decimalMode: Rule = {
  id: 'decimal-mode',
  level: 'warning',
  reason: 'a file mode without a leading 0 is a decimal number: 400 is the mode 0620',
  summary: ['writes a file mode without a leading 0', 'write a file mode without a leading 0'],
  find: (context) =>
    servicesOf(context).flatMap(({ name, service, at }) =>
      (['secrets', 'configs'] as const).flatMap((key) =>
        (service[key] ?? []).flatMap((mounted, index) => {
          const { mode } = typeof mounted === 'string' ? {} : mounted;
          const path = [key, index, 'mode'];
          const isSpelledOctal = context.draft.positions.spelling(['services', name, ...path]) !== undefined;
          if (mode === undefined || isSpelledOctal || !/^[0-7]{3}$/.test(String(mode))) return [];
          return [at(path, `is the decimal ${mode}, which is the mode 0${mode.toString(8)}: write 0${mode}`)];
        }),
      ),
    ),
};
