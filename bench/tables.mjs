import { median, table } from './common.mjs';

/** The rows of a result that belong together, in the order in which they came. */
function groups(rows, keys) {
  const found = new Map();
  for (const row of rows) {
    const name = keys.map((key) => row[key]).join(' ');
    found.set(name, [...(found.get(name) ?? []), row]);
  }
  return [...found.values()];
}

const title = { mlp: 'MLP', cnn: 'CNN', lstm: 'LSTM', 'cnn-lstm': 'CNN-LSTM' };
const times = (ratio) => `${ratio.toFixed(2)} ×`;

/** bench/train's measurements as Markdown: medians of the rounds. */
export function trainTable({ measurements }) {
  const rows = groups(measurements, ['model', 'batchSize']).map((group) => {
    const of = (side, key) => median(group.filter((one) => one.side === side).map((one) => one[key]));
    const [pipe, keras] = [of('pipe', 'samplesPerSecond'), of('keras', 'samplesPerSecond')];
    const firstSteps = [of('pipe', 'firstStepSeconds'), of('keras', 'firstStepSeconds')].map((seconds) =>
      seconds.toFixed(2),
    );
    const [{ model, batchSize }] = group;
    return [title[model] ?? model, batchSize, pipe.toFixed(0), keras.toFixed(0), times(pipe / keras), ...firstSteps];
  });
  const head = [
    'model',
    'batch',
    'pipe, samples/s',
    'Keras, samples/s',
    'ratio',
    'pipe, first step (s)',
    'Keras, first step (s)',
  ];
  return table(head, rows);
}

/** bench/grid's measurements as Markdown: medians of the rounds; the ratio is to the faster of scikeras's two. */
export function gridTable({ measurements }) {
  const rows = groups(measurements, ['model']).map((group) => {
    const of = (side) => median(group.filter((one) => one.side === side).map((one) => one.seconds));
    const [pipe, one, two] = [of('pipe'), of('scikeras, n_jobs 1'), of('scikeras, n_jobs 2')];
    const seconds = [pipe, one, two].map((value) => value.toFixed(1));
    return [title[group[0].model] ?? group[0].model, ...seconds, times(Math.min(one, two) / pipe)];
  });
  return table(['model', 'pipe (s)', 'scikeras, n_jobs 1 (s)', 'scikeras, n_jobs 2 (s)', 'ratio'], rows);
}

/** bench/noop's comparison as Markdown: medians of the rounds; the ratio is to the faster one of the others. */
export function noopTable({ measurements }) {
  const of = (what, side) =>
    median(measurements.filter((one) => one.what === what && one.side === side).map((one) => one.seconds));
  const rows = ['first run', 'nothing to do'].map((what) => {
    const [pipe, snakemake, dvc] = ['pipe', 'Snakemake', 'DVC'].map((side) => of(what, side));
    return [what, pipe.toFixed(2), snakemake.toFixed(2), dvc.toFixed(2), times(Math.min(snakemake, dvc) / pipe)];
  });
  return table(['100 stages', 'pipe (s)', 'Snakemake (s)', 'DVC (s)', 'ratio'], rows);
}

/** How long pipe takes to start and to plan, by the number of stages. */
export function planTable({ measurements }) {
  const start = (side) =>
    median(measurements.filter((one) => one.what === 'pipe --version' && one.side === side).map((one) => one.seconds));
  const rows = groups(
    measurements.filter(({ what }) => what === 'plan'),
    ['style', 'stages'],
  ).map((group) => {
    const [{ style, stages }] = group;
    const seconds = ['first', 'seconds'].map((key) => median(group.map((one) => one[key])).toFixed(2));
    return [
      `${stages.toLocaleString('en')} stages, ${style === 'matrix' ? 'ten of them with a matrix' : 'each written out'}`,
      ...seconds,
    ];
  });
  const lines = `\`pipe --version\`: ${start('pipe').toFixed(2)} s, of which Node itself takes ${start('node alone').toFixed(2)} s.`;
  return `${table(['`pipe plan`', 'first time (s)', 'again (s)'], rows)}\n\n${lines}`;
}

/** Runs and plans with nothing to do, by the number of finished stages: medians of the rounds. */
export function finishedTable({ measurements }) {
  const rows = groups(measurements, ['stages']).map((group) => {
    const seconds = ['firstRun', 'run', 'plan'].map((key) => median(group.map((one) => one[key])).toFixed(2));
    return [group[0].stages.toLocaleString('en'), ...seconds];
  });
  return table(['stages, all finished', 'first run (s)', '`pipe run` again (s)', '`pipe plan` (s)'], rows);
}

/** One line on what the numbers were taken on and with. */
export function circumstancesLine({ machine, versions, settings = {} }) {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${programs.join(', ')}${settings.samples === undefined ? '' : `; ${settings.samples} samples`}.`;
}

/** bench/workers' trivial jobs as Markdown: medians of the rounds. */
export function overheadTable({ measurements }) {
  const rows = groups(
    measurements.filter(({ what }) => what === 'overhead'),
    ['jobs', 'milliseconds'],
  ).map((group) => {
    const of = (key) => median(group.map((one) => one[key]));
    const [{ jobs, milliseconds }] = group;
    return [`${jobs} jobs of ${milliseconds} ms`, of('wall').toFixed(2), of('overhead').toFixed(1)];
  });
  return table(['trivial fold jobs, 2 workers', 'all of them (s)', 'beyond the work (ms a job)'], rows);
}

/** bench/workers' folds by one worker and by two: each round's two in turns, and their ratio. */
export function scalingTable({ measurements }) {
  const of = (workers) => measurements.filter(({ what, workers: mine }) => what === 'folds' && mine === workers);
  const two = of(2);
  const rows = of(1).map((one, round) => {
    const other = two[round];
    return [
      `round ${round + 1}`,
      one.wall.toFixed(1),
      other.wall.toFixed(1),
      times(one.wall / other.wall),
      `${one.load.toFixed(1)} / ${other.load.toFixed(1)}`,
    ];
  });
  return table(['12 folds of the study', '1 worker (s)', '2 workers (s)', 'ratio', 'load after'], rows);
}

/** bench/search's strategies as Markdown: means over the seeds, beside the whole grid. */
export function searchTable({ measurements }) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const rows = groups(measurements, ['grid', 'strategy']).map((group) => {
    const [{ grid, strategy }] = group;
    const whole = measurements.filter((one) => one.grid === grid && one.strategy === 'grid');
    const share = (key) => mean(group.map((one) => one[key])) / mean(whole.map((one) => one[key]));
    const found = group.filter((one) => one.same || (one.behind !== null && one.behind <= one.standardError)).length;
    return [
      `${grid}: ${strategy.replace(/[{}]/g, '')}`,
      mean(group.map((one) => one.foldEpochs)).toFixed(0),
      `${(100 * share('foldEpochs')).toFixed(0)} %`,
      `${found} of ${group.length}`,
      // A search of few combinations may fit none of them whole: its winner has no score in the grid.
      group.some((one) => one.behind === null) ? '' : (100 * mean(group.map((one) => one.behind))).toFixed(2),
    ];
  });
  return table(['grid and strategy', 'fold-epochs', 'of the grid', 'winner, or within one SE', 'points behind'], rows);
}

export function diffTable({ measurements }) {
  const rows = measurements.map(({ seconds, beyondFilesMiB }) => [seconds.toFixed(2), String(beyondFilesMiB)]);
  return table(['whole comparison (s)', 'memory beyond the two files (MiB)'], rows);
}
