import type { ModelCore } from '../model/description.ts';
import type { CollectedPart, PartJob } from '../stage/stage-kind.ts';
import type { JsonObject } from '../util/json.ts';
import { fitKey, type WantedFit } from './search.ts';
import { type ModelSpace, splitFold } from './space.ts';

/** Parameters of a fold's job, as the kind `fold` takes them. */
export interface FitParams {
  readonly model: ModelCore;
  readonly fold: number;
  readonly until?: number;
  readonly repeat?: number;
  readonly without?: number;
  readonly curves?: true;
}

/** One combination, short enough for a line: "dropout=0.2 units=96". */
export function combinationLabel(combination: JsonObject): string {
  return Object.entries(combination)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ');
}

/** What a fit is called among the parts of its search. */
export function fitName(space: ModelSpace, { combination, fold, from, until }: WantedFit): string {
  const whole = from === 0 && until === space.epochsOf(combination);
  const epochs = whole ? '' : ` to epoch ${until}`;
  const place =
    space.without === undefined
      ? `fold ${fold + 1}/${space.folds}`
      : `without fold ${space.without + 1}, fold ${splitFold(space, fold).fold + 1}/${space.repeatFolds}`;
  return `${place} ${combinationLabel(combination)}${epochs}`.trim();
}

/** The score of a fold's job; undefined where it has none yet. */
export function scoresOf(
  space: ModelSpace,
  finished: readonly CollectedPart[],
): (fit: WantedFit) => number | undefined {
  const byName = new Map(finished.map((part) => [part.name, part]));
  const known = new Map<string, number>();
  return (fit) => {
    const key = fitKey(fit);
    const before = known.get(key);
    if (before !== undefined) return before;
    const accuracy = byName.get(fitName(space, fit))?.artifacts['scores']?.metadata['accuracy'];
    if (accuracy === undefined) return undefined;
    known.set(key, Number(accuracy));
    return Number(accuracy);
  };
}

/** The job of a fit. `curves`: its fold is scored after every epoch. */
export function partOf(space: ModelSpace, fit: WantedFit, curves = false): PartJob<FitParams> {
  const { input, layers, training } = space.modelOf(fit.combination);
  const { from, until } = fit;
  const { fold, repeat } = splitFold(space, fit.fold);
  const { without } = space;
  // What only people read stays out: a new title must not train anything again. A whole fit is the same in every strategy.
  const model = { input, layers, training };
  const before = fitName(space, { ...fit, from: 0, until: from });
  return {
    name: fitName(space, fit),
    params: {
      model,
      fold,
      ...(until === training.epochs ? {} : { until }),
      ...(repeat === 0 ? {} : { repeat }),
      ...(without === undefined ? {} : { without }),
      ...(curves ? { curves } : {}),
    },
    seedParts: [
      fold,
      ...(repeat === 0 ? [] : ['repeat', repeat]),
      ...(without === undefined ? [] : ['without', without]),
    ],
    likeness: { ...model, epochs: until - from },
    round: fit.fold,
    ...(from === 0 ? {} : { inputs: { checkpoint: { part: before, output: 'checkpoint' } } }),
  };
}
