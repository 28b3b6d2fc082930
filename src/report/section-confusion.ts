import { classificationScores } from '../metrics/classification.ts';
import { heatMap, mostHeatMapClasses, shadeSteps } from './chart-heat-map.ts';
import { type ConfusedPair, confusedPairs, examplesOfPairs } from './confusions.ts';
import { count, percent, score, shortened } from './format.ts';
import { type Content, html, type Markup } from './html.ts';
import { pictureStrip } from './pictures.ts';
import { rankedFamilies } from './ranking.ts';
import { familyName, figure, type Section, scrollable } from './section.ts';
import type { Family, Study } from './study.ts';
import { familyColour } from './svg.ts';

const pairsShown = 10;
const examplesShown = 4;

/** With so few classes the cells of a matrix are large as they are. */
const largeEnough = 16;

function className(study: Study, label: number): string {
  return shortened(study.classes[label] ?? String(label), 60);
}

function pairRow(study: Study, pair: ConfusedPair, examples: readonly number[]): Markup {
  const [truth, guess] = [className(study, pair.truth), className(study, pair.guess)];
  const description = `${examples.length} images of class ${truth} that were predicted as ${guess}`;
  const pictures =
    study.images === undefined || examples.length === 0 ? undefined : pictureStrip(study.images, examples, description);
  return html`<tr><td class="class">${truth}</td><td class="class">${guess}</td><td class="number">${count(pair.count)}</td><td class="number">${percent(pair.share)}</td>${study.images === undefined ? undefined : html`<td>${pictures}</td>`}</tr>`;
}

function pairTable(study: Study, family: Family, counts: Float64Array): Content {
  const pairs = confusedPairs(counts, study.classes.length, pairsShown);
  if (pairs.length === 0) return html`<p>No mistake on the ${study.scoredOn} rows.</p>`;
  const examples =
    study.images === undefined || family.predictions === undefined
      ? []
      : examplesOfPairs(pairs, family.predictions, study.images, examplesShown);
  const caption = 'The most confused pairs; shares of the true class';
  const rows = pairs.map((pair, index) => pairRow(study, pair, examples[index] ?? []));
  return scrollable(
    `${family.title}: ${caption}`,
    html`<table class="pairs"><caption>${caption}</caption><thead><tr><th scope="col">True</th><th scope="col">Predicted</th><th scope="col" class="number">Count</th><th scope="col" class="number">Share</th>${study.images === undefined ? undefined : html`<th scope="col">Examples</th>`}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

/** Columns in which the table of the classes is set: one long one would take pages. */
const tableColumns = 3;

function classTable(study: Study, family: Family, counts: Float64Array): Markup {
  const scores = classificationScores(counts, study.classes.length);
  const rows = scores.perClass.map(
    (one, label) =>
      html`<tr><th scope="row" class="class">${className(study, label)}</th><td class="number">${score(one.precision)}</td><td class="number">${score(one.recall)}</td><td class="number">${score(one.f1)}</td><td class="number">${count(one.support)}</td></tr>`,
  );
  const each = rows.length > 12 ? Math.ceil(rows.length / tableColumns) : rows.length;
  const parts = Array.from({ length: Math.ceil(rows.length / each) }, (_, part) =>
    rows.slice(part * each, (part + 1) * each),
  );
  const summary = `Precision, recall and F1 of each class: ${family.title}`;
  const tables = parts.map(
    (part, index) =>
      html`<table><caption class="hidden">${summary}${parts.length === 1 ? '' : `, part ${index + 1} of ${parts.length}`}</caption><thead><tr><th scope="col">Class</th><th scope="col" class="number">Precision</th><th scope="col" class="number">Recall</th><th scope="col" class="number">F1</th><th scope="col" class="number">Support</th></tr></thead><tbody>${part}</tbody></table>`,
  );
  return html`<details><summary>${summary}</summary><p class="remark">Support is the number of ${study.scoredOn} rows of the class.</p>${scrollable(summary, html`<div class="columns">${tables}</div>`)}</details>`;
}

function legend(family: Family): Markup {
  const steps = shadeSteps.map((step, index) => {
    const next = shadeSteps[index + 1];
    const text = index === 0 && next !== undefined ? `below ${next * 100} %` : `${step * 100} %`;
    return html`<li><svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><path class="shade-${index}" d="M0 0h14v14h-14z"/></svg> ${text}</li>`;
  });
  return html`<ul class="legend ${familyColour(family.index)}" aria-label="Shades: share of the true class, from">${steps}</ul>`;
}

function matrix(study: Study, family: Family, counts: Float64Array): Content {
  const size = study.classes.length;
  if (size > mostHeatMapClasses) return html`<p>A matrix of ${size} classes is too large to draw.</p>`;
  const title = `Confusion matrix of ${family.title}`;
  const drawn = heatMap({
    id: `confusion-${family.index}`,
    title,
    description: `${size} by ${size} counts; the most confused pairs and the scores of each class stand in the tables below.`,
    family: family.index,
    classes: study.classes,
    counts,
  });
  return figure(
    html`${title}. A row is a true class, a column a predicted one, shaded by the share of the true class from:${legend(family)}`,
    html`${zoom(family, size)}${scrollable(title, drawn)}`,
  );
}

/** Chooses how large the matrix is drawn, by style alone: enlarged, it scrolls in its box and its counts can be read. */
function zoom(family: Family, classes: number): Markup | undefined {
  if (classes <= largeEnough) return undefined;
  const sizes = [1, 2, 3].map(
    (size) =>
      html`<label><input type="radio" class="zoom-${size}" name="zoom-${family.index}"${size === 1 ? html` checked` : undefined}> ${size} ×</label>`,
  );
  return html`<fieldset class="zoom"><legend>Size</legend>${sizes}</fieldset>`;
}

function familyConfusion(study: Study, family: Family, isFirst: boolean): Content {
  const counts = family.confusion;
  if (counts === undefined) return undefined;
  const body = html`<div class="matrix"><div>${matrix(study, family, counts)}</div><div>${pairTable(study, family, counts)}</div></div>${classTable(study, family, counts)}`;
  return html`<details class="family"${isFirst ? html` open` : undefined}><summary><h3>${familyName(family)}</h3></summary>${body}</details>`;
}

/** Confusion matrix, most confused pairs with examples, and scores of each class, family by family, the best one open. */
export function confusionSection(study: Study): Section | undefined {
  const known = study.families.filter((family) => family.confusion?.length === study.classes.length ** 2);
  if (known.length === 0 || study.classes.length === 0) return undefined;
  const ranked = rankedFamilies(known);
  const ordered: readonly Family[] = [...ranked, ...known.filter(({ scores }) => scores.accuracy === undefined)];
  return {
    id: 'confusion',
    heading: 'What gets confused',
    body: ordered.map((family, place) => familyConfusion(study, family, place === 0)),
  };
}
