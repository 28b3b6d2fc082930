import { type Curve, curveChart, finiteRange } from './chart-curves.ts';
import { curveNote } from './curve-notes.ts';
import { type FoldCurves, foldCurves } from './fold-curves.ts';
import { percent, score, shortened } from './format.ts';
import { type Content, html, type Markup } from './html.ts';
import { valueText } from './search-notes.ts';
import { familyName, figure, numbersTable, type Section } from './section.ts';
import type { CombinationCurves, Epoch, Family, Study } from './study.ts';

interface Quantity {
  readonly name: string;
  readonly training: (epoch: Epoch) => number;
  readonly validation: (epoch: Epoch) => number;
}

const quantities: readonly Quantity[] = [
  { name: 'loss', training: (epoch) => epoch.loss, validation: (epoch) => epoch.validationLoss },
  { name: 'accuracy', training: (epoch) => epoch.accuracy, validation: (epoch) => epoch.validationAccuracy },
];

/** Combinations whose folds are drawn, the chosen one included; the artifact has all. */
const mostCombinations = 13;

type Range = readonly [number, number];

/** One scale for all families, so that their charts compare. */
interface Ranges {
  readonly loss: Range;
  readonly accuracy: Range;
  /** Of the searches' folds: their fits are shorter, and how far folds lie apart is what one looks for. */
  readonly folds: Range;
}

function note(history: readonly Epoch[]): string {
  const found = curveNote(history);
  if (found === undefined) return '';
  if (found.kind === 'still-improving') return 'Validation loss was still falling at the last epoch.';
  return `Validation loss was lowest after epoch ${found.best} and ended ${percent(found.rise)} above that.`;
}

function fitCharts(family: Family, ranges: Ranges): Markup[] {
  const history = family.history ?? [];
  if (history.length === 0) return [];
  return quantities.map((quantity, index) => {
    const curves: Curve[] = [
      { name: 'training', isDashed: false, values: history.map(quantity.training) },
      { name: 'validation', isDashed: true, values: history.map(quantity.validation) },
    ];
    const title = `Final fit: ${quantity.name}`;
    return figure(
      title,
      curveChart({
        id: `curve-${quantity.name}-${family.index}`,
        title: `${family.title}, final fit: ${quantity.name}`,
        family: family.index,
        epochs: history.map((epoch) => epoch.epoch),
        curves,
        range: index === 0 ? ranges.loss : ranges.accuracy,
      }),
    );
  });
}

function curvesOf(family: Family, one: CombinationCurves): FoldCurves {
  const { combinations = [] } = family.search ?? {};
  const key = JSON.stringify(one.params);
  return foldCurves(
    one,
    combinations.find(({ params }) => JSON.stringify(params) === key),
  );
}

function paramsText({ params }: CombinationCurves): string {
  const text = Object.entries(params).map(([name, value]) => `${name} ${valueText(value)}`);
  return shortened(text.join(', '), 80);
}

function foldChart(family: Family, one: CombinationCurves, place: number, { folds }: Ranges): Markup {
  const { epochs, means, members } = curvesOf(family, one);
  const name = place === 0 ? 'Folds of the search' : 'Folds';
  return figure(
    html`${name}: ${paramsText(one)}`,
    curveChart({
      id: `folds-${family.index}-${place}`,
      title: `${family.title}, folds of the search: ${paramsText(one)}`,
      family: family.index,
      epochs,
      curves: means,
      members,
      range: folds,
    }),
  );
}

/** The chosen combination first. */
function drawnCombinations({ search }: Family): readonly CombinationCurves[] {
  const all = search?.curves ?? [];
  return [...all.filter(({ selected }) => selected), ...all.filter(({ selected }) => !selected)].slice(
    0,
    mostCombinations,
  );
}

function numbers(family: Family): Markup {
  const history = family.history ?? [];
  const [chosen] = drawnCombinations(family);
  const folds = chosen === undefined ? undefined : curvesOf(family, chosen);
  const epochs = Math.max(history.length, folds?.epochs.length ?? 0);
  const rows = Array.from({ length: epochs }, (_, row) => {
    const one = history[row];
    const [training, heldOut] = folds?.means ?? [];
    const of = (pick: (epoch: Epoch) => number): string => score(one === undefined ? undefined : pick(one));
    return [
      row + 1,
      of((epoch) => epoch.loss),
      of((epoch) => epoch.validationLoss),
      of((epoch) => epoch.accuracy),
      of((epoch) => epoch.validationAccuracy),
      ...(folds === undefined ? [] : [score(training?.values[row]), score(heldOut?.values[row])]),
    ];
  });
  const heads = ['Epoch', 'Loss', 'Validation loss', 'Accuracy', 'Validation accuracy'];
  const ofFolds = folds === undefined ? [] : ['Folds: training accuracy, mean', 'Folds: held out, mean'];
  return numbersTable(`The numbers of ${family.title}, epoch by epoch`, [...heads, ...ofFolds], rows);
}

function familyCurves(family: Family, ranges: Ranges): Markup {
  const remark = note(family.history ?? []);
  const [chosen, ...others] = drawnCombinations(family);
  const more: Content =
    others.length === 0
      ? undefined
      : html`<details><summary>The folds of ${others.length === 1 ? 'another combination' : `${others.length} other combinations`} of ${family.title}</summary><div class="curves">${others.map((one, place) => foldChart(family, one, place + 1, ranges))}</div></details>`;
  return html`<section><h3>${familyName(family)}</h3>${remark === '' ? undefined : html`<p class="remark">${remark}</p>`}<div class="curves">${fitCharts(family, ranges)}${chosen === undefined ? undefined : foldChart(family, chosen, 0, ranges)}</div>${more}${numbers(family)}</section>`;
}

/** Loss and accuracy over the epochs of each final fit, and of each fold of the searches, on one scale for all families. */
export function curvesSection(study: Study): Section | undefined {
  const known = study.families.filter(
    ({ history, search }) => (history?.length ?? 0) > 0 || search?.curves !== undefined,
  );
  if (known.length === 0) return undefined;
  const ofFits = (quantity: Quantity | undefined): number[] =>
    known.flatMap(({ history = [] }) =>
      quantity === undefined ? [] : history.flatMap((epoch) => [quantity.training(epoch), quantity.validation(epoch)]),
    );
  const ofFolds = known.flatMap((family) =>
    drawnCombinations(family).flatMap((one) => curvesOf(family, one).members.flatMap(({ values }) => values)),
  );
  const ranges = {
    loss: finiteRange(ofFits(quantities[0])),
    accuracy: finiteRange(ofFits(quantities[1])),
    folds: finiteRange(ofFolds),
  };
  const hasFolds = known.some(({ search }) => search?.curves !== undefined);
  const folds = hasFolds
    ? ' Of the searches each thin line is a fold and each thick one their mean: accuracy on the rows trained on, and dashed on the fold that was held out.'
    : '';
  return {
    id: 'curves',
    heading: 'Learning curves',
    body: html`<p>Epoch by epoch, training as a full line and validation dashed.${folds} All families share the scales.</p>${known.map((family) => familyCurves(family, ranges))}`,
  };
}
