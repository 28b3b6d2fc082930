import type { ReportInputs } from './collect-inputs.ts';
import { count, shortened } from './format.ts';
import { html, type Markup } from './html.ts';
import { type Section, scrollable } from './section.ts';
import type { ArtifactFacts, Study } from './study.ts';

/** Entries that the page shows elsewhere or that are too long to read. */
const leftOut: ReadonlySet<string> = new Set(['type', 'classes', 'model', 'source']);

function artifactRow(artifact: ArtifactFacts): Markup {
  const stage = nameOf(artifact);
  const facts = Object.entries(artifact.metadata)
    .filter(([key]) => !leftOut.has(key))
    .map(([key, value]) => `${key} ${shortened(value, 80)}`)
    .join('; ');
  return html`<tr id="${anchorOf(artifact)}"><th scope="row">${stage}</th><td><code>${artifact.digest.slice(0, 12)}</code></td><td>${artifact.type}</td><td class="number">${count(artifact.rows)}</td><td>${facts}</td></tr>`;
}

/** The slots whose artifacts a section's numbers come from. */
const slotsOf: Readonly<Record<string, readonly (keyof ReportInputs)[]>> = {
  answer: ['metrics', 'predictions', 'timings', 'fit', 'refits'],
  comparison: ['metrics', 'confusion', 'timings', 'fit'],
  differences: ['predictions', 'cv'],
  guards: ['split', 'cv', 'metrics', 'fit'],
  search: ['cv', 'search', 'fit'],
  curves: ['history'],
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
  const lists = slots.map(({ type, made }, index) => {
    const links = made.map(
      (one, place) => html`${place === 0 ? '' : ', '}<a href="#${anchorOf(one)}">${nameOf(one)}</a>`,
    );
    return html`${index === 0 ? '' : '; '}${type} of ${links}`;
  });
  return html`<p class="sources">From the artifacts ${lists}.</p>`;
}

/** How to make the report again, and every artifact that it was made from. */
export function provenanceSection(study: Study): Section {
  const pipeline = study.pipeline ?? '<pipeline>';
  const files = [...new Set(study.data.flatMap((data) => data.files))];
  const caption = 'Artifacts that this report was made from';
  return {
    id: 'provenance',
    heading: 'Provenance',
    body: html`<p>To make it again: <code>pipe run ${pipeline}</code>. Stages whose inputs, parameters and code did not change are taken from the store.</p>${files.length === 0 ? undefined : html`<p>Files of the data: ${files.join(', ')}.</p>`}<details open><summary>${caption}</summary>${scrollable(caption, html`<table><caption>${caption}</caption><thead><tr><th scope="col">Stage</th><th scope="col">Digest</th><th scope="col">Type</th><th scope="col" class="number">Rows</th><th scope="col">Metadata</th></tr></thead><tbody>${study.artifacts.map(artifactRow)}</tbody></table>`)}</details>`,
  };
}
