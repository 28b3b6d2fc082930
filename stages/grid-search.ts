import { failure } from '../src/errors/failure.ts';
import {
  combinations,
  gridMistakes,
  type ModelDescription,
  type ResolvedModel,
  resolveModel,
} from '../src/model/description.ts';
import { defineStage, type PartJob, paramsOf } from '../src/stage/stage-kind.ts';
import type { Json, JsonObject } from '../src/util/json.ts';
import { err, ok, type Result } from '../src/util/result.ts';
import { type FoldParams, fold } from './fold.ts';

interface GridSearchParams {
  readonly model: ModelDescription;
  readonly grid: Readonly<Record<string, readonly Json[]>>;
  readonly strategy: 'grid';
  readonly select: { readonly metric: 'accuracy'; readonly rule: 'best' };
}

/** One combination, short enough for a line: "dropout=0.2 units=96". */
function label(combination: JsonObject): string {
  return Object.entries(combination)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ');
}

/** Tries every combination of a grid of hyperparameters by cross-validation; each (combination, fold) is a job of its own. */
export const gridSearch = defineStage({
  kind: 'grid-search',
  version: 1,
  description:
    'Cross-validates every combination of a grid of hyperparameters; each combination on each fold is a job of its own.',
  params: paramsOf<GridSearchParams>({
    type: 'object',
    additionalProperties: false,
    required: ['model', 'grid'],
    properties: {
      model: { type: 'string', refersTo: 'models', description: 'Name of an entry of models:.' },
      grid: {
        type: 'object',
        additionalProperties: { type: 'array', minItems: 1 },
        description: 'Values to try, by hyperparameter.',
      },
      strategy: { type: 'string', enum: ['grid'], default: 'grid', description: 'grid tries every combination.' },
      select: {
        type: 'object',
        additionalProperties: false,
        default: { metric: 'accuracy', rule: 'best' },
        description: 'How the winner is chosen.',
        properties: {
          metric: { type: 'string', enum: ['accuracy'], default: 'accuracy', description: 'Score of a fold.' },
          rule: {
            type: 'string',
            enum: ['best'],
            default: 'best',
            description: 'best takes the highest mean over the folds.',
          },
        },
      },
    },
  }),
  check: ({ model, grid }) =>
    gridMistakes(model, grid).map((mistake) => ({ ...mistake, path: ['grid', ...mistake.path] })),
  inputs: {
    samples: { type: 'samples', description: 'the samples' },
    split: { type: 'split', description: 'roles and folds of the samples' },
  },
  outputs: {
    selection: { type: 'selection', description: 'every combination with its scores and rank, the winner marked' },
    results: { type: 'cv-results', measured: true, description: "scikit-learn's cv_results_ columns, with times" },
  },
  fanOut: {
    part: fold,
    expand: ({ params, inputs }): Result<PartJob<FoldParams>[]> => {
      const samples = inputs.samples.artifact;
      const folds = Number(inputs.split.artifact.metadata['folds']);
      const [height = 0, width = 0] = samples.tensor('image').shape;
      const classes = (JSON.parse(samples.metadata['classes'] ?? '[]') as string[]).length;
      const models: { readonly label: string; readonly model: ResolvedModel }[] = [];
      for (const combination of combinations(params.grid)) {
        const resolved = resolveModel(
          params.model,
          { ...params.model.hyperparameters, ...combination },
          { classes, height, width },
        );
        if (!resolved.ok) return resolved;
        models.push({ label: label(combination), model: resolved.value });
      }
      // Folds breadth-first: after the first round every combination has a score to look at.
      const jobs = Array.from({ length: folds }, (_, index) =>
        models.map(({ label: shown, model }) => ({
          name: `fold ${index + 1}/${folds} ${shown}`.trim(),
          // What only people read stays out: a new title must not train anything again.
          params: { model: { input: model.input, layers: model.layers, training: model.training }, fold: index },
          seedParts: [index],
          likeness: { input: model.input, layers: model.layers, training: model.training },
          round: index,
        })),
      );
      return ok(jobs.flat());
    },
  },
  run: async ({ params, parts, outputs, progress, log }) => {
    const { cvResults, selection } = await import('../src/search/collect.ts');
    const all = combinations(params.grid);
    const results = all.map((combination, index) => ({
      combination,
      // Parts come fold by fold, each fold with all combinations in order.
      folds: parts.flatMap((part, position) => {
        if (position % all.length !== index) return [];
        const { scores, timings } = part.artifacts;
        const seconds = (phase: string): number =>
          timings?.numbers('seconds')[timings.texts('phase').indexOf(phase)] ?? 0;
        return [
          {
            score: Number(scores?.metadata['accuracy'] ?? Number.NaN),
            fitSeconds: seconds('training'),
            scoreSeconds: seconds('inference'),
          },
        ];
      }),
    }));
    const metadata = { model: params.model.name, metric: params.select.metric, rule: params.select.rule };
    const chosen = selection(results, metadata);
    if (chosen === undefined) {
      return err(
        failure('search-diverged', `every combination of ${params.model.name} diverged`, {
          hint: 'try smaller learning rates',
        }),
      );
    }
    const scores = results.map((result) => result.folds.reduce((sum, one) => sum + one.score, 0) / result.folds.length);
    const best = Math.max(...scores.filter((score) => !Number.isNaN(score)));
    log(`best of ${all.length}: ${label(all[scores.indexOf(best)] ?? {})} with ${best.toFixed(4)}`);
    progress({ fraction: 1, score: best });
    outputs.selection.write(chosen);
    outputs.results.write(cvResults(results, metadata));
    return ok();
  },
});
