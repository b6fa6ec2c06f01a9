import { type Rule, servicesOf, settingsOf } from './rule.ts';

const PLACEHOLDER =
  /change[-_ ]?me|replace[-_ ]?me|your[-_][\w-]+[-_]here|^todo$|^x{3,}$|\bexample\.(com|org|net)\b|^<[^>]*>$/i;

const MESSAGE = 'still holds a placeholder: put the real value in';

export const placeholder: Rule = {
  id: 'placeholder',
  level: 'error',
  reason: 'a value copied from an example does not work, or works for anybody who knows the example',
  find: (scene) => [
    ...settingsOf(scene)
      .filter(({ value }) => PLACEHOLDER.test(value))
      .map(({ at }) => at(MESSAGE)),
    ...servicesOf(scene).flatMap(({ service, at }) =>
      Object.entries(service.environment ?? {})
        .filter(([, value]) => PLACEHOLDER.test(String(value ?? '')))
        .map(([name]) => at(['environment', name], MESSAGE)),
    ),
    ...Object.values(scene.values.objects)
      .filter(({ isExample }) => !isExample)
      .filter(
        ({ value }) =>
          value.bytes < 200 && /^(change[-_ ]?me|replace[-_ ]?me|todo|x{3,})\s*$/i.test(value.revealText()),
      )
      .map(({ file, from }) => ({ file: file ?? from, message: MESSAGE })),
  ],
};
