import { failure } from '../src/errors/failure.ts';
import { duplicateText } from '../src/split/duplicate-text.ts';
import { defineStage, paramsOf } from '../src/stage/stage-kind.ts';
import { err, ok } from '../src/util/result.ts';

interface SplitParams {
  readonly test: number | 'partition';
  readonly validation: number;
  readonly folds: number;
  readonly stratify: boolean;
  readonly group?: 'writer';
}

const share = 'a share (0.2) or a number of rows (16323)';

/** Divides the rows into test, validation and training rows, and the training rows into folds. */
export const split = defineStage({
  kind: 'split',
  version: 2,
  description: 'Divides samples into test, validation and training rows, and the training rows into folds.',
  params: paramsOf<SplitParams>({
    type: 'object',
    additionalProperties: false,
    properties: {
      test: {
        anyOf: [
          { type: 'number', minimum: 0 },
          { type: 'string', enum: ['partition'] },
        ],
        default: 0.2,
        description: `Rows to keep for the final test: ${share}, or "partition" for the source's own test split.`,
      },
      validation: { type: 'number', minimum: 0, default: 0.2, description: `Rows to hold out of the rest: ${share}.` },
      folds: {
        type: 'integer',
        minimum: 2,
        maximum: 100,
        default: 3,
        description: 'Folds of the training rows, for the search.',
      },
      stratify: { type: 'boolean', default: true, description: 'Each part keeps the shares of the classes.' },
      group: { type: 'string', enum: ['writer'], description: 'Keep all rows of a writer in one part.' },
    },
  }),
  inputs: { samples: { type: 'samples', description: 'the samples to divide' } },
  outputs: { split: { type: 'split', description: 'role and fold of each row' } },
  seeded: true,
  run: async ({ params, inputs, outputs, seed, progress, log }) => {
    const { countDuplicates } = await import('../src/split/duplicates.ts');
    const { splitRows } = await import('../src/split/split-rows.ts');
    const samples = inputs.samples.artifact;
    const ids = samples.numbers('id');
    const writers = samples.has('writer') ? samples.numbers('writer') : undefined;
    if (params.group === 'writer' && writers === undefined) {
      return err(
        failure('split-writers', 'these samples do not say who wrote them', {
          hint: 'leave group: out, or use a source that knows writers (.mat files)',
        }),
      );
    }
    const made = splitRows({
      ...params,
      labels: samples.numbers('label'),
      partition: samples.texts('partition'),
      seed,
      ...(params.group === undefined || writers === undefined ? {} : { groups: writers }),
    });
    if (!made.ok) return made;
    const { role, fold } = made.value;
    const sizes = ['train', 'validation', 'test'].map((name) => `${name} ${role.filter((one) => one === name).length}`);
    log(`${sizes.join(', ')}, ${params.folds} folds`);
    const duplicates = countDuplicates(samples.tensor('image'), role, fold);
    const found = duplicateText(duplicates);
    if (found !== undefined) {
      log(found);
      progress({ fraction: 1, finding: found });
    }
    outputs.split.write({
      metadata: {
        folds: String(params.folds),
        stratified: String(params.stratify),
        group: params.group ?? '',
        seed: String(seed),
        duplicates: JSON.stringify(duplicates),
      },
      columns: [
        { name: 'id', kind: 'number', values: Int32Array.from(ids) },
        { name: 'role', kind: 'text', values: role },
        { name: 'fold', kind: 'number', values: fold },
      ],
    });
    return ok();
  },
});
