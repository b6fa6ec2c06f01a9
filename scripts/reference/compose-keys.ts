import { buildKeys } from '../../src/config/compose/build-keys.ts';
import { serviceKeys } from '../../src/config/compose/service-keys.ts';
import type { Translator } from '../../src/config/compose/translation.ts';
import { renderPage, renderTable } from './table.ts';

/** docs/reference/compose-keys.md */
export function renderComposeKeys(): string {
  const { 'x-waggle': _, ...ofServices } = serviceKeys;
  const outcomes = Object.entries({
    ...ofServices,
    ...Object.fromEntries(Object.entries(buildKeys).map(([key, translate]) => [`build.${key}`, translate])),
  }).map(([key, translate]) => ({ key, ...sample(translate) }));
  const rows = (kind: 'said' | 'refused') => {
    const texts = [...new Set(outcomes.flatMap((outcome) => outcome[kind] ?? []))];
    return texts.map((text) => {
      const keys = outcomes.filter((outcome) => outcome[kind] === text).map(({ key }) => `\`${key}\``);
      return [keys.join(', '), withoutPrefix(text)];
    });
  };
  return renderPage('Compose keys that Docker Swarm lacks', '`src/config/compose`', [
    'Compose knows more keys than `docker stack deploy`. Waggle does one of three things with such a key of a service.',
    '',
    '## Translated',
    '',
    'Waggle writes the same meaning in keys that Docker takes:',
    `${outcomes.flatMap(({ key, into }) => (into ? `\`${key}\`` : [])).join(', ')}.`,
    'It also reads `env_file`, `label_file`, inline `configs` and the long form of `depends_on`.',
    '',
    '## Ignored',
    '',
    'Nothing is lost: the rule [`ignored-key`](rules.md) is a warning.',
    '',
    ...renderTable(['key', 'why'], rows('said')),
    '',
    '## Refused',
    '',
    'The rule [`unsupported-key`](rules.md) is an error. If you silence it, Waggle leaves the key out.',
    '',
    ...renderTable(['key', 'instead'], rows('refused')),
  ]);
}

/** What becomes of the key, with a value that most keys accept. */
function sample(translate: Translator): { into?: unknown; said?: string; refused?: string } {
  const [first, ...others] = ['always', 'linux/amd64', '1'].map((value) => translate(value, {}));
  return [first, ...others].find((outcome) => outcome && 'into' in outcome) ?? first ?? {};
}

const withoutPrefix = (text: string) => text.replace(/^is not (used|supported by \w+( yet)?): /, '');
