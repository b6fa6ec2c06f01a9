import { countOf } from '../../shared/count-of.ts';
import { escapeMarkup } from '../../shared/escape-markup.ts';
import type { ServiceSpec } from '../../shared/service-spec.ts';
import { describeServices } from '../records/describe-releases.ts';
import { type ReleaseRecord, ranHealthy } from '../records/release-record.ts';
import { type BarKind, planTimeline } from './plan-timeline.ts';
import { renderChart } from './render-chart.ts';
import { STYLE } from './style.ts';

/** One page that needs nothing else: no script, and nothing is asked for from anywhere. `before`: what ran until then. */
export function renderHtml(record: ReleaseRecord, before: ReleaseRecord | undefined): string {
  const { stack, number, result } = record;
  const title = `${stack} r${number}: ${result}`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escapeMarkup(title)}</title><style>${STYLE}</style></head><body>`,
    `<header>${renderHead(record)}</header><main>`,
    ...renderFailure(record),
    ...renderTimeline(record, before),
    section('Planned changes', renderText(planOf(record, before))),
    ...renderServices(record.services),
    ...renderTold(record),
    '</main></body></html>',
    '',
  ].join('\n');
}

function renderHead({ stack, number, result, id, commit, who, since, seconds: took }: ReleaseRecord): string {
  const facts = [
    ['release', id],
    ['commit', commit ?? ''],
    ['by', who],
    ['begun', `${since.slice(0, 19).replace('T', ' ')} UTC`],
    ['took', `${took} s`],
  ].filter(([, value]) => value !== '');
  const [tone, outcome] = ranHealthy(result) ? ['good', result] : ['failed', `failed: ${result}`];
  return [
    `<h1>${escapeMarkup(stack)} r${number}</h1>`,
    `<p class="${tone}-text"><strong>${escapeMarkup(outcome)}</strong></p>`,
    `<dl>${facts.map(([name = '', value = '']) => `<dt>${name}</dt><dd>${escapeMarkup(value)}</dd>`).join('')}</dl>`,
  ].join('\n');
}

function renderFailure({ failure, details = [], hint }: ReleaseRecord): readonly string[] {
  if (failure === undefined) return [];
  return [
    '<section class="failure"><h2>Why it failed</h2>',
    `<p><strong>${escapeMarkup(failure)}</strong></p>`,
    ...(details.length > 0 ? [renderText(details)] : []),
    ...(hint ? [`<p>What to do: ${escapeMarkup(hint)}</p>`] : []),
    '</section>',
  ];
}

const LEGEND: Readonly<Record<BarKind, string>> = {
  step: 'step',
  old: 'task of before',
  waiting: 'task on its way, or an answer that was not good',
  good: 'new task runs, or a good answer',
  failed: 'failed',
};

function renderTimeline(record: ReleaseRecord, before: ReleaseRecord | undefined): readonly string[] {
  if (!record.told?.length) return [];
  const legend = Object.entries(LEGEND)
    .map(([kind, what]) => `<span><i class="${kind}"></i>${what}</span>`)
    .join('');
  return [
    section(
      'What happened when',
      `<p class="legend">${legend}</p>${renderChart(planTimeline(record, before))}`,
    ),
  ];
}

function planOf(
  { plan, note, rollbackTo, ...record }: ReleaseRecord,
  before: ReleaseRecord | undefined,
): readonly string[] {
  if (plan) return plan;
  const why = note ?? (rollbackTo && `back to r${rollbackTo}`);
  const changes = before && ranHealthy(record.result) ? describeServices(before, record) : [];
  return [...(why ? [why] : []), ...changes];
}

function renderServices(services: readonly ServiceSpec[]): readonly string[] {
  if (services.length === 0) return [];
  const rows = services.map(({ Name, Mode, TaskTemplate }) => {
    const tasks = Mode?.Replicated?.Replicas ?? (Mode?.Global ? 'one a node' : 'a job');
    return `<tr><td>${escapeMarkup(Name)}</td><td>${tasks}</td><td>${escapeMarkup(TaskTemplate?.ContainerSpec?.Image ?? '')}</td></tr>`;
  });
  const head = '<thead><tr><th>service</th><th>tasks</th><th>image</th></tr></thead>';
  return [section('What runs with it', `<table>${head}<tbody>${rows.join('')}</tbody></table>`)];
}

function renderTold({ told = [] }: ReleaseRecord): readonly string[] {
  if (told.length === 0) return [];
  const lines = told.map(
    ({ at, level, text }) =>
      `${(at / 1000).toFixed(1).padStart(7)} s  ${['debug', 'info'].includes(level) ? '' : `${level}: `}${text}`,
  );
  return [
    section(
      'What was said',
      `<details><summary>${countOf(told.length, 'line')}</summary>${renderText(lines)}</details>`,
    ),
  ];
}

const section = (title: string, body: string) => `<section><h2>${title}</h2>${body}</section>`;

/** It can be scrolled with the keyboard. */
const renderText = (lines: readonly string[]) =>
  `<pre tabindex="0">${lines.map(escapeMarkup).join('\n') || 'nothing'}</pre>`;
