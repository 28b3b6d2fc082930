import type { Artifact } from '../artifact/reader.ts';
import { html, type Markup, markupText } from '../report/html.ts';
import { pictureStrip } from '../report/pictures.ts';
import { pngAddress } from '../report/png.ts';
import { style } from '../report/style.ts';
import type { DiffSide, OutputDiff, RunDiff, StageDiff } from './run-diff.ts';
import type { TableDiff } from './table-diff.ts';

/** What the page needs beside the diff itself. */
export interface HtmlDiffSetting {
  readonly sides: readonly [DiffSide, DiffSide] | undefined;
  /** Opens the two versions of an output, for pictures; undefined where one is gone. */
  readonly open: (output: OutputDiff) => { readonly before: Artifact; readonly after: Artifact } | undefined;
  /** Opens samples by their digest; undefined where they are gone. */
  readonly samples: (digest: string) => Artifact | undefined;
  /** A cause's changes as texts. */
  readonly causeTexts: (cause: RunDiff['causes'][number]) => readonly string[];
}

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
const words = {
  same: 'the same',
  again: 'made again, with the same results',
  changed: 'changed',
  added: 'only in B',
  removed: 'only in A',
  unknown: 'not known any more',
} as const;

const signed = (value: number): string => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(4)}`;
const short = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(4))) : '–');

/** A diff as one page that needs no network and runs nothing. */
export function htmlDiff(diff: RunDiff, setting: HtmlDiffSetting): string {
  const { sides } = setting;
  const title = sides === undefined ? 'Two artifacts' : `${sides[0].pipeline}: what changed`;
  const isSame = diff.stages.every(({ status }) => status === 'same' || status === 'again');
  const causes = diff.causes.flatMap((cause) =>
    setting.causeTexts(cause).map((text) => html`<li><strong>${cause.stage}</strong>: ${text}</li>`),
  );
  return markupText(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${style}
</head>
<body>
<header><h1>${title}</h1>${sides === undefined ? undefined : sideTable(sides)}</header>
<main id="main">
${causes.length === 0 ? undefined : html`<section><h2>What changed first</h2><ul>${causes}</ul></section>`}
<section><h2>Stages</h2>${isSame ? html`<p class="headline">The results are the same.</p>` : undefined}${stageTable(diff.stages)}</section>
${diff.stages.flatMap(({ stage, outputs }) => outputs.map((output) => outputSection(stage, output, setting)))}
</main>
</body>
</html>
`);
}

function sideTable(sides: readonly [DiffSide, DiffSide]): Markup {
  const rows = sides.map(
    ({ name, pipeline, started }, side) =>
      html`<tr><th scope="row">${side === 0 ? 'A' : 'B'}</th><td><code>${name}</code></td><td>${pipeline}</td><td>${started} UTC</td></tr>`,
  );
  return html`<table><tbody>${rows}</tbody></table>`;
}

function stageTable(stages: readonly StageDiff[]): Markup {
  const rows = stages.map(
    ({ stage, status }) =>
      html`<tr><th scope="row" class="plain">${status === 'changed' ? html`<strong>${stage}</strong>` : stage}</th><td>${words[status]}</td></tr>`,
  );
  return html`<table><thead><tr><th scope="col">Stage</th><th scope="col">In B</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function outputSection(stage: string, output: OutputDiff, setting: HtmlDiffSetting): Markup | undefined {
  const name = output.slot === '' ? stage : `${stage}.${output.slot}`;
  const { problem, diff } = output;
  if (problem !== undefined)
    return html`<section><h2>${name}</h2><p class="warning">${problem.message}. ${problem.hint}</p></section>`;
  if (diff === undefined) return undefined;
  const parts: (Markup | undefined)[] = [
    diff.scores === undefined ? undefined : scoreTable(diff.scores),
    diff.flips === undefined ? undefined : flipParts(diff.flips, diff.classes ?? []),
    diff.flips === undefined ? undefined : flipPictures(output, diff.flips, setting),
    diff.timings === undefined || diff.timings.length === 0
      ? undefined
      : html`<table><thead><tr><th scope="col">Phase</th><th scope="col" class="number">A, s</th><th scope="col" class="number">B, s</th><th scope="col">Verdict</th></tr></thead><tbody>${diff.timings.map((one) => html`<tr><th scope="row">${one.phase}</th><td class="number">${short(one.before)}</td><td class="number">${short(one.after)}</td><td>${one.verdict}</td></tr>`)}</tbody></table>`,
    diff.meaning === undefined || diff.meaning.lines.length === 0
      ? undefined
      : html`<ul>${diff.meaning.lines.map((line) => html`<li>${line}</li>`)}</ul>`,
    output.type === 'samples' ? pictures(output, setting) : undefined,
    diff.scores === undefined && diff.flips === undefined && diff.timings === undefined
      ? tableParts(diff.table)
      : undefined,
  ];
  const body = parts.filter((part) => part !== undefined);
  return body.length === 0 ? undefined : html`<section><h2>${name}</h2>${body}</section>`;
}

function scoreTable(scores: NonNullable<NonNullable<OutputDiff['diff']>['scores']>): Markup {
  const rows = scores.map(
    ({ name, before, after, difference, interval, verdict, pValue }) =>
      html`<tr><th scope="row">${name}</th><td class="number">${before.toFixed(4)}</td><td class="number">${after.toFixed(4)}</td><td class="number">${signed(difference)}${interval === undefined ? '' : ` [${signed(interval[0])}, ${signed(interval[1])}]`}</td><td>${verdict === 'better' || verdict === 'worse' ? html`<strong>${verdict}</strong>` : verdict}</td><td class="number">${pValue === undefined ? '' : pValue < 0.001 ? '< 0.001' : pValue.toFixed(3)}</td></tr>`,
  );
  return html`<table><thead><tr><th scope="col">Score</th><th scope="col" class="number">A</th><th scope="col" class="number">B</th><th scope="col" class="number">Difference [95 %]</th><th scope="col">Verdict</th><th scope="col" class="number">p</th></tr></thead><tbody>${rows}</tbody></table><p class="remark">“noise” is what chance alone makes at least once in a hundred times.</p>`;
}

function flipParts(flips: NonNullable<NonNullable<OutputDiff['diff']>['flips']>, classes: readonly string[]): Markup {
  const rows = flips.byClass.map(
    ({ label, gained, lost }) =>
      html`<tr><th scope="row" class="class">${classes[label] ?? String(label)}</th><td class="number">${gained}</td><td class="number">${lost}</td></tr>`,
  );
  return html`<p>Of ${flips.rows} rows ${flips.gained} turned right and ${flips.lost} turned wrong; ${flips.otherwise} are wrong in another way.</p><table><thead><tr><th scope="col">Class</th><th scope="col" class="number">Turned right</th><th scope="col" class="number">Turned wrong</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** The first rows that turned wrong and right, as pictures. */
function flipPictures(
  { samples: digest }: OutputDiff,
  { examples }: NonNullable<NonNullable<OutputDiff['diff']>['flips']>,
  { samples: openSamples }: HtmlDiffSetting,
): Markup | undefined {
  const samples = digest === undefined ? undefined : openSamples(digest);
  if (samples === undefined || samples.metadata['features'] !== undefined) return undefined;
  const image = samples.tensor('image');
  const [height = 0, width = 0] = image.shape;
  if (height < 2) return undefined;
  const place = new Map(Array.from(samples.numbers('id'), (id, row) => [id, row]));
  const images = { ids: samples.numbers('id'), labels: samples.numbers('label'), image, height, width };
  const strip = (ids: readonly number[], words: string): Markup | undefined => {
    const rows = ids.flatMap((id) => place.get(id) ?? []);
    return rows.length === 0
      ? undefined
      : html`<figure><figcaption>${words}</figcaption>${pictureStrip(images, rows, `${rows.length} samples: ${words}`)}</figure>`;
  };
  return html`<div class="charts">${strip(examples.lost, 'turned wrong')}${strip(examples.gained, 'turned right')}</div>`;
}

/** Metadata may hold a whole model. */
function briefly(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function tableParts(table: TableDiff): Markup {
  const { rowsBefore, rowsAfter, added, removed, changed, moved, alignment, keys } = table;
  const rows = table.columns.map(
    (one) =>
      html`<tr><th scope="row">${one.name}</th><td>${one.type}${one.typeAfter === undefined ? '' : ` → ${one.typeAfter}`}</td><td class="number">${one.changed}</td><td class="number">${one.largest === undefined ? '' : short(one.largest)}</td><td class="number">${one.before === undefined ? '' : short(one.before.mean)}</td><td class="number">${one.after === undefined ? '' : short(one.after.mean)}</td></tr>`,
  );
  const names = [
    ...table.columnsAdded.map(({ name }) => `+ ${name}`),
    ...table.columnsRemoved.map(({ name }) => `− ${name}`),
  ];
  const metadata = table.metadata.map(
    ({ name, before = 'nothing', after = 'nothing' }) => html`<li>${name}: ${briefly(before)} → ${briefly(after)}</li>`,
  );
  return html`<p>${rowsBefore} rows in A, ${rowsAfter} in B: ${added} added, ${removed} removed, ${changed} changed, ${moved} moved; rows are paired by ${alignment === 'key' ? keys.join(', ') : alignment}.</p>${names.length === 0 ? undefined : html`<p>Columns: ${names.join(', ')}.</p>`}${metadata.length === 0 ? undefined : html`<p>Metadata:</p><ul>${metadata}</ul>`}<table><thead><tr><th scope="col">Column</th><th scope="col">Type</th><th scope="col" class="number">Rows changed</th><th scope="col" class="number">Largest difference</th><th scope="col" class="number">Mean in A</th><th scope="col" class="number">Mean in B</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** The samples that changed most: A, B and their difference side by side. */
function pictures(output: OutputDiff, { open }: HtmlDiffSetting): Markup | undefined {
  const facts = output.diff?.meaning?.facts['images'] as
    | { readonly worst: readonly { readonly id: number }[] }
    | undefined;
  const versions = facts === undefined ? undefined : open(output);
  if (facts === undefined || versions === undefined) return undefined;
  const [before, after] = [versions.before.tensor('image'), versions.after.tensor('image')];
  const [height = 0, width = 0] = before.shape;
  if (height < 2 || before.size !== after.size || before.type !== 'uint8' || after.type !== 'uint8') return undefined;
  const place = (artifact: Artifact, id: number): number => Array.from(artifact.numbers('id')).indexOf(id);
  const shown = facts.worst.map(({ id }) => {
    const [a, b] = [before.row(place(versions.before, id)), after.row(place(versions.after, id))];
    const total = 3 * width + 4;
    const pixels = new Uint8Array(total * height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [one, other] = [a[y * width + x] as number, b[y * width + x] as number];
        pixels[y * total + x] = one;
        pixels[y * total + width + 2 + x] = other;
        pixels[y * total + 2 * width + 4 + x] = Math.abs(one - other);
      }
    return html`<figure><figcaption>id ${id}: A, B, difference</figcaption><img class="ink" src="${pngAddress(pixels, total, height)}" width="${total * 2}" height="${height * 2}" alt="sample ${id} in A, in B, and the difference"></figure>`;
  });
  return html`<div class="charts">${shown}</div>`;
}
