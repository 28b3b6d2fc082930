import type { Predictions, SampleImages } from './study.ts';

/** A pair of classes that a model mixes up. */
export interface ConfusedPair {
  readonly truth: number;
  readonly guess: number;
  readonly count: number;
  /** Share of the true class's rows. */
  readonly share: number;
}

/** The pairs off the diagonal with the highest counts, at most `most`; equal counts in the order of the classes. */
export function confusedPairs(counts: Float64Array, classes: number, most: number): ConfusedPair[] {
  const pairs: ConfusedPair[] = [];
  for (let truth = 0; truth < classes; truth++) {
    const row = counts.subarray(truth * classes, (truth + 1) * classes);
    const total = row.reduce((sum, value) => sum + value, 0);
    row.forEach((value, guess) => {
      if (guess !== truth && value > 0) pairs.push({ truth, guess, count: value, share: value / total });
    });
  }
  return pairs
    .sort((left, right) => right.count - left.count || left.truth - right.truth || left.guess - right.guess)
    .slice(0, most);
}

/** Share of all mistakes that only mix up the two cases of one letter (c and C); undefined without mistakes. */
export function caseMistakes(counts: Float64Array, classes: readonly string[]): number | undefined {
  const size = classes.length;
  let mistakes = 0;
  let ofCase = 0;
  counts.forEach((value, index) => {
    const [truth, guess] = [Math.floor(index / size), index % size];
    if (truth === guess) return;
    mistakes += value;
    if (classes[truth]?.toLowerCase() === classes[guess]?.toLowerCase()) ofCase += value;
  });
  return mistakes === 0 ? undefined : ofCase / mistakes;
}

/** For each pair, positions in the samples of the first `most` rows that were confused so. */
export function examplesOfPairs(
  pairs: readonly ConfusedPair[],
  predictions: Predictions,
  images: SampleImages,
  most: number,
): number[][] {
  const wanted = new Map(pairs.map((pair, index) => [`${pair.truth}/${pair.guess}`, index]));
  const positionOf = new Map(Array.from(images.ids, (id, position) => [id, position]));
  const examples: number[][] = pairs.map(() => []);
  for (let row = 0; row < predictions.labels.length; row++) {
    const index = wanted.get(`${predictions.labels[row]}/${predictions.predicted[row]}`);
    const found = index === undefined ? undefined : examples[index];
    if (found === undefined || found.length >= most) continue;
    const position = positionOf.get(predictions.ids[row] ?? -1);
    if (position !== undefined) found.push(position);
  }
  return examples;
}
