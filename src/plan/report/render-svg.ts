import { escapeMarkup } from '../../shared/escape-markup.ts';
import type { ReleaseRecord } from '../records/release-record.ts';
import { renderPalettes } from './palette.ts';
import { BAR_KINDS, type Bar, planTimeline, type Row } from './plan-timeline.ts';
import { planTicks, renderTick } from './ticks.ts';

const WIDTH = 880;
const LABEL = 240;
const VALUE = 150;
const ROW = 20;
const TOP = 56;
const TRACK = WIDTH - LABEL - VALUE;
/** So many rows are still a picture. */
const MOST_ROWS = 60;
const MOST_LETTERS = 34;

const STYLE = `text{font:12px system-ui,sans-serif;fill:var(--text)}.muted{fill:var(--muted)}.title{font-size:15px;font-weight:600}
.page{fill:var(--page)}.track{fill:var(--track)}line{stroke:var(--line)}
${BAR_KINDS.map((kind) => `.${kind}{fill:var(--${kind})}`).join('')}`;

/** The timeline as a picture that stands alone: for a pull request. */
export function renderSvg(record: ReleaseRecord, before: ReleaseRecord | undefined): string {
  const { ms, groups } = planTimeline(record, before);
  const all = groups.flatMap(({ rows }) => rows);
  const left = all.length - MOST_ROWS;
  const rows = left > 0 ? [...all.slice(0, MOST_ROWS), { ...NO_ROW, label: `and ${left} more` }] : all;
  const height = TOP + rows.length * ROW + 12;
  const title = `${record.stack} r${record.number}: ${record.result}, ${record.seconds} s`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${escapeMarkup(title)}</title><style>${renderPalettes('svg')}${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}" rx="6"/><text class="title" x="12" y="24">${escapeMarkup(title)}</text>`,
    ...planTicks(ms).map((tick) => renderAxis(tick, ms, height)),
    ...rows.map((row, at) => renderRow(row, TOP + at * ROW, ms)),
    '</svg>',
    '',
  ].join('\n');
}

const NO_ROW: Row = { label: '', isPart: true, bars: [], value: '', story: '' };

function renderAxis(tick: number, ms: number, height: number): string {
  const x = xOf(tick, ms);
  return `<line x1="${x}" x2="${x}" y1="${TOP - 4}" y2="${height - 8}"/><text class="muted" x="${x}" y="${TOP - 8}">${renderTick(tick)}</text>`;
}

function renderRow({ label, isPart, bars, value, story }: Row, y: number, ms: number): string {
  const shown = label.length > MOST_LETTERS ? `${label.slice(0, MOST_LETTERS - 1)}…` : label;
  return [
    `<g><title>${escapeMarkup(story)}</title>`,
    `<text${isPart ? ' class="muted"' : ''} x="${isPart ? 24 : 12}" y="${y + 13}">${escapeMarkup(shown)}</text>`,
    ...bars.map((bar) => renderBar(bar, y, ms)),
    `<text class="muted" x="${LABEL + TRACK + 8}" y="${y + 13}">${escapeMarkup(value)}</text></g>`,
  ].join('');
}

function renderBar({ kind, from, to }: Bar, y: number, ms: number): string {
  const width = Math.max(2, xOf(to, ms) - xOf(from, ms));
  return `<rect class="${kind}" x="${xOf(from, ms)}" y="${y + 4}" width="${width.toFixed(1)}" height="12"/>`;
}

const xOf = (at: number, ms: number) => Number((LABEL + (ms > 0 ? at / ms : 0) * TRACK).toFixed(1));
