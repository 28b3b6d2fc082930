/** How probabilities and outcomes go together: of rows whose highest probability lies between `low` and `high`. */
export interface CalibrationBin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** Mean highest probability; NaN of no rows. */
  readonly confidence: number;
  /** Share that is right; NaN of no rows. */
  readonly accuracy: number;
}

export interface Calibration {
  readonly bins: readonly CalibrationBin[];
  /** Mean distance of confidence and accuracy over the bins, weighted by their rows. */
  readonly expectedError: number;
  /** Mean squared distance of the probabilities [classes] from the truth, summed over the classes: 0 to 2. */
  readonly brier: number;
  /** Mean negative logarithm of the true class's probability, which is cut at 1e-7. */
  readonly logLoss: number;
}

/** The number of bins of Guo and others. */
const binCount = 15;

/**
 * How far probabilities [rows * classes] can be taken at their word: expected calibration error over 15 bins of equal width (M. Naeini,
 * G. Cooper and M. Hauskrecht, AAAI 2015; C. Guo and others, "On calibration of modern neural networks", ICML 2017), Brier score (G.
 * Brier, Monthly Weather Review 78, 1950) and log loss. `predicted` is the most probable class of each row. NaN of no rows.
 */
export function calibrationOf(
  probabilities: Float32Array,
  labels: Int32Array,
  predicted: Int32Array,
  classes: number,
): Calibration {
  const counts = new Float64Array(binCount);
  const confidences = new Float64Array(binCount);
  const right = new Float64Array(binCount);
  let [brier, logLoss] = [0, 0];
  labels.forEach((label, row) => {
    const of = probabilities.subarray(row * classes, (row + 1) * classes);
    const confidence = of[predicted[row] as number] as number;
    // A bin takes its upper end and not its lower one, as the papers define it.
    const bin = Math.min(binCount - 1, Math.max(0, Math.ceil(confidence * binCount) - 1));
    counts[bin] = (counts[bin] as number) + 1;
    confidences[bin] = (confidences[bin] as number) + confidence;
    if (predicted[row] === label) right[bin] = (right[bin] as number) + 1;
    let squares = 0;
    of.forEach((probability, index) => {
      squares += (probability - (index === label ? 1 : 0)) ** 2;
    });
    brier += squares;
    logLoss -= Math.log(Math.max(1e-7, of[label] as number));
  });
  const rows = labels.length;
  const bins = Array.from(
    counts,
    (count, bin): CalibrationBin => ({
      low: bin / binCount,
      high: (bin + 1) / binCount,
      count,
      confidence: (confidences[bin] as number) / count,
      accuracy: (right[bin] as number) / count,
    }),
  );
  const distances = bins.reduce(
    (sum, { count, confidence, accuracy }) => (count === 0 ? sum : sum + count * Math.abs(confidence - accuracy)),
    0,
  );
  return { bins, expectedError: distances / rows, brier: brier / rows, logLoss: logLoss / rows };
}
