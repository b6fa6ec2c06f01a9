import { escapeMarkup } from '../../shared/escape-markup.ts';
import type { Bar, Group, Row, Timeline } from './plan-timeline.ts';
import { planTicks, renderTick } from './ticks.ts';

/** More rows than that are shown when they are asked for. */
const MOST_OPEN = 40;

/** What stands further right would stick out. */
const MOST_RIGHT = 0.88;

/** The timeline as HTML: each group can be opened and closed, and each row tells its story to who cannot see it. */
export function renderChart({ ms, groups }: Timeline): string {
  const rows = groups.reduce((sum, group) => sum + group.rows.length, 0);
  return [
    `<div class="axis" aria-hidden="true"><span></span><span class="track">${planTicks(ms)
      .filter((tick) => tick <= ms * MOST_RIGHT)
      .map((tick) => `<b style="left:${percent(tick, ms)}">${renderTick(tick)}</b>`)
      .join('')}</span><span></span></div>`,
    ...groups.map((group, at) => renderGroup(group, ms, at === 0 || rows <= MOST_OPEN)),
  ].join('\n');
}

function renderGroup({ title, rows }: Group, ms: number, isOpen: boolean): string {
  return [
    `<details${isOpen ? ' open' : ''}><summary>${escapeMarkup(title)}</summary><ul>`,
    ...rows.map((row) => renderRow(row, ms)),
    '</ul></details>',
  ].join('\n');
}

function renderRow({ label, isPart, bars, value, story }: Row, ms: number): string {
  return [
    `<li${isPart ? ' class="part"' : ''} title="${escapeMarkup(story)}"><span class="label">${escapeMarkup(label)}</span>`,
    `<span class="track" role="img" aria-label="${escapeMarkup(story)}">${bars.map((bar) => renderBar(bar, ms)).join('')}</span>`,
    `<span class="value">${escapeMarkup(value)}</span></li>`,
  ].join('');
}

/** A moment at the end is seen, too. */
const renderBar = ({ kind, from, to }: Bar, ms: number) =>
  `<i class="${kind}" style="left:min(${percent(from, ms)},100% - 3px);width:${percent(to - from, ms)}"></i>`;

const percent = (part: number, whole: number) => `${whole > 0 ? ((part / whole) * 100).toFixed(2) : 0}%`;
