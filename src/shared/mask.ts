import { escapeMarkup } from './escape-markup.ts';
import { mapTexts } from './map-texts.ts';
import type { Secret } from './secret.ts';

export type Mask = (text: string) => string;

/** A value that is kept out of running text. */
export interface HiddenValue {
  readonly value: Secret;
  /** It is a secret by its kind or name; any other is hidden only if it does not read like an ordinary word. */
  readonly isTelling: boolean;
}

const SHOWN = '[secret]';
/** Stands for it until all values are replaced, so that none is found in it. */
const PLACE = '\uFDDF';
/** A shorter value would hide ordinary text, and does not protect anything. */
const SHORTEST = 4;
/** From here on a value is hidden wherever it stands; a shorter one only as a whole word. */
const LONG = 6;
/** A word, a small number, a host, a path: words joined by single signs. */
const WORD = String.raw`(?:[A-Z]?[a-z]+|[A-Z]+|\d{1,5})`;
const ORDINARY = new RegExp(String.raw`^(?:[a-z]+://)?[/.]?${WORD}(?:[-_./]${WORD})*(?::\d{1,5})?/?$`);
const MOST_ORDINARY = 32;

const isOrdinary = (value: string) => value.length <= MOST_ORDINARY && ORDINARY.test(value);

/** What this run must not show. It learns values as they are read; every text that leaves the process goes through its mask. */
export class Secrecy {
  readonly #forms = new Map<string, RegExp | string>();
  #sorted: readonly (readonly [string, RegExp | string])[] = [];

  /** `names`: what the stack calls its parts, which stays readable even if it is also a value. */
  learn(hidden: readonly HiddenValue[], names: ReadonlySet<string> = new Set()): void {
    for (const { value, isTelling } of hidden) {
      const text = value.revealText().trim();
      const isPlain = isOrdinary(text);
      if (isTelling ? isPlain && names.has(text) : isPlain || names.has(text)) continue;
      for (const form of formsOf(text))
        this.#forms.set(form, form.length < LONG || isOrdinary(form) ? wholeWord(form) : form);
    }
    this.#sorted = [...this.#forms].sort(([a], [b]) => b.length - a.length);
  }

  /** Replaces every value in a text. */
  readonly mask: Mask = (text) => {
    const masked = this.#sorted.reduce((rest, [, form]) => rest.replaceAll(form, PLACE), text);
    return masked.replaceAll(PLACE, SHOWN);
  };

  /** A result as it is printed or written, masked: text as it is, anything else as JSON. */
  render(result: string | object): string {
    if (typeof result === 'string') return this.mask(result);
    return JSON.stringify(mapTexts(JSON.parse(JSON.stringify(result)), this.mask), null, 2);
  }
}

/** The value, its lines, and how JSON, a URL, HTML or base64 has them. */
function formsOf(value: string): readonly string[] {
  const lines = [value, ...value.split(/\r?\n/).map((line) => line.trim())];
  const written = lines.flatMap((line) => [
    line,
    JSON.stringify(line).slice(1, -1),
    encodeURIComponent(line),
    encodeURI(line),
    escapeMarkup(line),
  ]);
  return [...written, ...inBase64(value)].filter((form) => form.length >= SHORTEST);
}

/** Shorter parts of base64 are found in other text, too. */
const SHORTEST_PART = 12;
/** Columns at which programs break base64 into lines: base64, openssl. */
const WRAPPED = [76, 64];

/** The value alone, broken into lines, and as a part of something longer, at each of the three places in a group. */
function inBase64(value: string): readonly string[] {
  const whole = [value, `${value}\n`].map((text) => Buffer.from(text).toString('base64'));
  const lines = whole.flatMap((text) =>
    WRAPPED.flatMap((columns) => text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []),
  );
  const parts = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    return bytes.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
  });
  const long = [...lines, ...parts].filter((form) => form.length >= SHORTEST_PART);
  return [...whole, ...whole.map((text) => text.replace(/=+$/, '')), ...long];
}

const SIGN = String.raw`\w.:/@%+-`;

/** Not a part of a longer word, name or path; also the password of a URL. */
function wholeWord(value: string): RegExp {
  const literal = value.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  const alone = String.raw`(?<![${SIGN}])${literal}(?![\w/@%+-]|[.:](?!\s|$))`;
  return new RegExp(String.raw`${alone}|(?<=://[^\s/@:]*:)${literal}(?=@)`, 'g');
}
