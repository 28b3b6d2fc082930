import type { JsonObject } from '../util/json.ts';
import type { ReportInputs } from './collect-inputs.ts';
import { commandsToRepeat } from './commands.ts';
import { count, listed, score, shortened } from './format.ts';
import { html, type Markup } from './html.ts';
import { type Section, scrollable } from './section.ts';
import type { ArtifactFacts, Study } from './study.ts';

/** Entries that the page shows elsewhere or that are too long to read. */
const leftOut: ReadonlySet<string> = new Set(['type', 'classes', 'model', 'source']);

/** Numbers of sixteen digits are for machines. */
function factText(value: string): string {
  return /^-?\d+\.\d{5,}$/.test(value) ? score(Number(value)) : value;
}

function artifactRow(artifact: ArtifactFacts): Markup {
  const stage = nameOf(artifact);
  const facts = Object.entries(artifact.metadata)
    .filter(([key, value]) => !leftOut.has(key) && value !== '')
    .map(([key, value]) => `${key} ${shortened(factText(value), 80)}`)
    .join('; ');
  return html`<tr id="${anchorOf(artifact)}"><th scope="row">${stage}</th><td><code>${artifact.digest.slice(0, 12)}</code></td><td>${artifact.type}</td><td class="number">${count(artifact.rows)}</td><td>${facts}</td></tr>`;
}

/** The slots whose artifacts a section's numbers come from. */
const slotsOf: Readonly<Record<string, readonly (keyof ReportInputs)[]>> = {
  answer: ['metrics', 'predictions', 'timings', 'fit', 'refits'],
  comparison: ['metrics', 'confusion', 'timings', 'fit'],
  differences: ['predictions', 'cv'],
  guards: ['split', 'cv', 'metrics', 'fit'],
  price: ['metrics', 'timings', 'fit'],
  search: ['cv', 'search', 'fit'],
  curves: ['history', 'curves'],
  confusion: ['confusion', 'predictions', 'samples'],
  calibration: ['calibration', 'writers'],
  samples: ['samples'],
  architecture: ['fit'],
};

function anchorOf({ slot, stage, matrix, digest }: ArtifactFacts): string {
  // Names of stages and matrix values are the user's: an anchor is made of nothing but letters, digits and dashes.
  const place = [stage, ...Object.values(matrix)].join('-').replaceAll(/[^\w-]/g, '-');
  return `artifact-${slot}-${place}-${digest.slice(0, 12)}`;
}

function nameOf({ stage, matrix }: ArtifactFacts): string {
  const values = Object.values(matrix);
  return values.length === 0 ? stage : `${stage}[${values.join(', ')}]`;
}

/** The artifacts that a section's numbers come from, each linked to its line among all of them. */
export function sourceLine({ artifacts }: Study, section: string): Markup | undefined {
  const wanted: readonly string[] = slotsOf[section] ?? [];
  const slots = wanted.flatMap((slot) => {
    const made = artifacts.filter((artifact) => artifact.slot === slot);
    return made.length === 0 ? [] : [{ type: made[0]?.type ?? slot, made }];
  });
  if (slots.length === 0) return undefined;
  const lists = slots.map(
    ({ type, made }, index) =>
      html`${index === 0 ? '' : ', '}<a href="#${anchorOf(made[0] as ArtifactFacts)}">${type}</a> of ${stagesText(made)}`,
  );
  return html`<p class="sources">From the artifacts ${lists}.</p>`;
}

/** `evaluate` for all instances of a stage that are here, else their names. */
function stagesText(made: readonly ArtifactFacts[]): string {
  const stages = [...new Set(made.map(({ stage }) => stage))];
  return listed(
    stages.map((stage) => {
      const mine = made.filter((one) => one.stage === stage);
      return mine.length === 1 ? nameOf(mine[0] as ArtifactFacts) : `${stage} (${mine.length})`;
    }),
  );
}

/** A line a parameter: YAML, of which JSON is a part. */
function paramsYaml(params: JsonObject): string {
  return Object.entries(params)
    .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join('\n');
}

/** What the run's parameters were, to be given back to it. */
function paramsPart({ run }: Study): Markup | undefined {
  if (run === undefined || Object.keys(run.params).length === 0) return undefined;
  const label = 'Parameters of the run';
  return html`<p>Parameters that were set on the command line are among these. Kept as a file, they are given back by <code>--params params.yaml</code>.</p><details><summary>${label}</summary>${scrollable(label, html`<pre><code>${paramsYaml(run.params)}</code></pre>`)}</details>`;
}

/** How to make the report again, and every artifact that it was made from. */
export function provenanceSection(study: Study): Section {
  const files = [...new Set(study.data.flatMap((data) => data.files))];
  const caption = 'Artifacts that this report was made from';
  const commands = commandsToRepeat(study).join('\n');
  const code =
    study.run?.commit === undefined
      ? undefined
      : html` Changes that were not committed are not part of that commit; the fingerprints below are of the code as it ran.`;
  return {
    id: 'provenance',
    heading: 'Where it comes from',
    body: html`<h3>How to make it again</h3>${scrollable('Commands', html`<pre><code>${commands}</code></pre>`)}<p>Stages whose inputs, parameters and code did not change are taken from the store.${code}</p>${paramsPart(study)}<h3>Data</h3>${study.data.map((data) => html`<p>${data.title}${files.length === 0 ? '' : `: ${files.join(', ')}`}.</p>`)}<h3>${caption}</h3>${scrollable(caption, html`<table class="artifacts"><caption class="hidden">${caption}</caption><thead><tr><th scope="col">Stage</th><th scope="col">Digest</th><th scope="col">Type</th><th scope="col" class="number">Rows</th><th scope="col">Metadata</th></tr></thead><tbody>${study.artifacts.map(artifactRow)}</tbody></table>`)}`,
  };
}
