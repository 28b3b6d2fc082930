import { html, type Markup } from './html.ts';

/**
 * The page's style sheet. Family colours are those of Okabe and Ito (Color Universal Design, 2008), darker on paper
 * and lighter on a dark page, so that each has a contrast of 3 to its ground.
 */
export const style: Markup = html`<style>
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1c2126; --soft: #59636e; --line: #dfe3e8; --tint: #f5f7f9; --link: #0b62a8;
  --warn-ink: #6b3a00; --warn-paper: #fff4e0; --warn-line: #d98a00;
  --c0: #0072b2; --c1: #d55e00; --c2: #009068; --c3: #b9588f; --c4: #a97300; --c5: #3a8fc4; --c6: #6b6f76; --c7: #857a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181c; --ink: #e4e8ec; --soft: #a0a9b3; --line: #343a42; --tint: #1d2126; --link: #7cc0f4;
    --warn-ink: #ffd9a0; --warn-paper: #33260f; --warn-line: #d98a00;
    --c0: #4aa8e0; --c1: #f08a45; --c2: #2cc49a; --c3: #dd92bd; --c4: #e6a832; --c5: #8fd0f5; --c6: #a5a9b0; --c7: #e3d64a;
  }
}
.family-0 { --c: var(--c0); } .family-1 { --c: var(--c1); } .family-2 { --c: var(--c2); } .family-3 { --c: var(--c3); }
.family-4 { --c: var(--c4); } .family-5 { --c: var(--c5); } .family-6 { --c: var(--c6); } .family-7 { --c: var(--c7); }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
header, nav, main { max-width: 75rem; margin-inline: auto; padding-inline: 1.5rem; }
header { padding-top: 2.5rem; }
main { padding-bottom: 5rem; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; z-index: 2; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1rem; letter-spacing: -.01em; }
h2 { font-size: 1.45rem; line-height: 1.25; margin: 3.5rem 0 1rem; padding-top: 1rem; border-top: 1px solid var(--line); letter-spacing: -.005em; }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p, ul { max-width: 46rem; margin: .6rem 0; }
ul { padding-left: 1.3rem; }
li { margin: .25rem 0; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, input:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
nav ul { list-style: none; padding: 0; margin: 1.25rem 0 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; max-width: none; font-size: .9rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: var(--tint); padding: .1em .35em; border-radius: 3px; }
pre { margin: .6rem 0; padding: .8rem 1rem; background: var(--tint); border: 1px solid var(--line); border-radius: 6px; width: max-content; min-width: min(100%, 30rem); } pre code { background: none; padding: 0; font-size: .85rem; line-height: 1.5; }
.data { color: var(--soft); } .data strong { color: var(--ink); }
.warning { border-left: 4px solid var(--warn-line); background: var(--warn-paper); color: var(--warn-ink); padding: .7rem 1rem; }
.headline { font-size: 1.5rem; line-height: 1.3; font-weight: 600; margin-bottom: 1.25rem; letter-spacing: -.01em; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); gap: .75rem; margin: 0 0 1.5rem; }
.tiles > div { border: 1px solid var(--line); border-radius: 8px; background: var(--tint); padding: .8rem 1rem .9rem; }
.tiles dt { font-size: .8rem; color: var(--soft); } .tiles dd { margin: 0; }
.tiles strong { display: block; font-size: 1.2rem; line-height: 1.35; margin-bottom: .15rem; } .tiles span { font-size: .88rem; line-height: 1.45; } .tiles strong .swatch { font-size: 1rem; }
.remark, .notes { color: var(--soft); }
.sources { color: var(--soft); font-size: .82rem; } .sources a { color: inherit; }
.guards td, .guards th[scope] { vertical-align: top; white-space: normal; } .guards ul { margin: 0; } tr:target { background: var(--tint); }
figure { margin: 1.5rem 0 0; min-width: 0; }
figcaption strong { color: var(--ink); } figcaption { font-size: .9rem; color: var(--soft); margin-bottom: .5rem; max-width: 46rem; }
.charts figcaption { color: var(--ink); font-weight: 600; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: .5rem 2.5rem; }
.charts figure { max-width: 26rem; }
.three { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0 1.5rem; } .three figure { max-width: 30rem; }
.pairs-of-two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 33rem), 1fr)); gap: 0 2.5rem; } .pairs-of-two > * { min-width: 0; } .pairs-of-two > .wide { grid-column: 1 / -1; }
.run-facts { display: grid; grid-template-columns: minmax(0, auto) minmax(0, 1fr); gap: 0 3rem; } .run-facts figure { margin-top: .6rem; } .run-facts .scroll > svg.chart { max-width: 100%; }
@media (max-width: 62rem) { .run-facts { display: block; } .run-facts .scroll > svg.chart { max-width: none; } }
.columns { display: flex; flex-wrap: wrap; gap: 0 2.5rem; align-items: flex-start; }
.artifacts { font-size: .82rem; } .artifacts th, .artifacts td { padding-block: .2rem; } .fit .scroll > svg.chart { max-width: 100%; min-width: min(44rem, 100%); } @media (max-width: 50rem) { .fit .scroll > svg.chart { max-width: none; } }
.facts td { overflow-wrap: anywhere; }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 29rem), 1fr)); gap: 0 3rem; } .beside figure { margin-top: .6rem; } .beside .scroll > svg.chart { max-width: 100%; }
.curves { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 0 2.5rem; padding-bottom: .5rem; align-items: end; }
.curves figcaption { color: var(--ink); font-weight: 600; }
.matrix figcaption { max-width: 43rem; } .pairs th, .pairs td { padding-right: .7rem; }
.matrix { display: flex; flex-wrap: wrap; gap: 0 1.25rem; align-items: flex-start; } .matrix > div { min-width: 0; max-width: 100%; } .matrix table { margin-top: 1.5rem; }
.architectures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15.5rem), 1fr)); gap: 0 1.75rem; }
.family > summary h3 { display: inline; } .family > summary { color: var(--ink); margin: 1.5rem 0 .5rem; }
.zoom { border: 0; padding: 0; margin: .4rem 0; display: flex; gap: 1rem; font-size: .9rem; } .zoom legend { float: left; padding: 0; margin-right: 1rem; color: var(--soft); } .zoom label { cursor: pointer; } .zoom input { margin: 0 .2rem 0 0; }
.counts { display: none; } .counts text { fill: var(--ink); } .counts .on-dark { fill: var(--paper); } .counts.shown { display: inline; }
figure:has(.zoom-2:checked, .zoom-3:checked) .scroll { max-height: 44rem; overflow: auto; border: 1px solid var(--line); } figure:has(.zoom-2:checked, .zoom-3:checked) .counts { display: inline; }
.scroll { overflow-x: auto; max-width: 100%; }
svg.chart { display: block; height: auto; max-width: 100%; }
.scroll > svg.chart { max-width: none; }
figure:has(.zoom-2:checked) svg.chart { width: 200%; } figure:has(.zoom-3:checked) svg.chart { width: 300%; }
figure:has(.zoom-2:checked) .classes text { font-size: 6px; } figure:has(.zoom-3:checked) .classes text { font-size: 4.5px; }
.swatch { display: inline-block; width: .7em; height: .7em; border-radius: 2px; background: var(--c); margin-right: .4em; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; margin: .75rem 0; }
caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
th, td { text-align: left; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
th { font-weight: 600; } thead th { vertical-align: bottom; font-size: .82rem; color: var(--soft); line-height: 1.3; }
th[scope=row] { white-space: nowrap; } th[scope=rowgroup] { vertical-align: top; white-space: nowrap; } td[colspan] { color: var(--soft); }
th.plain { font-weight: 400; } td.name { white-space: nowrap; } .guards th[scope=row] { white-space: normal; }
th.number, td.number { text-align: right; } td.number { white-space: nowrap; }
th.number + th:not(.number), td.number + td:not(.number) { padding-left: .9rem; }
.search th[scope=row] { text-align: right; }
.chosen { font-size: .75rem; font-weight: 600; color: var(--paper); background: var(--ink); border-radius: 3px; padding: .05em .4em; margin-right: .3em; }
.class { font-weight: 600; }
details { margin: 1rem 0; } summary { cursor: pointer; color: var(--link); }
svg text { font-family: inherit; font-variant-numeric: tabular-nums; fill: var(--ink); }
svg .label { font-size: 13px; } svg .value { font-size: 12.5px; } svg .tick, svg .axis { font-size: 11.5px; fill: var(--soft); }
.grid { stroke: var(--line); stroke-width: 1; }
.mark { fill: var(--c); }
.stage-box { fill: var(--tint); stroke: var(--soft); } .stage-box.cached { stroke-dasharray: 4 3; } .stage-edge { fill: none; stroke: var(--soft); stroke-width: 1.3; } .stage-head { fill: var(--soft); } svg .stage-title { font-size: 14px; font-weight: 600; } svg .stage-detail { font-size: 11.5px; fill: var(--soft); }
.diagonal { stroke: var(--soft); stroke-dasharray: 4 4; }
.searches { display: flex; flex-wrap: wrap; gap: 0 2.5rem; } .searches figure { max-width: 100%; }
.field { fill: var(--c); } .outline { fill: none; stroke: var(--ink); stroke-width: 2; } .empty { fill: none; stroke: var(--line); stroke-dasharray: 3 3; }
.combination path { fill: none; stroke: var(--c); stroke-width: 1.4; } .chosen-line path { stroke-width: 3; } .fold { fill: var(--c); }
.halo { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.whisker { fill: none; stroke: var(--ink); stroke-width: 1.2; }
.interval { stroke: var(--c); stroke-width: 4; stroke-opacity: .45; stroke-linecap: round; } .interval.thin { stroke-width: 3; }
.curve { fill: none; stroke: var(--c); stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; } .curve.dashed { stroke-dasharray: 5 4.5; } .curve.thin { stroke-width: 1.2; stroke-opacity: .55; } .fold-end { fill: var(--c); fill-opacity: .55; }
.front { fill: none; stroke: var(--soft); stroke-width: 1.3; stroke-dasharray: 2 3; } .ring { fill: none; stroke: var(--c); stroke-width: 1.4; }
.strip { display: block; } .strip circle { fill: var(--c); fill-opacity: .65; } .strip .mean { stroke: var(--ink); stroke-width: 1.6; }
.frame { fill: none; stroke: var(--line); }
.separator { stroke: var(--soft); stroke-width: .8; stroke-opacity: .55; fill: none; }
.classes text { font-size: inherit; fill: var(--soft); }
.hover rect { fill: transparent; } .hover rect:hover { stroke: var(--ink); stroke-width: 1.5; }
.shade-0, .shade-1, .shade-2, .shade-3, .shade-4, .shade-5, .shade-6, .shade-7 { fill: var(--c); }
.shade-0 { fill-opacity: .1; } .shade-1 { fill-opacity: .2; } .shade-2 { fill-opacity: .3; } .shade-3 { fill-opacity: .43; }
.shade-4 { fill-opacity: .56; } .shade-5 { fill-opacity: .7; } .shade-6 { fill-opacity: .85; } .shade-7 { fill-opacity: 1; }
.legend { list-style: none; padding: 0; margin: .5rem 0 0; display: flex; flex-wrap: wrap; gap: .2rem 1rem; } .legend svg { vertical-align: -2px; }
.box { fill: var(--tint); stroke: var(--c, var(--line)); stroke-width: 1.4; }
.arrow { fill: none; stroke: var(--soft); stroke-width: 1.2; }
img.ink { display: block; filter: invert(1); mix-blend-mode: multiply; image-rendering: pixelated; max-width: 100%; }
@media (prefers-color-scheme: dark) { img.ink { filter: none; mix-blend-mode: screen; } }
.pairs img.ink { height: 34px; width: auto; }
.sheet { list-style: none; padding: 0; max-width: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(11.5rem, 1fr)); gap: .5rem 1rem; }
.sheet li { display: flex; align-items: center; gap: .6rem; margin: 0; } .sheet .class { min-width: 1.1em; text-align: center; }
@media (max-width: 40rem) { header, nav, main { padding-inline: 1rem; } h1 { font-size: 1.6rem; } }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #ccc; --tint: #f6f6f6; --link: #000; --warn-ink: #000; --warn-paper: #fff;
    --c0: #0072b2; --c1: #d55e00; --c2: #009068; --c3: #b9588f; --c4: #a97300; --c5: #3a8fc4; --c6: #6b6f76; --c7: #857a00; }
  html { font-size: 12px; } body { font-size: 9.5pt; line-height: 1.45; } nav, .skip, .zoom { display: none; } main { padding-bottom: 0; } header, main { padding-inline: 0; max-width: none; } h2 { margin-top: 2rem; }
  .tiles { grid-template-columns: repeat(4, 1fr); gap: .4rem; } .charts { grid-template-columns: repeat(3, 1fr); gap: 0 .75rem; } .tiles > div { padding: .4rem .6rem; } .three { grid-template-columns: repeat(3, 1fr); gap: 0 .75rem; } .curves { grid-template-columns: repeat(3, 1fr); gap: 0 .5rem; } .architectures { grid-template-columns: repeat(2, 1fr); }
  figure:has(.zoom-2:checked, .zoom-3:checked) svg.chart { width: auto; } figure:has(.zoom-2:checked, .zoom-3:checked) .scroll { max-height: none; border: 0; } .matrix .scroll > svg.chart { width: 10.8cm; } .matrix { break-inside: avoid; flex-wrap: nowrap; gap: .6cm; } .matrix > div:first-child { flex: 0 0 10.8cm; } .pairs thead th { font-size: 7pt; } .pairs { font-size: 7.5pt; } .pairs img.ink { height: 16px; } .architectures > * { break-inside: avoid; } .numbers { display: none; }
  th.number, td.number { white-space: normal; } .scroll > table { font-size: 7.5pt; } .scroll > table th, .scroll > table td { padding-right: .35rem; } .scroll > .artifacts { font-size: 7pt; }
  table { break-inside: avoid; } .artifacts { break-inside: auto; } .columns { flex-wrap: nowrap; gap: 0 1rem; } .columns { gap: 0 .5cm; } .columns table { font-size: 6.5pt; flex: 1; } .columns thead th { font-size: 6.5pt; } .columns th, .columns td { padding: .1rem .15rem .1rem 0; }
  .fit .scroll > svg.chart { max-width: 100%; min-width: 0; }
  .sheet { grid-template-columns: repeat(auto-fill, minmax(168px, 1fr)); gap: .3rem .5rem; }
  summary { color: var(--ink); list-style: none; } pre { white-space: pre-wrap; width: auto; }
  .scroll { overflow: visible; } .scroll > svg.chart { max-width: 100%; } table { font-size: 8.5pt; } th, td { padding-right: .5rem; }
  figure, tr, .sheet li { break-inside: avoid; } h2, h3, caption, summary, .remark { break-after: avoid; }
  img.ink { filter: invert(1); mix-blend-mode: multiply; } .mark, [class^="shade"], .swatch, .chosen, .warning { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
</style>`;
