import { type ScatterPoint, scatterChart } from './chart-scatter.ts';
import { count, duration, listed, milliseconds, percent, shortened, shortNumber, unknown } from './format.ts';
import { html, type Markup } from './html.ts';
import { paretoFront } from './pareto.ts';
import { inferenceMilliseconds, type RankedFamily, rankedFamilies } from './ranking.ts';
import { figure, numbersTable, type Section } from './section.ts';
import type { Study } from './study.ts';

interface Price {
  readonly id: string;
  readonly title: string;
  readonly axis: string;
  readonly format: (tick: number) => string;
  readonly cost: (family: RankedFamily) => number | undefined;
  readonly text: (cost: number) => string;
}

/** A tick without the rounding errors of its steps. */
const plain = (tick: number): string => String(Number(tick.toPrecision(6)));

const timeUnits = [
  { name: 'hours', seconds: 3600 },
  { name: 'minutes', seconds: 60 },
] as const;

/** In the largest unit of which the longest training has at least five. */
function trainingPrice(families: readonly RankedFamily[]): Price {
  const longest = Math.max(...families.map(({ training }) => training?.seconds ?? 0));
  const unit = timeUnits.find(({ seconds }) => longest >= 5 * seconds) ?? { name: 'seconds', seconds: 1 };
  return {
    id: 'scatter',
    title: 'Accuracy against training time',
    axis: `training time (${unit.name})`,
    format: plain,
    cost: ({ training }) => (training === undefined ? undefined : training.seconds / unit.seconds),
    text: (cost) => `${duration(cost * unit.seconds)} of training`,
  };
}

/** 200 k, 1 M: ticks are round numbers. */
const sizeTick = (tick: number): string =>
  shortNumber(tick)
    .replace(/(\.\d*?)0+(?=\D|$)/, '$1')
    .replace(/\.(?=\D|$)/, '');

const otherPrices: readonly Price[] = [
  {
    id: 'scatter-inference',
    title: 'Accuracy against time of a prediction',
    axis: 'milliseconds a sample, in batches',
    format: plain,
    cost: inferenceMilliseconds,
    text: (cost) => `${milliseconds(cost)} a sample`,
  },
  {
    id: 'scatter-parameters',
    title: 'Accuracy against size',
    axis: 'parameters',
    format: sizeTick,
    cost: ({ parameters }) => parameters,
    text: (cost) => `${count(cost)} parameters`,
  },
];

function pointsOf(families: readonly RankedFamily[], { cost, text }: Price): ScatterPoint[] {
  return families.flatMap((family) => {
    const price = cost(family);
    const { interval } = family.scores;
    if (price === undefined || !Number.isFinite(price)) return [];
    return [
      {
        label: family.title,
        family: family.index,
        cost: price,
        text: text(price),
        score: family.accuracy,
        ...(interval === undefined ? {} : { interval }),
      },
    ];
  });
}

/** The same as a table. */
function tableOf(
  families: readonly RankedFamily[],
  charts: readonly { readonly price: Price; readonly points: readonly ScatterPoint[] }[],
): Markup {
  const rows = families.map((family) => {
    const cells = charts.flatMap(({ points }) => {
      const point = points.find((one) => one.family === family.index);
      const isOnFront = point !== undefined && paretoFront(points).includes(point);
      return [point?.text ?? unknown, isOnFront ? 'yes' : 'no'];
    });
    return [family.title, percent(family.accuracy), ...cells];
  });
  const heads = charts.flatMap(({ price }) => [price.axis, 'On its front']);
  return numbersTable('The numbers of these charts', ['Family', 'Accuracy', ...heads], rows);
}

/** Accuracy against each cost with the Pareto front: which models are worth a look at all. */
export function priceSection({ families, scoredOn }: Study): Section | undefined {
  const ranked = rankedFamilies(families);
  const charts = [trainingPrice(ranked), ...otherPrices]
    .map((price) => ({ price, points: pointsOf(ranked, price) }))
    .filter(({ points }) => points.length > 1);
  if (charts.length === 0) return undefined;
  const drawn = charts.map(({ price, points }) => {
    const front = listed(paretoFront(points).map(({ label }) => shortened(label, 24)));
    return figure(html`<strong>${price.title}</strong><br>Pareto front: ${front}`, scatterChart({ ...price, points }));
  });
  return {
    id: 'price',
    heading: 'What accuracy costs',
    body: html`<p>Better is up and to the left. Ringed and joined are the models of the Pareto front, which no other one beats on both accounts. Bars are 95 % intervals of the accuracy on the ${scoredOn} rows.</p><div class="three">${drawn}</div>${tableOf(ranked, charts)}`,
  };
}
