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

/** One line on what the numbers were taken on and with. */
export function circumstancesLine({ machine, versions, settings }) {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${programs.join(', ')}; ${settings.samples} samples.`;
}
