import { reliabilityChart } from './chart-reliability.ts';
import { percent, score } from './format.ts';
import { html, type Markup } from './html.ts';
import { familyName, figure, type Section, scrollable } from './section.ts';
import type { CalibrationFacts, Family, Study, WriterFacts } from './study.ts';

/** Mean of confidence less accuracy over all rows: above 0 a model is surer than it should be. */
function overconfidence({ bins }: CalibrationFacts): number {
  const rows = bins.reduce((sum, { count }) => sum + count, 0);
  return (
    bins.reduce((sum, bin) => (bin.count === 0 ? sum : sum + bin.count * (bin.confidence - bin.accuracy)), 0) / rows
  );
}

function caption(family: Family, facts: CalibrationFacts): Markup {
  const over = overconfidence(facts);
  const words =
    Math.abs(over) < 0.01
      ? 'about as sure as it should be'
      : over > 0
        ? `too sure by ${percent(over)}`
        : `not sure enough by ${percent(-over)}`;
  return html`<strong>${familyName(family)}</strong>: ${words}, calibration error ${score(facts.expectedError)}.<br>Log loss ${score(facts.logLoss)}, Brier score ${score(facts.brier)}.`;
}

function writersTable(
  families: readonly { readonly family: Family; readonly writers: readonly WriterFacts[] }[],
): Markup {
  const title = 'By writer';
  const rows = families.map(({ family, writers }) => {
    const sorted = writers.map(({ accuracy }) => accuracy).toSorted((one, other) => one - other);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const worst = sorted.slice(0, Math.max(1, Math.round(sorted.length / 10)));
    return html`<tr><th scope="row">${familyName(family)}</th><td class="number">${writers.length}</td><td class="number">${percent(mean(sorted))}</td><td class="number">${percent(mean(worst))}</td></tr>`;
  });
  return scrollable(
    title,
    html`<table><caption>Accuracy by writer: the mean over writers, and over the tenth of them that is read worst.</caption><thead><tr><th scope="col">Family</th><th scope="col" class="number">Writers</th><th scope="col" class="number">Mean</th><th scope="col" class="number">Worst tenth</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

/** Whether probabilities can be taken at their word, and whether all writers are read alike. */
export function calibrationSection({ families }: Study): Section | undefined {
  const charts = families.flatMap((family) =>
    family.calibration === undefined
      ? []
      : [
          figure(
            caption(family, family.calibration),
            reliabilityChart(`reliability-${family.index}`, family.index, family.title, family.calibration),
          ),
        ],
  );
  const written = families.flatMap((family) =>
    family.writers === undefined ? [] : [{ family, writers: family.writers }],
  );
  if (charts.length === 0 && written.length === 0) return undefined;
  return {
    id: 'calibration',
    heading: 'Can its confidence be trusted?',
    body: html`<div class="architectures">${charts}</div>${charts.length === 0 ? undefined : html`<p class="remark">On the dashed line a model that is 80 % sure is right in 80 of 100 cases. Larger points stand for more rows.</p>`}${written.length === 0 ? undefined : writersTable(written)}`,
  };
}
