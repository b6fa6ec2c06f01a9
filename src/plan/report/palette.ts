import type { BarKind } from './plan-timeline.ts';

export type Colour = BarKind | 'page' | 'track' | 'text' | 'muted' | 'line' | 'link';

/** Text has a contrast of 4.5 on the page, bars one of 3 on the page and on their track: report.test.ts. */
export const PALETTES: Readonly<Record<'light' | 'dark', Readonly<Record<Colour, string>>>> = {
  light: {
    page: '#ffffff',
    track: '#f3f4f6',
    text: '#1f2328',
    muted: '#59636e',
    line: '#d1d9e0',
    link: '#0756ad',
    step: '#0969da',
    old: '#78828c',
    waiting: '#a86400',
    good: '#1a7f37',
    failed: '#cf222e',
  },
  dark: {
    page: '#0d1117',
    track: '#161b22',
    text: '#e6edf3',
    muted: '#9da7b3',
    line: '#30363d',
    link: '#6cb2ff',
    step: '#4493f8',
    old: '#767f8a',
    waiting: '#d29922',
    good: '#3fb950',
    failed: '#ff6a60',
  },
};

/** As variables of a style sheet, for either taste. */
export function renderPalettes(selector: string): string {
  const render = (palette: Readonly<Record<Colour, string>>) =>
    `${selector}{${Object.entries(palette)
      .map(([name, value]) => `--${name}:${value}`)
      .join(';')}}`;
  return `${render(PALETTES.light)}@media (prefers-color-scheme:dark){${render(PALETTES.dark)}}`;
}
