import { renderPalettes } from './palette.ts';
import { BAR_KINDS } from './plan-timeline.ts';

/** Of the page: one column on a phone; light or dark as the reader has it; on paper everything. */
export const STYLE = `${renderPalettes(':root')}
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0 auto;max-width:70rem;padding:1.5rem 1rem 4rem;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2.5rem 0 .75rem}
p{margin:.25rem 0}
.muted,dt{color:var(--muted)}
.failed-text{color:var(--failed)}
.good-text{color:var(--good)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:1rem 0}
dd{margin:0;overflow-wrap:anywhere}
pre{background:var(--track);border:1px solid var(--line);border-radius:6px;padding:.75rem;overflow-x:auto;font:.85rem/1.5 ui-monospace,monospace;margin:.5rem 0}
.failure{border-left:4px solid var(--failed);padding-left:1rem}
summary{cursor:pointer;font-weight:600;padding:.25rem 0;overflow-wrap:anywhere}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
ul{list-style:none;margin:0 0 .5rem;padding:0}
li,.axis{display:grid;grid-template-columns:17rem 1fr 8rem;gap:0 .75rem;align-items:center;font-size:.85rem;min-height:1.6rem}
.label{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.part .label{padding-left:1rem;color:var(--muted)}
.value{color:var(--muted);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.track{position:relative;height:.85rem;background:var(--track);border-radius:3px;overflow:hidden}
.track i{position:absolute;top:0;bottom:0;min-width:3px}
${BAR_KINDS.map((kind) => `.${kind}{background:var(--${kind})}`).join('')}
.axis .track{background:none;overflow:visible}
.axis b{position:absolute;font-weight:400;color:var(--muted);white-space:nowrap;border-left:1px solid var(--line);padding-left:.25rem}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;font-size:.85rem;margin:0 0 .75rem}
.legend i{display:inline-block;width:.85rem;height:.85rem;border-radius:3px;margin-right:.35rem;vertical-align:-.1rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{color:var(--muted);font-weight:600;white-space:nowrap}
@media (max-width:40rem){
li,.axis{grid-template-columns:1fr auto}
.label{grid-column:1}.value{grid-column:2;grid-row:1;text-align:right}.track{grid-column:1/-1}
li{padding-bottom:.35rem}
.axis span:not(.track),thead{display:none}
table,tbody,tr,td{display:block}
td{border:0;padding:0}
tr{padding:.5rem 0;border-bottom:1px solid var(--line)}
}
@media print{details::details-content{content-visibility:visible}}
`;
