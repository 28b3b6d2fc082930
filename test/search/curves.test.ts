import { expect, test } from 'vitest';
import { curveTable } from '../../src/search/curves.ts';
import { fitName } from '../../src/search/parts.ts';
import type { WantedFit } from '../../src/search/search.ts';
import { modelSpace } from '../../src/search/space.ts';
import type { CollectedPart } from '../../src/stage/stage-kind.ts';
import { artifactOf, floats, ints } from '../report/study-files.ts';

const model = {
  name: 'net',
  layers: [{ dense: { units: '${hyper.units}' } }, { dense: { units: '${data.classes}', activation: 'softmax' } }],
  training: { optimizer: 'adam', batchSize: 4, epochs: 4 },
  hyperparameters: { units: 8 },
};
const made = modelSpace(
  { model, grid: { units: [8, 16] }, exclude: [] } as unknown as Parameters<typeof modelSpace>[0],
  { classes: 2, height: 2, width: 2, folds: 2, repeats: 1, rows: 8 },
);
if (!made.ok) throw new Error(made.error.message);
const space = made.value;

const wanted = (units: number, fold: number, from: number, until: number): WantedFit => ({
  combination: { units },
  fold,
  from,
  until,
});

/** A fold's scores after some epochs, as the kind `fold` writes them: all epochs from the first on. */
function part(fit: WantedFit): CollectedPart {
  const epochs = Array.from({ length: fit.until }, (_, at) => at + 1);
  const scores = artifactOf('fold-scores', {
    columns: [
      ints('epoch', epochs),
      floats(
        'loss',
        epochs.map((epoch) => 1 / epoch),
      ),
      floats(
        'accuracy',
        epochs.map((epoch) => epoch / 10),
      ),
      floats(
        'validation_loss',
        epochs.map(() => Number.NaN),
      ),
      floats(
        'validation_accuracy',
        epochs.map((epoch) => epoch / 20),
      ),
    ],
  });
  return { name: fitName(space, fit), params: {}, artifacts: { scores } };
}

test('has every epoch of every fold once, of a combination that went on those of its longest fit', () => {
  const [short, long, dropped] = [wanted(8, 0, 0, 2), wanted(8, 0, 2, 4), wanted(16, 1, 0, 2)];
  const row = (one: WantedFit) => ({ combination: one.combination, epochs: one.until, round: 1, fits: [one] });
  const rows = [row(short), row(long), row(dropped)];
  const table = artifactOf(
    'curves',
    curveTable(space, { rows, finalists: [], decisions: [] }, [short, long, dropped].map(part)),
  );
  expect(table.texts('params')).toEqual([...Array(4).fill('{"units":8}'), ...Array(2).fill('{"units":16}')]);
  expect([...table.numbers('fold')]).toEqual([0, 0, 0, 0, 1, 1]);
  expect([...table.numbers('epoch')]).toEqual([1, 2, 3, 4, 1, 2]);
  expect([...table.numbers('validation_accuracy')]).toEqual([0.05, 0.1, 0.15, 0.2, 0.05, 0.1]);
  expect([...table.numbers('loss')].every(Number.isFinite)).toBe(true);
});
