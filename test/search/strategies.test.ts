import { expect, test } from 'vitest';
import { rungsOf } from '../../src/search/halving.ts';
import { leadSearch } from '../../src/search/lead.ts';
import {
  combinationKey,
  fitKey,
  type SearchOutcome,
  type SearchSpace,
  type WantedFit,
} from '../../src/search/search.ts';
import { beginSearch, type StrategySetting, strategyMistakes, strategyNames } from '../../src/search/strategy.ts';
import type { Json, JsonObject } from '../../src/util/json.ts';

/** A grid of two axes; `quality` is what a combination comes to when it is fitted whole. */
function spaceOf(axes: Readonly<Record<string, readonly Json[]>>, epochs = 20, folds = 3): SearchSpace {
  const combinations = Object.entries(axes).reduce<JsonObject[]>(
    (all, [axis, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [axis]: value }))),
    [{}],
  );
  const start = Object.fromEntries(Object.entries(axes).map(([axis, values]) => [axis, values[0] as Json]));
  return { combinations, axes, start, folds, foldRows: 2000, epochsOf: () => epochs };
}

const grid = spaceOf({ units: [16, 32, 64, 128], rate: [0.1, 0.2, 0.3], optimizer: ['adam', 'sgd', 'rmsprop'] });

/** Better with units, best at a rate of 0.2, and with each epoch; folds differ a little. */
function quality({ combination, fold, until }: WantedFit): number {
  const { units, rate, optimizer } = combination;
  const whole =
    0.6 + 0.05 * Math.log2(Number(units) / 16) - 0.8 * (Number(rate) - 0.2) ** 2 - (optimizer === 'sgd' ? 0.1 : 0);
  return whole * (1 - 0.3 / until) + 0.002 * fold;
}

/** Leads a search to its end, round by round, and tells all that it asked for. */
function lead(strategy: StrategySetting, space: SearchSpace, scoreOf = quality) {
  const known = new Map<string, number>();
  const asked: WantedFit[] = [];
  let rounds = 0;
  for (;;) {
    const stand = leadSearch(beginSearch(strategy, space), (fit) => known.get(fitKey(fit)));
    if (stand.over) return { outcome: stand.outcome, asked, rounds };
    rounds++;
    for (const fit of stand.wanted) {
      expect(known.has(fitKey(fit))).toBe(false);
      known.set(fitKey(fit), scoreOf(fit));
      asked.push(fit);
    }
  }
}

/** The best of those that may win. */
function winner({ finalists }: SearchOutcome, scoreOf = quality): JsonObject | undefined {
  const mean = (fits: readonly WantedFit[]): number => fits.reduce((sum, fit) => sum + scoreOf(fit), 0) / fits.length;
  return [...finalists].sort((one, other) => mean(other.fits) - mean(one.fits))[0]?.combination;
}

const best = { units: 128, rate: 0.2, optimizer: 'adam' };
const foldEpochs = (asked: readonly WantedFit[]): number =>
  asked.reduce((sum, { from, until }) => sum + until - from, 0);

test.each(strategyNames)('%s asks for no fit twice, ends, and names finalists with all folds', (strategy) => {
  const { outcome, asked } = lead(strategy, grid);
  expect(asked.length).toBeGreaterThan(0);
  expect(outcome.finalists.length).toBeGreaterThan(0);
  for (const { fits } of outcome.finalists) expect(fits).toHaveLength(3);
});

test.each(strategyNames)('%s led twice with the same scores asks for the same', (strategy) => {
  expect(lead(strategy, grid).asked).toEqual(lead(strategy, grid).asked);
});

test('the grid is tried whole, the first fold of all before the second of any', () => {
  const { asked, rounds } = lead('grid', grid);
  expect([asked.length, rounds]).toEqual([36 * 3, 1]);
  expect(asked.slice(0, 36).every(({ fold }) => fold === 0)).toBe(true);
});

test('a random search tries so many combinations, each once, others with another seed', () => {
  const tried = (seed: number): string[] =>
    lead({ random: { combinations: 10, seed } }, grid).asked.map(({ combination }) => combinationKey(combination));
  expect(new Set(tried(1)).size).toBe(10);
  expect(tried(1)).not.toEqual(tried(2));
});

test.each([
  [20, [1, 2, 7, 20]],
  [10, [1, 3, 10]],
  [3, [1, 3]],
  [1, [1]],
])('%i epochs have the rungs %j', (epochs, rungs) => {
  expect(rungsOf(epochs, { factor: 3, minEpochs: 1 })).toEqual(rungs);
});

test("halving finds the grid's winner with an eighth of its fold-epochs, and goes on from where fits were", () => {
  const { outcome, asked } = lead('halving', grid);
  expect(winner(outcome)).toEqual(best);
  // 36 to epoch 1, 12 to 2, 4 to 7, 2 to 20, on three folds each.
  expect(foldEpochs(asked)).toBe(3 * (36 + 12 + 4 * 5 + 2 * 13));
  expect(foldEpochs(asked)).toBeLessThan(foldEpochs(lead('grid', grid).asked) / 7);
  for (const fit of asked.filter(({ from }) => from > 0))
    expect(asked.some((one) => fitKey(one) === fitKey({ ...fit, until: fit.from }))).toBe(true);
  expect(outcome.decisions.filter(({ kept }) => kept)).toHaveLength(12 + 4 + 2);
});

test('halving lets combinations of different epochs end together', () => {
  const axes = { epochs: [3, 20], rate: [0.1, 0.2, 0.3] };
  const space = { ...spaceOf(axes), epochsOf: (one: JsonObject) => Number(one['epochs']) };
  const scoreOf = ({ until, combination }: WantedFit): number => 0.5 + until / 100 - Number(combination['rate']) / 10;
  const { outcome } = lead({ halving: { factor: 2 } }, space, scoreOf);
  for (const { combination, epochs } of outcome.finalists) expect(epochs).toBe(combination['epochs']);
});

test('asha promotes about its share of a rung (the paper bounds what is promoted too early by a square root), and finds the best for less', () => {
  const { outcome, asked } = lead({ asha: { parallel: 4 } }, grid);
  expect(foldEpochs(asked)).toBeLessThan(foldEpochs(lead('grid', grid).asked) / 3);
  const at = (round: number): number => outcome.rows.filter((row) => row.round === round).length;
  for (let round = 0; at(round + 1) > 0; round++)
    expect(at(round + 1)).toBeLessThanOrEqual(at(round) / 3 + Math.sqrt(at(round)));
  // Two optimizers are equally good here.
  expect(winner(outcome)).toMatchObject({ units: 128, rate: 0.2 });
});

test('racing gives up what loses clearly, keeps what is close, and needs fewer fits', () => {
  const { outcome, asked } = lead('racing', grid);
  expect(asked.length).toBeLessThan(36 * 3);
  expect(winner(outcome)).toEqual(best);
  const dropped = outcome.decisions.filter(({ kept }) => !kept);
  expect(dropped.every(({ reason }) => reason.includes('points behind the leader'))).toBe(true);
  // Half a point is within what 2,000 rows can tell apart by chance.
  const close = lead(
    'racing',
    spaceOf({ units: [16, 17] }),
    ({ combination, fold }) => 0.8 - 0.005 * (Number(combination['units']) - 16) + 0.001 * fold,
  );
  expect(close.asked).toHaveLength(6);
});

test('a combination that diverged loses the race at once', () => {
  const scoreOf = (fit: WantedFit): number => (fit.combination['optimizer'] === 'sgd' ? Number.NaN : quality(fit));
  const { outcome } = lead('racing', grid, scoreOf);
  for (const { combination, fits } of outcome.rows)
    if (combination['optimizer'] === 'sgd') expect(fits).toHaveLength(1);
});

test('coordinate search tunes one after another and says what it decided', () => {
  const { outcome, asked } = lead({ coordinate: { order: ['rate'] } }, grid);
  expect(winner(outcome)).toEqual(best);
  // 3 rates, 2 more optimizers, 3 more units.
  expect(asked).toHaveLength(3 * (3 + 2 + 3));
  expect(outcome.decisions.filter(({ kept }) => kept).map(({ reason }) => reason)).toEqual([
    'rate = 0.2 is the best value',
    'optimizer = "adam" is the best value',
    'units = 128 is the best value',
  ]);
});

test('coordinate search misses what is good only together, as its users should know', () => {
  const scoreOf = ({ combination: { units, rate } }: WantedFit): number =>
    units === 128 && rate === 0.3 ? 0.9 : 0.5 - Number(units) / 1000 - Number(rate);
  expect(winner(lead('coordinate', grid, scoreOf).outcome, scoreOf)).not.toMatchObject({ units: 128, rate: 0.3 });
});

test('tpe tries values that did well again, and finds the best of the grid more often than chance would', () => {
  const seeds = Array.from({ length: 20 }, (_, seed) => seed);
  const found = (strategy: (seed: number) => StrategySetting): number =>
    seeds.filter((seed) => JSON.stringify(winner(lead(strategy(seed), grid).outcome)) === JSON.stringify(best)).length;
  const byTpe = found((seed) => ({ tpe: { combinations: 18, startup: 8, parallel: 2, seed } }));
  const byChance = found((seed) => ({ random: { combinations: 18, seed } }));
  expect(byTpe).toBeGreaterThan(byChance);
});

test('an axis in order that the grid does not have is a mistake', () => {
  expect(strategyMistakes({ coordinate: { order: ['unit'] } }, [grid.axes])).toMatchObject([
    {
      path: ['strategy', 'coordinate', 'order', 0],
      message: 'the grid has no "unit"',
      hint: expect.stringContaining('units'),
    },
  ]);
});
