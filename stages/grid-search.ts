import { failure } from '../src/errors/failure.ts';
import { gridMistakes, type ModelDescription } from '../src/model/description.ts';
import type { CombinationScores, FoldScore } from '../src/search/collect.ts';
import { combinationLabel, type FitParams, fitName, nextParts, outcomeOf } from '../src/search/parts.ts';
import type { ResultRow, WantedFit } from '../src/search/search.ts';
import type { SelectRule } from '../src/search/select.ts';
import { allCombinations, type Grid, gridsOf, type ModelSpace, modelSpace } from '../src/search/space.ts';
import { type StrategySetting, strategyMistakes, strategyOf, strategySchema } from '../src/search/strategy.ts';
import { type CollectedPart, defineStage, type Input, type PartJob, paramsOf } from '../src/stage/stage-kind.ts';
import type { JsonObject } from '../src/util/json.ts';
import { err, ok, type Result } from '../src/util/result.ts';
import { fold } from './fold.ts';

interface GridSearchParams {
  readonly model: ModelDescription;
  readonly grid: Grid | readonly Grid[];
  readonly exclude: readonly JsonObject[];
  readonly strategy: StrategySetting;
  readonly select: SelectRule & { readonly metric: 'accuracy' };
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
  const rows = Array.from(split.artifact.numbers('fold')).filter((one) => one >= 0).length;
  return modelSpace(params, { classes, height, width, folds, rows });
}

/** Tries combinations of hyperparameters by cross-validation; each fit of a combination on a fold is a job of its own. */
export const gridSearch = defineStage({
  kind: 'grid-search',
  version: 2,
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
    decisions: {
      type: 'decisions',
      optional: true,
      description: 'which combinations a strategy kept or gave up, and why',
    },
  },
  fanOut: {
    part: fold,
    rounds: ({ strategy }) => !['grid', 'random'].includes(strategyOf(strategy).name),
    expand: ({ params, inputs, finished }): Result<PartJob<FitParams>[]> => {
      const space = spaceOf(params, inputs);
      return space.ok ? ok(nextParts(space.value, params.strategy, finished)) : space;
    },
  },
  run: async ({ params, inputs, parts, outputs, progress, log }) => {
    const { cvResults, decisionTable, selection } = await import('../src/search/collect.ts');
    const { selectWinner } = await import('../src/search/select.ts');
    const space = spaceOf(params, inputs);
    if (!space.ok) return space;
    const outcome = outcomeOf(space.value, params.strategy, parts);
    const results = outcome.rows.map((row) => resultOf(space.value, params, row, parts, outcome.finalists));
    const candidates = results.map(({ folds, isFinalist }, index) => ({
      scores: isFinalist === false ? [Number.NaN] : folds.map(({ score }) => score),
      cost: costOf(params.select.cost, space.value, outcome.rows[index] as ResultRow, folds, parts),
    }));
    const winner = selectWinner(candidates, params.select);
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
    outputs.results.write(cvResults(results, metadata));
    if (outcome.decisions.length > 0) outputs.decisions.write(decisionTable(outcome.decisions));
    return ok();
  },
});

/** The parts that a fit is made of: its own, and those that it went on from. */
function chain(fit: WantedFit, space: ModelSpace, parts: ReadonlyMap<string, CollectedPart>): CollectedPart[] {
  const own = parts.get(fitName(space, fit));
  if (own === undefined) return [];
  // Each rung trained its own epochs only: those before it belong to the fit's time too.
  const earlier = [...parts.values()].filter(({ name }) => {
    const until = Number(/ to epoch (\d+)$/.exec(name)?.[1] ?? Number.NaN);
    return until < fit.until && name === fitName(space, { ...fit, from: 0, until });
  });
  return [...earlier, own];
}

function resultOf(
  space: ModelSpace,
  params: GridSearchParams,
  row: ResultRow,
  parts: readonly CollectedPart[],
  finalists: readonly ResultRow[],
): CombinationScores {
  const byName = new Map(parts.map((part) => [part.name, part]));
  const folds = row.fits.map((fit): FoldScore => {
    const made = chain(fit, space, byName);
    const seconds = (phase: string): number =>
      made.reduce((sum, { artifacts: { timings } }) => {
        return sum + (timings?.numbers('seconds')[timings.texts('phase').indexOf(phase)] ?? 0);
      }, 0);
    return {
      score: Number(made.at(-1)?.artifacts['scores']?.metadata['accuracy'] ?? Number.NaN),
      fitSeconds: seconds('training'),
      scoreSeconds: seconds('inference'),
    };
  });
  const whole = ['grid', 'random'].includes(strategyOf(params.strategy).name);
  return {
    combination: row.combination,
    folds,
    isFinalist: finalists.includes(row),
    ...(whole ? {} : { partial: { epochs: row.epochs, round: row.round } }),
  };
}

function costOf(
  cost: SelectRule['cost'],
  space: ModelSpace,
  row: ResultRow,
  folds: readonly FoldScore[],
  parts: readonly CollectedPart[],
): number {
  if (cost === 'seconds') return folds.reduce((sum, { fitSeconds }) => sum + fitSeconds, 0) / folds.length;
  const [first] = row.fits;
  const part = first === undefined ? undefined : parts.find(({ name }) => name === fitName(space, first));
  return Number(part?.artifacts['scores']?.metadata['parameters'] ?? Number.POSITIVE_INFINITY);
}
