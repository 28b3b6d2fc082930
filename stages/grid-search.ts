import { failure } from '../src/errors/failure.ts';
import { gridMistakes, type ModelDescription } from '../src/model/description.ts';
import { outerScores, outerTable, standOf, wantedFits } from '../src/search/nested.ts';
import { combinationLabel, type FitParams, partOf } from '../src/search/parts.ts';
import { resultsOf } from '../src/search/results.ts';
import type { SelectRule } from '../src/search/select.ts';
import { allCombinations, type Grid, gridsOf, type ModelSpace, modelSpace } from '../src/search/space.ts';
import {
  fitsWhole,
  type StrategySetting,
  strategyMistakes,
  strategyOf,
  strategySchema,
} from '../src/search/strategy.ts';
import { defineStage, type Input, type PartJob, paramsOf } from '../src/stage/stage-kind.ts';
import type { JsonObject } from '../src/util/json.ts';
import { err, ok, type Result } from '../src/util/result.ts';
import { fold } from './fold.ts';

interface GridSearchParams {
  readonly model: ModelDescription;
  readonly grid: Grid | readonly Grid[];
  readonly exclude: readonly JsonObject[];
  readonly strategy: StrategySetting;
  readonly select: SelectRule & { readonly metric: 'accuracy' };
  readonly repeats: number;
  readonly outer?: number;
  readonly curves: boolean;
}

const gridSchema = { type: 'object', additionalProperties: { type: 'array', minItems: 1 } };

/** The space of a stage's parameters on its data. */
function spaceOf(
  params: GridSearchParams,
  { samples, split }: { readonly samples: Input; readonly split: Input },
): Result<ModelSpace> {
  const [height = 0, width = 0] = samples.artifact.tensor('image').shape;
  const classes = (JSON.parse(samples.artifact.metadata['classes'] ?? '[]') as string[]).length;
  const folds = Number(split.artifact.metadata['folds']);
  const { repeats, outer = 0 } = params;
  if (outer > 0 && (folds < 3 || outer > folds)) {
    const message = `outer: ${outer} leaves folds out in turn, and the split has ${folds}`;
    const hint =
      folds < 3
        ? 'give the split at least 3 folds: the searches inside need two'
        : `at most ${folds}, or more folds in the split`;
    return err(failure('search-outer', message, { hint }));
  }
  const rows = Array.from(split.artifact.numbers('fold')).filter((one) => one >= 0).length;
  return modelSpace(params, { classes, height, width, folds, repeats, rows });
}

/** Tries combinations of hyperparameters by cross-validation; each fit of a combination on a fold is a job of its own. */
export const gridSearch = defineStage({
  kind: 'grid-search',
  version: 3,
  description:
    'Cross-validates combinations of hyperparameters, all of a grid or those that a strategy picks; each combination on each fold is a job of its own.',
  params: paramsOf<GridSearchParams>({
    type: 'object',
    additionalProperties: false,
    required: ['model', 'grid'],
    properties: {
      model: { type: 'string', refersTo: 'models', description: 'Name of an entry of models:.' },
      grid: {
        anyOf: [gridSchema, { type: 'array', minItems: 1, items: gridSchema }],
        description:
          'Values to try, by hyperparameter. A list of such maps tries the combinations of each: values that belong together.',
      },
      exclude: {
        type: 'array',
        items: { type: 'object', minProperties: 1 },
        default: [],
        description:
          'Combinations that have all of these values are left out: [{optimizer: sgd, activation: sigmoid}].',
      },
      strategy: strategySchema,
      repeats: {
        type: 'integer',
        minimum: 1,
        maximum: 100,
        default: 1,
        description: 'How often the training rows are divided into folds, each time otherwise.',
      },
      outer: {
        type: 'integer',
        minimum: 2,
        description:
          'Nested cross-validation: so many folds are left out in turn, the search is made anew on the others, and what it chooses is scored on the fold that it never saw.',
      },
      curves: {
        type: 'boolean',
        default: false,
        description:
          'Score the held-out fold after every epoch, not at the end alone: learning curves of each fold in the report, for about a tenth more time. They choose nothing and stop nothing.',
      },
      select: {
        type: 'object',
        additionalProperties: false,
        default: { metric: 'accuracy', rule: 'best', cost: 'seconds' },
        description: 'How the winner is chosen.',
        properties: {
          metric: { type: 'string', enum: ['accuracy'], default: 'accuracy', description: 'Score of a fold.' },
          rule: {
            type: 'string',
            enum: ['best', 'one-standard-error'],
            default: 'best',
            description:
              'best takes the highest mean over the folds; one-standard-error the cheapest combination within one standard error of it.',
          },
          cost: {
            type: 'string',
            enum: ['seconds', 'parameters'],
            default: 'seconds',
            description:
              'What is cheap: the time of a fit as it was measured (another run may choose another one), or the number of weights.',
          },
        },
      },
    },
  }),
  check: (params) => [
    ...gridsOf(params.grid).flatMap((grid, index) =>
      gridMistakes(params.model, grid).map((mistake) => ({
        ...mistake,
        path: ['grid', ...(Array.isArray(params.grid) ? [index] : []), ...mistake.path],
      })),
    ),
    ...params.exclude.flatMap((values, index) =>
      Object.keys(values)
        .filter((axis) => !gridsOf(params.grid).some((grid) => Object.hasOwn(grid, axis)))
        .map((axis) => ({
          path: ['exclude', index, axis],
          message: `the grid has no "${axis}"`,
          hint: 'exclude names values of the grid',
        })),
    ),
    ...(allCombinations(params).length === 0
      ? [{ path: ['exclude'], message: 'no combination is left', hint: 'exclude fewer' }]
      : []),
    ...strategyMistakes(params.strategy, gridsOf(params.grid)),
  ],
  inputs: {
    samples: { type: 'samples', description: 'the samples' },
    split: { type: 'split', description: 'roles and folds of the samples' },
  },
  outputs: {
    selection: { type: 'selection', description: 'every combination with its scores and rank, the winner marked' },
    results: { type: 'cv-results', measured: true, description: "scikit-learn's cv_results_ columns, with times" },
    curves: { type: 'curves', description: 'every epoch of every fit: loss and accuracy in training and on its fold' },
    outer: {
      type: 'outer-scores',
      optional: true,
      description: 'what the searches of a nested one chose, believed and reached, fold by fold',
    },
    decisions: {
      type: 'decisions',
      optional: true,
      description: 'which combinations a strategy kept or gave up, and why',
    },
  },
  fanOut: {
    part: fold,
    rounds: ({ strategy, outer }) => outer !== undefined || !fitsWhole(strategy),
    expand: ({ params, inputs, finished }): Result<PartJob<FitParams>[]> => {
      const space = spaceOf(params, inputs);
      if (!space.ok) return space;
      return ok(
        wantedFits(space.value, params, finished).map(({ space: own, fit }) => partOf(own, fit, params.curves)),
      );
    },
  },
  run: async ({ params, inputs, parts, outputs, progress, log }) => {
    const { cvResults, decisionTable, selection } = await import('../src/search/collect.ts');
    const { curveTable } = await import('../src/search/curves.ts');
    const space = spaceOf(params, inputs);
    if (!space.ok) return space;
    const stand = standOf(space.value, params.strategy, parts);
    if (!stand.over) throw new Error(`the search is not over: it wants ${stand.wanted.length} more fits`);
    const { outcome } = stand;
    const partial = !fitsWhole(params.strategy);
    const { results, winner } = resultsOf(space.value, outcome, parts, { select: params.select, partial });
    const chosen = results[winner];
    if (chosen === undefined) {
      return err(
        failure('search-diverged', `every combination of ${params.model.name} diverged`, {
          hint: 'try smaller learning rates',
        }),
      );
    }
    const { name: strategy } = strategyOf(params.strategy);
    const { metric, rule } = params.select;
    const metadata = { model: params.model.name, metric, rule, strategy };
    const score = chosen.folds.reduce((sum, one) => sum + one.score, 0) / chosen.folds.length;
    log(`best of ${space.value.combinations.length}: ${combinationLabel(chosen.combination)} with ${score.toFixed(4)}`);
    progress({ fraction: 1, score });
    outputs.selection.write(selection(results, winner, metadata));
    const outer = outerScores(space.value, params, parts);
    // Not in the selection: fits that follow from it do not depend on what a nested search tells of it.
    const nested = outer.length === 0 ? {} : { outer: JSON.stringify(outer) };
    outputs.results.write(
      cvResults(results, { ...metadata, ...nested, repeat_folds: String(space.value.repeatFolds) }),
    );
    outputs.curves.write(curveTable(space.value, outcome, parts));
    if (outer.length > 0) {
      const reached = outer.reduce((sum, one) => sum + one.score, 0) / outer.length;
      log(`nested: ${reached.toFixed(4)} on folds that the search did not see`);
      outputs.outer.write(outerTable(outer, metadata));
    }
    if (outcome.decisions.length > 0) outputs.decisions.write(decisionTable(outcome.decisions));
    return ok();
  },
});
