import { reportColors } from './colors.ts';

/** The page's style sheet, on the report's colours. */
export function styleSheet(): string {
  return reportColors() + layout + parts + states;
}

const layout = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
h1 { font-size: 1.35rem; line-height: 1.25; letter-spacing: -.01em; }
h2 { font-size: 1.02rem; line-height: 1.3; }
h3 { font-size: .78rem; color: var(--soft); text-transform: uppercase; letter-spacing: .05em; margin: 1rem 0 .3rem; }
a { color: var(--link); }
code, pre, kbd { font: .86em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { background: var(--tint); padding: .6rem .75rem; border-radius: 6px; overflow: auto; margin: .3rem 0 0; max-height: 22rem; white-space: pre-wrap; overflow-wrap: anywhere; }
kbd { border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; padding: 0 .35em; background: var(--tint); }
button, select, input, textarea { font: inherit; color: inherit; }
button, .button, select, input[type=search], textarea { background: var(--paper); border: 1px solid var(--soft); border-radius: 6px; padding: .25rem .75rem; }
.button { color: inherit; text-decoration: none; white-space: nowrap; } button { cursor: pointer; } .button:hover, button:hover:not(:disabled) { background: var(--tint); } button:disabled { opacity: .5; cursor: default; }
button.plain { border-color: transparent; color: var(--soft); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.soft { color: var(--soft); }
.skip, .unseen { position: absolute; left: -100rem; } .skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 3; }
.bar { display: flex; align-items: center; gap: 1.25rem; padding: .5rem 1.5rem; border-bottom: 1px solid var(--line); }
.bar nav { flex: 1; } .mark { font-weight: 700; font-size: 1.1rem; letter-spacing: -.02em; color: var(--ink); text-decoration: none; }
.trail { list-style: none; display: flex; gap: .5rem; } .trail li + li::before { content: "/"; color: var(--soft); margin-right: .5rem; }
main { padding: 1rem 1.5rem 3rem; max-width: 110rem; margin-inline: auto; }
.title { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1rem; margin-bottom: .75rem; }
.title h1 .soft { font-weight: 400; } .title .facts { flex: 1; font-variant-numeric: tabular-nums; }
.title input { margin-left: auto; min-width: 16rem; }
.panel-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: .3rem .9rem; margin-bottom: .5rem; } .panel-head > p { flex: 1; font-size: .9rem; }
.panel-head label { font-size: .9rem; } .panel-head select { font-size: .88rem; padding: .1rem .4rem; }
section { min-width: 0; }
.columns { display: grid; grid-template-columns: minmax(0, 1.55fr) minmax(0, 1fr); gap: 1.75rem 2.25rem; margin-top: 1.25rem; }
.jobs, .details { display: flex; flex-direction: column; gap: 1.75rem; min-width: 0; }
.details { border-left: 1px solid var(--line); padding-left: 2.25rem; }
@media (max-width: 68rem) { .columns { grid-template-columns: minmax(0, 1fr); } .details { border: 0; padding: 0; } }
@media (max-width: 40rem) { main, .bar { padding-inline: .9rem; } .title input { min-width: 0; width: 100%; } }
`;

const parts = `
progress { display: block; width: 100%; height: 5px; border: 0; border-radius: 3px; overflow: hidden; background: var(--line); appearance: none; margin-bottom: .9rem; }
progress::-webkit-progress-bar { background: var(--line); } progress::-webkit-progress-value { background: var(--c0); } progress::-moz-progress-bar { background: var(--c0); }
.warning { border-left: 4px solid var(--warn-line); background: var(--warn-paper); color: var(--warn-ink); padding: .55rem .9rem; margin: 0 0 .75rem; border-radius: 0 6px 6px 0; }
.warning a { color: inherit; } .warning pre { background: transparent; padding: 0; }
.failure { border-color: var(--c1); }
.notes { margin-bottom: .9rem; font-size: .92rem; } .notes details { color: var(--soft); } .notes ul { padding-left: 1.4rem; }
summary { cursor: pointer; color: var(--link); } details { margin: .4rem 0; }
.scroll { overflow: auto; max-width: 100%; }
.graph .scroll { border: 1px solid var(--line); border-radius: 10px; background: var(--tint); max-height: 46vh; }
.canvas { margin-inline: auto; position: relative; overflow: hidden; } .drawing { position: relative; transform-origin: 0 0; }
.drawing svg { position: absolute; inset: 0; } .edge { fill: none; stroke: var(--soft); stroke-opacity: .45; stroke-width: 1.4; } .edge.passed { stroke-opacity: .9; }
.box { position: absolute; width: 194px; height: 52px; padding: .3rem .6rem .3rem .7rem; text-align: left; line-height: 1.3; border: 1px solid var(--line); border-left: 4px solid var(--c, var(--c6)); border-radius: 7px; background: var(--paper); overflow: hidden; display: block; }
.box .name, .box .detail { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.box .name { font-weight: 600; font-size: .86rem; } .box .detail { font-size: .77rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.box[aria-pressed=true] { border-color: var(--ink); border-left-color: var(--c, var(--c6)); box-shadow: 0 0 0 1px var(--ink); }
.box-waiting, .box-skipped { border-style: dashed; border-left-style: solid; } .box-running { background: color-mix(in srgb, var(--c, var(--c6)) 9%, var(--paper)); }
.meter { position: absolute; left: 0; right: 0; bottom: 0; height: 4px; background: color-mix(in srgb, var(--c, var(--c6)) 22%, transparent); }
.meter > span { display: block; height: 100%; background: var(--c, var(--c6)); transition: width .25s linear; }
.rows { overflow: auto; }
.rows .head { position: sticky; top: 0; background: var(--paper); z-index: 1; font-size: .8rem; color: var(--soft); }
.runs { height: calc(100vh - 9rem); min-height: 15rem; border-top: 1px solid var(--line); }
.runs .row { display: grid; grid-template-columns: 1.2rem 3.2rem minmax(11rem, 2fr) 9rem minmax(9rem, 1fr) 7.5rem 6rem 6rem 8rem; gap: .5rem 1rem; align-items: center; height: 40px; border-bottom: 1px solid var(--line); padding-inline: .5rem; min-width: 56rem; }
.runs .row:hover { background: var(--tint); } .runs .row > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.runs a { text-decoration: none; } .runs a:hover strong { text-decoration: underline; }
.number { text-align: right; font-variant-numeric: tabular-nums; } .runs .head > .row > span:nth-child(n+6) { text-align: right; }
.pin { font-size: .75rem; background: var(--ink); color: var(--paper); border-radius: 3px; padding: .05em .4em; margin-left: .5em; }
.grid.long { max-height: 26rem; } .grid .row { display: flex; gap: 2px; height: 26px; align-items: center; font-size: .84rem; font-variant-numeric: tabular-nums; }
.grid .head .row { height: 39px; align-items: end; padding-bottom: .2rem; }
.grid .label { flex: 1 1 12rem; min-width: 7rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-right: .5rem; }
.cell { flex: 0 1 4.6rem; min-width: 3rem; height: 24px; line-height: 24px; text-align: center; border-radius: 3px; position: relative; overflow: hidden; cursor: pointer; }
.head .cell { cursor: default; white-space: nowrap; border-radius: 0; height: auto; line-height: inherit; } .mean { flex: 0 0 3.6rem; text-align: right; font-weight: 600; }
.head .mean { font-weight: 400; }
.open { color: var(--soft); cursor: default; background: var(--tint); } .cell.selected { box-shadow: inset 0 0 0 2px var(--ink); }
.cell:focus-visible { outline-offset: -2px; }
.chart { width: 100%; } svg.chart { display: block; max-width: 100%; } svg text { font-family: inherit; font-variant-numeric: tabular-nums; }
.tick { font-size: 11.5px; fill: var(--soft); } .grid-line { stroke: var(--line); }
.line polyline { fill: none; stroke: var(--c); stroke-width: 1.6; stroke-opacity: .5; stroke-linejoin: round; } .line circle { fill: var(--c); }
.line:hover polyline { stroke-opacity: 1; stroke-width: 3; } .line.growing polyline { stroke-opacity: 1; stroke-width: 2.2; }
.line.selected polyline { stroke: var(--ink); stroke-opacity: 1; stroke-width: 2.6; } .line.selected circle { fill: var(--ink); }
.facts { font-size: .9rem; } dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1rem; }
dt { color: var(--soft); } dd { overflow-wrap: anywhere; }
.job-panel h2 { overflow-wrap: anywhere; flex: 1; } .outputs ul { list-style: none; font-size: .92rem; }
.log pre { max-height: 17rem; font-size: .8rem; }
.machine figure { margin-bottom: .8rem; } .machine figcaption { display: flex; justify-content: space-between; font-size: .86rem; margin-bottom: .15rem; }
.machine svg { display: block; width: 100%; height: 40px; background: var(--tint); border-radius: 4px; } .machine polygon { fill: var(--c5); fill-opacity: .25; } .machine polyline { fill: none; stroke: var(--c0); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
dialog { border: 1px solid var(--line); border-radius: 10px; background: var(--paper); color: var(--ink); padding: 1.25rem 1.5rem; max-width: 32rem; } dialog::backdrop { background: rgb(0 0 0 / .45); }
dialog h2 { margin-bottom: .75rem; } .keys { display: grid; grid-template-columns: max-content 1fr; gap: .4rem 1.25rem; margin-bottom: 1rem; } .keys kbd + kbd { margin-left: .25rem; } .keys dt { color: inherit; }
.choices { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; }
.runs .chosen { background: var(--tint); }
.beside { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 1.5rem 2.5rem; align-items: start; } @media (max-width: 68rem) { .beside { grid-template-columns: minmax(0, 1fr); } }
.artifacts-view .list { max-height: calc(100vh - 9rem); border-block: 1px solid var(--line); } @media (max-width: 68rem) { .artifacts-view .list { max-height: 24rem; } } .artifacts-view thead th { position: sticky; top: 0; background: var(--paper); }
.sql textarea { display: block; width: 100%; max-width: 70rem; resize: vertical; font: .86rem/1.5 ui-monospace, Menlo, Consolas, monospace; } .sql .choices { align-items: center; margin: .6rem 0; }
.tables ul { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(21rem, 1fr)); } .tables button { padding: 0 .2rem; text-align: left; color: var(--link); } .sql .scroll { max-height: 60vh; margin-top: .75rem; }
.compare-view { padding-bottom: .75rem; }
.document { display: block; width: 100%; height: calc(100vh - 9.5rem); min-height: 20rem; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); }
.artifact-view section { margin-top: 1.5rem; } .artifact-view h2 { margin-bottom: .25rem; }
table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; } th .type { display: block; font-weight: 400; color: var(--soft); font-size: .78rem; }
td.number, th.number { text-align: right; } td.long, dd.long { white-space: normal; max-width: 60rem; font-size: .85rem; } td.long { min-width: 22rem; } dd.long { max-height: 9rem; overflow: auto; }
td.values { font: .8rem/1.6 ui-monospace, Menlo, Consolas, monospace; }
.pictures { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(64px, 1fr)); gap: .6rem .5rem; } .pictures li { text-align: center; min-width: 0; }
.pictures canvas { width: 56px; height: auto; display: block; margin: 0 auto .1rem; image-rendering: pixelated; border: 1px solid var(--line); border-radius: 3px; } .ink { filter: invert(1); border-color: #201c17; }
.caption { font-size: .78rem; color: var(--soft); overflow: hidden; text-overflow: ellipsis; display: block; white-space: nowrap; }
.files { list-style: none; margin: 1rem 0; } .files img { display: block; max-width: 100%; margin: .5rem 0 1rem; }
`;

const states = `
.status { font-size: .88rem; white-space: nowrap; } .sign { display: inline-block; min-width: 1.1em; }
.status-done .sign, .sign.status-done { color: var(--c2); } .status-cached .sign, .sign.status-cached { color: var(--c6); }
.status-failed, .sign.status-failed, .status-killed { color: var(--c1); font-weight: 600; } .status-running .sign, .sign.status-running { color: var(--c0); }
.status-interrupted .sign, .status-stopped .sign { color: var(--c4); }
.cell-running, .cell-waiting, .cell-retrying, .cell-stopped { background: var(--tint); } .cell-failed { background: color-mix(in srgb, var(--c1) 22%, var(--paper)); font-weight: 700; }
.cell-done, .cell-cached { background: color-mix(in srgb, var(--c) 8%, var(--paper)); }
.shade-1 { background: color-mix(in srgb, var(--c) 14%, var(--paper)); } .shade-2 { background: color-mix(in srgb, var(--c) 20%, var(--paper)); }
.shade-3 { background: color-mix(in srgb, var(--c) 26%, var(--paper)); } .shade-4 { background: color-mix(in srgb, var(--c) 32%, var(--paper)); }
.shade-5 { background: color-mix(in srgb, var(--c) 38%, var(--paper)); } .shade-6 { background: color-mix(in srgb, var(--c) 44%, var(--paper)); }
.shade-7 { background: color-mix(in srgb, var(--c) 50%, var(--paper)); font-weight: 600; }
@media (prefers-color-scheme: dark) { .ink { filter: none; border-color: var(--line); } }
@media (prefers-reduced-motion: reduce) { .meter > span { transition: none; } }
`;
