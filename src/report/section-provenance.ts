import { count, shortened } from './format.ts';
import { html, type Markup } from './html.ts';
import { type Section, scrollable } from './section.ts';
import type { ArtifactFacts, Study } from './study.ts';

/** Entries that the page shows elsewhere or that are too long to read. */
const leftOut: ReadonlySet<string> = new Set(['type', 'classes', 'model', 'source']);

function artifactRow(artifact: ArtifactFacts): Markup {
  const values = Object.values(artifact.matrix);
  const stage = values.length === 0 ? artifact.stage : `${artifact.stage}[${values.join(', ')}]`;
  const facts = Object.entries(artifact.metadata)
    .filter(([key]) => !leftOut.has(key))
    .map(([key, value]) => `${key} ${shortened(value, 80)}`)
    .join('; ');
  return html`<tr><th scope="row">${stage}</th><td>${artifact.type}</td><td class="number">${count(artifact.rows)}</td><td>${facts}</td></tr>`;
}

/** How to make the report again, and every artifact that it was made from. */
export function provenanceSection(study: Study): Section {
  const pipeline = study.pipeline ?? '<pipeline>';
  const files = [...new Set(study.data.flatMap((data) => data.files))];
  const caption = 'Artifacts that this report was made from';
  return {
    id: 'provenance',
    heading: 'Provenance',
    body: html`<p>To make it again: <code>pipe run ${pipeline}</code>. Stages whose inputs, parameters and code did not change are taken from the store.</p>${files.length === 0 ? undefined : html`<p>Files of the data: ${files.join(', ')}.</p>`}<details><summary>${caption}</summary>${scrollable(caption, html`<table><caption>${caption}</caption><thead><tr><th scope="col">Stage</th><th scope="col">Type</th><th scope="col" class="number">Rows</th><th scope="col">Metadata</th></tr></thead><tbody>${study.artifacts.map(artifactRow)}</tbody></table>`)}</details>`,
  };
}
