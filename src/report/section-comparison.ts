import type { Interval } from '../metrics/interval.ts';
import type { Verdict } from '../metrics/paired-difference.ts';
import { forwardOperations } from '../model/operations.ts';
import { barChart } from './chart-bars.ts';
import { familyDifferences } from './differences.ts';
import { count, duration, milliseconds, score, shortNumber, unknown } from './format.ts';
import { type Content, html, type Markup } from './html.ts';
import { inputShape } from './layer-shapes.ts';
import { inferenceMilliseconds, rankedFamilies } from './ranking.ts';
import { familyName, figure, type Section, scrollable } from './section.ts';
import { equivalenceMargin } from './section-differences.ts';
import type { Family, Latency, Study } from './study.ts';

interface ColumnOfTable {
  readonly heading: string;
  readonly value: (family: Family) => number | undefined;
  readonly text: (value: number | undefined, family: Family) => string;
  readonly best?: 'high' | 'low';
}

function withInterval(value: number | undefined, interval: Interval | undefined): string {
  return interval === undefined
    ? score(value)
    : `${score(value)} [${score(interval.low)},\u00a0${score(interval.high)}]`;
}

function accuracyText(value: number | undefined, { scores: { interval } }: Family): string {
  return withInterval(value, interval);
}

function countText(value: number | undefined): string {
  return value === undefined ? unknown : count(value);
}

function averageColumns(name: 'macro' | 'weighted'): ColumnOfTable[] {
  return (['precision', 'recall', 'f1'] as const).map((metric) => ({
    heading: `${name === 'macro' ? 'Macro' : 'Weighted'} ${metric === 'f1' ? 'F1' : metric}`,
    value: (family) => family.scores[name][metric],
    text: (value, { scores: { macroIntervals } }) =>
      // One interval of the three: the table must fit onto a page, and the artifact has them all.
      withInterval(value, name === 'macro' && metric === 'f1' ? macroIntervals.f1 : undefined),
    best: 'high',
  }));
}

const scoreColumns: readonly ColumnOfTable[] = [
  { heading: 'Accuracy [95 % interval]', value: (family) => family.scores.accuracy, text: accuracyText, best: 'high' },
  ...averageColumns('macro'),
  ...averageColumns('weighted').filter(({ heading }) => heading === 'Weighted F1'),
  { heading: 'Accuracy, classes merged', value: (family) => family.scores.mergedAccuracy, text: score, best: 'high' },
  { heading: 'Calibration error', value: (family) => family.calibration?.expectedError, text: score, best: 'low' },
];

/** What the paired test says of each family beside the most accurate one. */
function verdictColumn({ families }: Study): ColumnOfTable {
  const best = rankedFamilies(families)[0]?.index;
  const differences = familyDifferences(families, equivalenceMargin).filter(({ first }) => first.index === best);
  const verdictOf = (index: number): Verdict | undefined =>
    differences.find(({ second }) => second.index === index)?.verdict;
  return {
    heading: 'Beside the first',
    value: ({ index }) => (verdictOf(index) === undefined ? undefined : 0),
    text: (_, { index }) => {
      const verdict = verdictOf(index);
      if (verdict === undefined) return index === best ? 'the first' : unknown;
      return verdict === 'better' ? 'worse' : verdict;
    },
  };
}

const latencyOf = (family: Family, which: 'one' | 'batch'): Latency | undefined =>
  family.latencies?.find(({ samples }) => (samples === 1) === (which === 'one'));

const latencyText =
  (which: 'one' | 'batch') =>
  (_: number | undefined, family: Family): string => {
    const latency = latencyOf(family, which);
    return latency === undefined
      ? unknown
      : `${milliseconds(1000 * latency.median)} (${milliseconds(1000 * latency.p95)})`;
  };

function costColumns(study: Study): readonly ColumnOfTable[] {
  const batch = study.families.map((family) => latencyOf(family, 'batch')?.samples).find((size) => size !== undefined);
  return [
    { heading: 'Training time', value: (family) => family.training?.seconds, text: duration, best: 'low' },
    { heading: 'Inference a sample, in batches', value: inferenceMilliseconds, text: milliseconds, best: 'low' },
    {
      heading: 'Latency of one sample (95th percentile)',
      value: (family) => latencyOf(family, 'one')?.median,
      text: latencyText('one'),
      best: 'low',
    },
    {
      heading: `Latency of ${batch ?? 0} samples (95th percentile)`,
      value: (family) => latencyOf(family, 'batch')?.median,
      text: latencyText('batch'),
      best: 'low',
    },
    { heading: 'Parameters', value: (family) => family.parameters, text: countText, best: 'low' },
    {
      heading: 'Operations a sample',
      value: (family) => operationsOf(study, family),
      text: (value) => (value === undefined ? unknown : shortNumber(value)),
      best: 'low',
    },
    { heading: 'Epochs', value: (family) => family.history?.length, text: countText },
  ];
}

/** Floating-point operations of one sample, forward; undefined where the model or its input is not known. */
function operationsOf({ data }: Study, { model }: Family): number | undefined {
  const input = data[0] === undefined ? undefined : inputShape(model?.input, data[0].height, data[0].width);
  return model === undefined || input === undefined ? undefined : forwardOperations(model.layers, input);
}

function bestValue(column: ColumnOfTable, families: readonly Family[]): number | undefined {
  const values = families
    .map(column.value)
    .filter((value): value is number => value !== undefined && Number.isFinite(value));
  if (column.best === undefined || values.length < 2) return undefined;
  return column.best === 'high' ? Math.max(...values) : Math.min(...values);
}

function familyTable(families: readonly Family[], columns: readonly ColumnOfTable[], caption: string): Content {
  const shown = columns.filter((column) => families.some((family) => column.value(family) !== undefined));
  const best = shown.map((column) => bestValue(column, families));
  const rows = families.map((family) => {
    const cells = shown.map((column, index) => {
      const value = column.value(family);
      const text = column.text(value, family);
      return html`<td class="number">${value !== undefined && value === best[index] ? html`<strong>${text}</strong>` : text}</td>`;
    });
    return html`<tr><th scope="row">${familyName(family)}</th>${cells}</tr>`;
  });
  if (shown.length === 0) return undefined;
  return scrollable(
    caption,
    html`<table><caption>${caption}</caption><thead><tr><th scope="col">Family</th>${shown.map((column) => html`<th scope="col" class="number">${column.heading}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function scoreBars(families: readonly Family[]): Markup[] {
  const charts = [
    { id: 'bars-accuracy', title: 'Accuracy', value: (family: Family) => family.scores.accuracy },
    { id: 'bars-precision', title: 'Macro precision', value: (family: Family) => family.scores.macro.precision },
    { id: 'bars-recall', title: 'Macro recall', value: (family: Family) => family.scores.macro.recall },
    { id: 'bars-f1', title: 'Macro F1', value: (family: Family) => family.scores.macro.f1 },
  ];
  return charts
    .filter(({ value }) => families.some((family) => value(family) !== undefined))
    .map(({ id, title, value }) => {
      const bars = families.map((family) => ({
        label: family.title,
        family: family.index,
        value: value(family),
        text: score(value(family)),
        ...(id === 'bars-accuracy' && family.scores.interval !== undefined ? { interval: family.scores.interval } : {}),
      }));
      return figure(title, barChart({ id, title, bars, end: 1, format: String }));
    });
}

function timeBars(families: readonly Family[]): Markup[] {
  const charts = [
    {
      id: 'bars-training',
      title: 'Training time (s)',
      value: (family: Family) => family.training?.seconds,
      text: duration,
    },
    { id: 'bars-inference', title: 'Inference time a sample (ms)', value: inferenceMilliseconds, text: milliseconds },
  ];
  return charts
    .filter(({ value }) => families.some((family) => value(family) !== undefined))
    .map(({ id, title, value, text }) => {
      const bars = families.map((family) => ({
        label: family.title,
        family: family.index,
        value: value(family),
        text: text(value(family)),
      }));
      return figure(title, barChart({ id, title, bars, format: (tick) => String(Number(tick.toPrecision(6))) }));
    });
}

function timeNote(families: readonly Family[]): string {
  const times = families.flatMap((family) => [family.training, family.inference]).filter((time) => time !== undefined);
  if (times.every((time) => time.exclusive)) return '';
  return 'Some times were measured while other jobs ran on the same machine: compare them with care.';
}

/** Tables and bars of all families, the most accurate first. */
export function comparisonSection(study: Study): Section {
  // Families without an accuracy come last.
  const ranked = rankedFamilies(study.families);
  const families = [...ranked, ...study.families.filter(({ index }) => ranked.every((one) => one.index !== index))];
  const note = timeNote(families);
  return {
    id: 'comparison',
    heading: 'Comparison',
    body: html`${familyTable(families, [...scoreColumns, verdictColumn(study)], `Scores on the ${study.scoredOn} rows. The best value of each column is bold.`)}${familyTable(families, costColumns(study), 'Costs. Operations are two for each multiplication with its addition, forward.')}${note === '' ? undefined : html`<p class="remark">${note}</p>`}<div class="charts">${scoreBars(families)}${timeBars(families)}</div>`,
  };
}
