import { expect, test } from 'vitest';
import type { Artifact } from '../../src/artifact/reader.ts';
import type { ResolvedModel } from '../../src/model/description.ts';
import { outerScores, type SearchSetting, wantedFits } from '../../src/search/nested.ts';
import { type FitParams, partOf } from '../../src/search/parts.ts';
import { allCombinations, type ModelSpace } from '../../src/search/space.ts';
import type { CollectedPart } from '../../src/stage/stage-kind.ts';
import type { JsonObject } from '../../src/util/json.ts';

const combinations = allCombinations({ grid: { units: [8, 16, 32, 64] }, exclude: [] });
const epochs = 4;

function spaceOf(folds: number, repeats = 1): ModelSpace {
  const modelOf = (combination: JsonObject) =>
    ({
      input: 'flat',
      layers: [{ layer: 'dense', config: combination }],
      training: { epochs },
    }) as unknown as ResolvedModel;
  return {
    combinations,
    axes: { units: [8, 16, 32, 64] },
    start: { units: 8 },
    folds: folds * repeats,
    repeatFolds: folds,
    foldRows: 1000,
    epochsOf: () => epochs,
    modelOf,
  };
}

/** Fold 0 likes few units, the others many. */
function accuracyOf({ model, fold, until = epochs, without, repeat = 0 }: FitParams): number {
  const units = Number(model.layers[0]?.config['units']);
  const many = Math.log2(units) / 10;
  return (
    (fold === 0 && repeat === 0 ? 0.9 - many : 0.5 + many) -
    0.01 * (epochs - until) -
    (without === undefined ? 0 : 0.02)
  );
}

const artifact = (accuracy: number): Artifact => ({ metadata: { accuracy: String(accuracy) } }) as unknown as Artifact;

/** Makes what is wanted, round by round, until nothing is. */
function lead(space: ModelSpace, setting: SearchSetting) {
  const finished: CollectedPart[] = [];
  const jobs: FitParams[] = [];
  for (let round = 0; round < 20; round++) {
    const wanted = wantedFits(space, setting, finished).map(({ space: own, fit }) => partOf(own, fit));
    if (wanted.length === 0) return { finished, jobs };
    const names = [...finished, ...wanted].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, params } of wanted) {
      jobs.push(params);
      finished.push({ name, params: {}, artifacts: { scores: artifact(accuracyOf(params)) } });
    }
  }
  throw new Error('the search does not end');
}

const select = { rule: 'best', cost: 'parameters' } as const;

test('a nested search scores what it chose without a fold on that fold, by fits that never saw it', () => {
  const space = spaceOf(3);
  const setting: SearchSetting = { strategy: 'grid', select, outer: 3 };
  const { finished, jobs } = lead(space, setting);
  const inner = jobs.filter(({ without }) => without !== undefined);
  expect(inner).toHaveLength(3 * 2 * 4);
  expect(inner.every(({ fold, without }) => fold !== without)).toBe(true);
  // Fits of the plain search serve as those on the fold that was left out: no other job is needed.
  expect(jobs).toHaveLength(3 * 4 + 3 * 2 * 4);
  const scores = outerScores(space, setting, finished);
  expect(scores.map(({ combination }) => combination?.['units'])).toEqual([64, 8, 8]);
  expect(scores[0]?.score).toBeCloseTo(0.9 - 0.6);
  expect(scores[0]?.innerScore).toBeCloseTo(0.5 + 0.6 - 0.02);
  expect(scores[1]?.score).toBeCloseTo(0.5 + 0.3);
});

test.each(['halving', 'racing', 'coordinate', 'tpe', 'asha'] as const)(
  'nested %s ends with a score for each fold that was left out',
  (strategy) => {
    const space = spaceOf(4);
    const setting: SearchSetting = { strategy, select, outer: 2 };
    const { finished } = lead(space, setting);
    const scores = outerScores(space, setting, finished);
    expect(scores.map(({ fold }) => fold)).toEqual([0, 1]);
    for (const { combination, score } of scores) {
      expect(combination).toBeDefined();
      expect(score).toBeGreaterThan(0);
    }
  },
);

test('repeats are folds of a search like others, each named by its division', () => {
  const { jobs } = lead(spaceOf(3, 2), { strategy: 'grid', select });
  expect(jobs).toHaveLength(4 * 6);
  const places = new Set(jobs.map(({ fold, repeat }) => `${repeat ?? 'first'} ${fold}`));
  expect([...places].sort()).toEqual(['1 0', '1 1', '1 2', 'first 0', 'first 1', 'first 2']);
});
