import { failure } from '../src/errors/failure.ts';
import { systemFailure } from '../src/errors/system.ts';
import { defineStage, paramsOf } from '../src/stage/stage-kind.ts';
import { err, ok } from '../src/util/result.ts';

interface IngestTableParams {
  readonly file: string;
  readonly label: string;
  readonly features?: readonly string[];
  readonly delimiter: string;
  readonly missing: 'error' | 'drop';
  readonly title?: string;
}

/** Reads a CSV file of numbers with a column of classes into `samples`: each row is one line of features. */
export const ingestTable = defineStage({
  kind: 'ingest-table',
  version: 1,
  description: 'Reads a CSV file of numbers with a column of classes: samples without pictures.',
  params: paramsOf<IngestTableParams>({
    type: 'object',
    additionalProperties: false,
    required: ['file', 'label'],
    properties: {
      file: {
        type: 'string',
        minLength: 1,
        description: 'The CSV file, relative to the project; its first line names the columns.',
      },
      label: { type: 'string', minLength: 1, description: 'The column of classes.' },
      features: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: { type: 'string' },
        description: 'Columns of numbers; all but the label by default.',
      },
      delimiter: {
        type: 'string',
        minLength: 1,
        maxLength: 1,
        default: ',',
        description: 'What stands between cells.',
      },
      missing: {
        enum: ['error', 'drop'],
        default: 'error',
        description: 'What to do when cells are empty: fail, or leave their rows out.',
      },
      title: { type: 'string', minLength: 1, description: "What to call the data; by default the file's name." },
    },
  }),
  inputs: {},
  outputs: { samples: { type: 'samples', description: 'a row of features and a class each' } },
  external: async ({ params, root }) => {
    const { existsSync } = await import('node:fs');
    const { basename, resolve } = await import('node:path');
    const path = resolve(root, params.file);
    if (!existsSync(path))
      return err(failure('table-missing', `there is no ${params.file}`, { hint: `looked for ${path}` }));
    return ok({ files: { [basename(path)]: path }, identity: {}, notice: '' });
  },
  run: async ({ params, outputs, files, log }) => {
    const { readFile } = await import('node:fs/promises');
    const { readTable } = await import('../src/data/table.ts');
    const [name = '', path = ''] = Object.entries(files)[0] ?? [];
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (problem) {
      return err(systemFailure(`cannot read ${name}`, problem));
    }
    const read = await readTable(path, text, params);
    if (!read.ok) return read;
    const { features, values, labels, classes, missing } = read.value;
    if (missing > 0 && params.missing === 'error') {
      const hint = 'mend the table, or set missing: drop to leave their rows out';
      return err(failure('table-missing-cells', `${name}: ${missing} cells are empty`, { hint }));
    }
    const width = features.length;
    const isWhole = (row: number): boolean =>
      (labels[row] as number) >= 0 && !values.subarray(row * width, (row + 1) * width).some(Number.isNaN);
    const kept = Int32Array.from([...labels.keys()].filter(isWhole));
    if (kept.length === 0) return err(failure('table-empty', `${name} has no row without an empty cell`));
    const chosen = new Float32Array(kept.length * width);
    for (const [position, row] of kept.entries())
      chosen.set(values.subarray(row * width, (row + 1) * width), position * width);
    log(`${kept.length} of ${labels.length} rows, ${width} features, ${classes.length} classes`);
    outputs.samples.write({
      metadata: {
        dataset: name,
        classes: JSON.stringify(classes),
        features: JSON.stringify(features),
        source: JSON.stringify({ format: 'csv', title: params.title ?? name, orientation: 'upright', files: [name] }),
        scale: '1',
        missing: String(missing),
      },
      columns: [
        { name: 'id', kind: 'number', values: kept },
        // A row of pixels in all but its meaning: what reads samples takes a tensor of two axes.
        { name: 'image', kind: 'tensor', shape: [1, width], values: chosen },
        { name: 'label', kind: 'number', values: kept.map((row) => labels[row] as number) },
        { name: 'partition', kind: 'text', values: Array.from(kept, () => 'train') },
      ],
    });
    return ok();
  },
});
