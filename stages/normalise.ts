import { failure } from '../src/errors/failure.ts';
import { defineStage, paramsOf } from '../src/stage/stage-kind.ts';
import { err, ok } from '../src/util/result.ts';

interface NormaliseParams {
  readonly scale: number;
  readonly invert: boolean;
}

/**
 * Checks the samples for missing values and says how their pixels become network inputs. Pixels stay as they are
 * (uint8): `scale` goes along in the metadata and the division happens where the batch is, at a quarter of the memory.
 */
export const normalise = defineStage({
  kind: 'normalise',
  version: 1,
  description: 'Checks samples for missing values and sets the scale that pixels are divided by.',
  params: paramsOf<NormaliseParams>({
    type: 'object',
    additionalProperties: false,
    properties: {
      scale: {
        type: 'number',
        exclusiveMinimum: 0,
        default: 255,
        description: 'Pixels are divided by this; 1 keeps raw pixels.',
      },
      invert: {
        type: 'boolean',
        default: false,
        description: 'Swap ink and paper (255 - pixel), for dark ink on white.',
      },
    },
  }),
  inputs: { samples: { type: 'samples', description: 'the samples to normalise' } },
  outputs: { samples: { type: 'samples', description: 'the same rows with their scale' } },
  run: async ({ params, inputs, outputs, log }) => {
    const { missingValues } = await import('../src/data/missing-values.ts');
    const samples = inputs.samples.artifact;
    const image = samples.tensor('image');
    const labels = samples.numbers('label');
    const classes = JSON.parse(samples.metadata['classes'] ?? '[]') as string[];
    const missing = missingValues(image, labels, classes.length);
    if (missing.count > 0) {
      return err(
        failure(
          'normalise-missing',
          `${missing.count} values are missing or out of range, the first in row ${missing.firstRow}`,
          { hint: 'set missing: drop in the ingest stage, or mend the source' },
        ),
      );
    }
    log(`${samples.rows} rows without missing values, pixels divided by ${params.scale}`);
    const all = image.gather(Int32Array.from({ length: samples.rows }, (_, row) => row));
    const values = params.invert ? all.map((pixel) => 255 - pixel) : all;
    const { type: _, ...metadata } = samples.metadata;
    outputs.samples.write({
      metadata: { ...metadata, scale: String(params.scale), missing: '0' },
      columns: [
        { name: 'id', kind: 'number', values: samples.numbers('id') },
        { name: 'image', kind: 'tensor', shape: image.shape, values: values as Uint8Array },
        { name: 'label', kind: 'number', values: labels },
        { name: 'partition', kind: 'text', values: samples.texts('partition') },
        ...(samples.has('writer')
          ? [{ name: 'writer', kind: 'number', values: samples.numbers('writer') } as const]
          : []),
      ],
    });
    return ok();
  },
});
