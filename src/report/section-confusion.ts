import { classificationScores } from '../metrics/classification.ts';
import { heatMap, mostHeatMapClasses, shadeSteps } from './chart-heat-map.ts';
import { type ConfusedPair, confusedPairs, examplesOfPairs } from './confusions.ts';
import { count, percent, score, shortened } from './format.ts';
import { type Content, html, type Markup } from './html.ts';
import { pictureStrip } from './pictures.ts';
import { familyName, figure, type Section, scrollable } from './section.ts';
import type { Family, Study } from './study.ts';
import { familyColour } from './svg.ts';

const pairsShown = 10;
const examplesShown = 4;

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

function classTable(study: Study, counts: Float64Array): Markup {
  const scores = classificationScores(counts, study.classes.length);
  const rows = scores.perClass.map(
    (one, label) =>
      html`<tr><th scope="row" class="class">${className(study, label)}</th><td class="number">${score(one.precision)}</td><td class="number">${score(one.recall)}</td><td class="number">${score(one.f1)}</td><td class="number">${count(one.support)}</td></tr>`,
  );
  return html`<details><summary>Precision, recall and F1 of each class</summary><table><caption>Support is the number of ${study.scoredOn} rows of the class.</caption><thead><tr><th scope="col">Class</th><th scope="col" class="number">Precision</th><th scope="col" class="number">Recall</th><th scope="col" class="number">F1</th><th scope="col" class="number">Support</th></tr></thead><tbody>${rows}</tbody></table></details>`;
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
    scrollable(title, drawn),
  );
}

function familyConfusion(study: Study, family: Family): Content {
  const counts = family.confusion;
  if (counts === undefined) return undefined;
  return html`<section><h3>${familyName(family)}</h3><div class="matrix"><div>${matrix(study, family, counts)}</div><div>${pairTable(study, family, counts)}</div></div>${classTable(study, counts)}</section>`;
}

/** Confusion matrix, most confused pairs with examples, and scores of each class, family by family. */
export function confusionSection(study: Study): Section | undefined {
  const known = study.families.filter((family) => family.confusion?.length === study.classes.length ** 2);
  if (known.length === 0 || study.classes.length === 0) return undefined;
  return {
    id: 'confusion',
    heading: 'What gets confused',
    body: known.map((family) => familyConfusion(study, family)),
  };
}
