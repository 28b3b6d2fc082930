/** Precision, recall and their harmonic mean; 0 where a denominator is 0, as in scikit-learn's `zero_division=0`. */
export interface PrecisionRecallF1 {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** The scores of one class; `support` counts the rows whose true class it is. */
export interface ClassScores extends PrecisionRecallF1 {
  readonly support: number;
}

/** The scores of a classifier on a labelled set. */
export interface ClassificationScores {
  readonly accuracy: number;
  /** Mean recall over the classes that are in the truth. */
  readonly balancedAccuracy: number;
  /** One entry a class, by label. */
  readonly perClass: readonly ClassScores[];
  /** Plain mean over the classes that are in the truth or in the predictions. */
  readonly macro: PrecisionRecallF1;
  /** Mean over the classes weighted by their support. */
  readonly weighted: PrecisionRecallF1;
}

function cell(counts: Float64Array, index: number): number {
  return counts[index] ?? 0;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/**
 * Counts pairs of true and predicted class: `classes * classes` counts, a row a true class, a column a predicted one.
 * Labels and predictions must be of one length and lie in 0 … classes - 1; anything else throws.
 */
export function confusionMatrix(labels: Int32Array, predicted: Int32Array, classes: number): Float64Array {
  if (labels.length !== predicted.length)
    throw new Error(`${labels.length} labels but ${predicted.length} predictions`);
  const confusion = new Float64Array(classes * classes);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? -1;
    const prediction = predicted[row] ?? -1;
    if (label < 0 || label >= classes || prediction < 0 || prediction >= classes)
      throw new Error(`row ${row}: label ${label}, predicted ${prediction}, but there are ${classes} classes`);
    const index = label * classes + prediction;
    confusion[index] = cell(confusion, index) + 1;
  }
  return confusion;
}

interface Sums {
  readonly support: Float64Array;
  readonly predicted: Float64Array;
  readonly correct: number;
  readonly total: number;
}

function marginalSums(confusion: Float64Array, classes: number): Sums {
  const support = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  let correct = 0;
  let total = 0;
  for (let truth = 0; truth < classes; truth++) {
    for (let guess = 0; guess < classes; guess++) {
      const count = cell(confusion, truth * classes + guess);
      support[truth] = cell(support, truth) + count;
      predicted[guess] = cell(predicted, guess) + count;
      total += count;
    }
    correct += cell(confusion, truth * classes + truth);
  }
  return { support, predicted, correct, total };
}

function scoresOfClass(hits: number, predicted: number, support: number): ClassScores {
  return {
    precision: ratio(hits, predicted),
    recall: ratio(hits, support),
    f1: ratio(2 * hits, predicted + support),
    support,
  };
}

function average(scores: readonly ClassScores[], weight: (scores: ClassScores) => number): PrecisionRecallF1 {
  const total = scores.reduce((sum, one) => sum + weight(one), 0);
  const mean = (value: (scores: ClassScores) => number): number =>
    ratio(
      scores.reduce((sum, one) => sum + weight(one) * value(one), 0),
      total,
    );
  return { precision: mean((one) => one.precision), recall: mean((one) => one.recall), f1: mean((one) => one.f1) };
}

/**
 * Scores of a confusion matrix (`classes * classes` counts, a row a true class), as scikit-learn's `accuracy_score`,
 * `balanced_accuracy_score` and `precision_recall_fscore_support` compute them. The macro F1 is the mean of the
 * classes' F1, not the F1 of the mean precision and recall. An empty matrix gives 0 throughout.
 */
export function classificationScores(confusion: Float64Array, classes: number): ClassificationScores {
  const { support, predicted, correct, total } = marginalSums(confusion, classes);
  const perClass = Array.from({ length: classes }, (_, label) =>
    scoresOfClass(cell(confusion, label * classes + label), cell(predicted, label), cell(support, label)),
  );
  const present = perClass.filter((one, label) => one.support > 0 || cell(predicted, label) > 0);
  const inTruth = perClass.filter((one) => one.support > 0);
  return {
    accuracy: ratio(correct, total),
    balancedAccuracy: average(inTruth, () => 1).recall,
    perClass,
    macro: average(present, () => 1),
    weighted: average(perClass, (one) => one.support),
  };
}
