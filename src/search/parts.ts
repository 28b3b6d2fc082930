import type { ModelCore } from '../model/description.ts';
import type { CollectedPart, PartJob } from '../stage/stage-kind.ts';
import type { JsonObject } from '../util/json.ts';
import { leadSearch } from './lead.ts';
import { fitKey, type SearchOutcome, type WantedFit } from './search.ts';
import type { ModelSpace } from './space.ts';
import { beginSearch, type StrategySetting } from './strategy.ts';

/** Parameters of a fold's job, as the kind `fold` takes them. */
export interface FitParams {
  readonly model: ModelCore;
  readonly fold: number;
  readonly until?: number;
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
  return `fold ${fold + 1}/${space.folds} ${combinationLabel(combination)}${epochs}`.trim();
}

/** The score of a fold's job; undefined where it has none yet. */
function scoresOf(space: ModelSpace, finished: readonly CollectedPart[]): (fit: WantedFit) => number | undefined {
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

/** The jobs of the fits that a search wants next; none when it is over. */
export function nextParts(
  space: ModelSpace,
  strategy: StrategySetting,
  finished: readonly CollectedPart[],
): PartJob<FitParams>[] {
  const stand = leadSearch(beginSearch(strategy, space), scoresOf(space, finished));
  return stand.over ? [] : stand.wanted.map((fit) => partOf(space, fit));
}

/** What came of a search whose parts are all done. */
export function outcomeOf(
  space: ModelSpace,
  strategy: StrategySetting,
  finished: readonly CollectedPart[],
): SearchOutcome {
  const stand = leadSearch(beginSearch(strategy, space), scoresOf(space, finished));
  if (!stand.over) throw new Error(`the search is not over: it wants ${stand.wanted.length} more fits`);
  return stand.outcome;
}

function partOf(space: ModelSpace, fit: WantedFit): PartJob<FitParams> {
  const { input, layers, training } = space.modelOf(fit.combination);
  const { fold, from, until } = fit;
  // What only people read stays out: a new title must not train anything again. A whole fit is the same in every strategy.
  const model = { input, layers, training };
  const before = fitName(space, { ...fit, from: 0, until: from });
  return {
    name: fitName(space, fit),
    params: { model, fold, ...(until === training.epochs ? {} : { until }) },
    seedParts: [fold],
    likeness: { ...model, epochs: until - from },
    round: fold,
    ...(from === 0 ? {} : { inputs: { checkpoint: { part: before, output: 'checkpoint' } } }),
  };
}
