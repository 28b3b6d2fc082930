import type { Artifact } from '../artifact/reader.ts';

/** How far the accuracy of a model goes when it is trained again with another seed: a standard deviation. */
export type TrainingLuck = (model: string | undefined) => number;

/**
 * Assumed where nobody trained the model again: a fifth of a point. An assumption, not a measurement; refits take its place. A test on the
 * same rows knows the chance of those rows alone: with none, of many rows any two trainings of one model would be found to differ.
 */
export const usualTrainingDeviation = 0.002;

/** How many refits the assumption counts for beside those that were made: two or three alone say little. */
const usualWeight = 4;

/** What `refits` artifacts tell of each model's luck, together with what is assumed: variances pooled by their degrees of freedom. */
export function trainingLuck(refits: readonly Artifact[]): TrainingLuck {
  const sums = new Map<string, { squares: number; freedom: number }>();
  for (const artifact of refits) {
    const accuracies = Array.from(artifact.numbers('accuracy')).filter((accuracy) => !Number.isNaN(accuracy));
    if (accuracies.length < 2) continue;
    const mean = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length;
    const squares = accuracies.reduce((sum, accuracy) => sum + (accuracy - mean) ** 2, 0);
    const model = artifact.metadata['model'] ?? '';
    const before = sums.get(model) ?? { squares: 0, freedom: 0 };
    sums.set(model, { squares: before.squares + squares, freedom: before.freedom + accuracies.length - 1 });
  }
  return (model) => {
    const { squares, freedom } = sums.get(model ?? '') ?? { squares: 0, freedom: 0 };
    return Math.sqrt((squares + usualWeight * usualTrainingDeviation ** 2) / (freedom + usualWeight));
  };
}
