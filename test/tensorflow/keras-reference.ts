import { readFileSync } from 'node:fs';
import type { ModelInput, ResolvedLayer } from '../../src/model/description.ts';

/** What an optimizer of Keras made of one weight in five steps. */
export interface OptimizerCase {
  readonly type: 'optimizer';
  readonly optimizer: { readonly name: string; readonly [constant: string]: string | number | boolean };
  readonly shape: readonly number[];
  readonly first: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly weights: readonly (readonly number[])[];
}

/** What Keras computed with a model: probabilities before training, then three full-batch steps of SGD with rate 0.5. */
export interface ModelCase {
  readonly type: 'model';
  readonly name: string;
  readonly input: ModelInput;
  readonly layers: readonly ResolvedLayer[];
  readonly shapes: readonly (readonly number[])[];
  readonly first: readonly (readonly number[])[];
  readonly probabilities: readonly number[];
  readonly losses: readonly number[];
  readonly weights: readonly (readonly number[])[];
}

/** The samples that the models were trained on. */
export interface ReferenceData {
  readonly type: 'data';
  readonly rows: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  readonly pixels: readonly number[];
  readonly labels: readonly number[];
}

type Line = OptimizerCase | ModelCase | ReferenceData | { readonly type: 'keras'; readonly version: string };

/** Reads fixtures/keras-reference.jsonl, which fixtures/keras-reference.py has written. */
export function readReference(): {
  readonly data: ReferenceData;
  readonly optimizers: readonly OptimizerCase[];
  readonly models: readonly ModelCase[];
} {
  const text = readFileSync(new URL('./fixtures/keras-reference.jsonl', import.meta.url), 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const data = lines.find((line) => line.type === 'data');
  if (data === undefined) throw new Error('the reference has no data');
  return {
    data,
    optimizers: lines.filter((line) => line.type === 'optimizer'),
    models: lines.filter((line) => line.type === 'model'),
  };
}
