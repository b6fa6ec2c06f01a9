import { PALETTES } from '../src/plan/report/palette.ts';
import { escapeMarkup } from '../src/shared/escape-markup.ts';

/** What a terminal showed, as tmux captures it with its colours. */
export interface Frame {
  readonly at: number;
  readonly screen: string;
}

const ESCAPE = '\u001B[';
const LINE = 17;
const LETTER = 7.83;
const PAD = 14;
/** The last screen stays for so long before it begins anew. */
const REST_MS = 6_000;
const COLOURS: Readonly<Record<string, string>> = {
  '1': 'b',
  '2': 'd',
  '31': 'r',
  '32': 'g',
  '33': 'y',
  '36': 'c',
};
const { page, text, muted, failed, good, waiting } = PALETTES.dark;
const STYLE = `svg{background:${page};border-radius:8px}text{font:13px ui-monospace,monospace;fill:${text};white-space:pre}
.b{font-weight:700}.d{fill:${muted}}.r{fill:${failed}}.g{fill:${good}}.y{fill:${waiting}}.c{fill:#39c5cf}`;

/** A picture that plays: each screen for as long as it was seen. Who wants no motion sees the last one. */
export function renderRecording(
  all: readonly Frame[],
  { columns, rows }: { readonly columns: number; readonly rows: number },
): string {
  const frames = all.filter(({ screen }, at) => screen !== all[at - 1]?.screen);
  const [width, height] = [Math.ceil(columns * LETTER + 2 * PAD), rows * LINE + 2 * PAD];
  const began = frames[0]?.at ?? 0;
  const whole = (all.at(-1)?.at ?? began) - began + REST_MS;
  const last = -(frames.length - 1) * height;
  const stops = frames.map(
    ({ at }, index) =>
      `${(((at - began) / whole) * 100).toFixed(2)}%{transform:translateY(${-index * height}px)}`,
  );
  const play = `#film{animation:play ${(whole / 1000).toFixed(1)}s steps(1,end) infinite}@keyframes play{${stops.join('')}100%{transform:translateY(${last}px)}}`;
  const still = `@media (prefers-reduced-motion:reduce){#film{animation:none;transform:translateY(${last}px)}}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>waggle deploy, recorded on a terminal</title><style>${STYLE}${play}${still}</style><g id="film">`,
    ...frames.map(({ screen }, index) => renderScreen(screen, index * height)),
    '</g></svg>\n',
  ].join('\n');
}

function renderScreen(screen: string, top: number): string {
  // A colour goes on in the next line until a code changes it.
  let classes = new Set<string>();
  const lines = screen.split('\n').map((line) =>
    line.split(ESCAPE).map((part, at) => {
      if (at === 0) return renderText(part, [...classes]);
      const [, codes = '', coloured = ''] = /^([\d;]*)m(.*)$/.exec(part) ?? [];
      classes = change(classes, codes);
      return renderText(coloured, [...classes]);
    }),
  );
  return lines
    .map((parts, row) => [parts.join(''), row] as const)
    .filter(([shown]) => shown.trim() !== '')
    .map(([shown, row]) => `<text x="${PAD}" y="${top + PAD + row * LINE + 13}">${shown}</text>`)
    .join('\n');
}

function renderText(plain: string, classes: readonly string[]): string {
  const escaped = escapeMarkup(plain);
  return plain && classes.length > 0 ? `<tspan class="${classes.join(' ')}">${escaped}</tspan>` : escaped;
}

/** What a code does not name ends all that came before. */
function change(classes: ReadonlySet<string>, codes: string): Set<string> {
  const named = codes.split(';').flatMap((code) => COLOURS[code] ?? []);
  return named.length > 0 ? new Set([...classes, ...named]) : new Set();
}
