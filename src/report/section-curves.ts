import { type Curve, curveChart, finiteRange } from './chart-curves.ts';
import { curveNote } from './curve-notes.ts';
import { percent } from './format.ts';
import { html, type Markup } from './html.ts';
import { familyName, figure, type Section } from './section.ts';
import type { Epoch, Family, Study } from './study.ts';

interface Quantity {
  readonly name: string;
  readonly training: (epoch: Epoch) => number;
  readonly validation: (epoch: Epoch) => number;
}

const quantities: readonly Quantity[] = [
  { name: 'loss', training: (epoch) => epoch.loss, validation: (epoch) => epoch.validationLoss },
  { name: 'accuracy', training: (epoch) => epoch.accuracy, validation: (epoch) => epoch.validationAccuracy },
];

function note(history: readonly Epoch[]): string {
  const found = curveNote(history);
  if (found === undefined) return '';
  if (found.kind === 'still-improving') return 'Validation loss was still falling at the last epoch.';
  return `Validation loss was lowest after epoch ${found.best} and ended ${percent(found.rise)} above that.`;
}

function familyCurves(
  family: Family,
  history: readonly Epoch[],
  ranges: readonly (readonly [number, number])[],
): Markup {
  const charts = quantities.map((quantity, index) => {
    const curves: Curve[] = [
      { name: 'training', values: history.map(quantity.training) },
      { name: 'validation', values: history.map(quantity.validation) },
    ];
    const title = `${family.title}: ${quantity.name}`;
    return figure(
      title,
      curveChart({
        id: `curve-${quantity.name}-${family.index}`,
        title,
        family: family.index,
        epochs: history.map((epoch) => epoch.epoch),
        curves,
        range: ranges[index] ?? [0, 1],
      }),
    );
  });
  const remark = note(history);
  return html`<section class="curves"><div><h3>${familyName(family)}</h3>${remark === '' ? undefined : html`<p>${remark}</p>`}</div>${charts}</section>`;
}

/** Loss and accuracy over the epochs of each final fit, on one scale for all families. */
export function curvesSection(study: Study): Section | undefined {
  const fitted = study.families.flatMap((family) =>
    family.history === undefined || family.history.length === 0 ? [] : [{ family, history: family.history }],
  );
  if (fitted.length === 0) return undefined;
  const ranges = quantities.map((quantity) =>
    finiteRange(
      fitted.flatMap(({ history }) =>
        history.flatMap((epoch) => [quantity.training(epoch), quantity.validation(epoch)]),
      ),
    ),
  );
  return {
    id: 'curves',
    heading: 'Learning curves',
    body: html`<p>The final fits, epoch by epoch: training as a full line, validation dashed. All families share one scale.</p>${fitted.map(({ family, history }) => familyCurves(family, history, ranges))}`,
  };
}
