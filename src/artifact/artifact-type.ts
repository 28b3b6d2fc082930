/**
 * What an artifact is about; stored in its schema metadata (`pipe.type`) and checked when stages are connected.
 *
 * - `samples`: id (int32), image (tensor), label (uint8 or int32), partition (text), writer (int32, where known).
 *   Metadata: classes (JSON list of names by label), source (JSON, see src/data/dataset.ts), scale (number that pixels
 *   are divided by before training; "1" means raw).
 * - `split`: id (int32), role (text: train, validation, test), fold (int32, -1 outside the folds). Metadata: folds,
 *   stratified, group, seed, duplicates (JSON, see src/split/duplicates.ts).
 * - `fold-scores`: epoch (int32), loss, accuracy, validation_loss, validation_accuracy (float64) of one fold's fit.
 *   Metadata: accuracy (of the fold after the last epoch, NaN where the fit diverged), parameters, diverged (where; else
 *   empty).
 * - `selection`: the ranking of a search: rank (int32), params (text, JSON), mean_test_score, std_test_score (float64),
 *   split<k>_test_score, selected (uint8). Metadata: model, metric, rule.
 * - `cv-results`: scikit-learn's `cv_results_` columns.
 * - `curves`: the fits of a search epoch by epoch, one row an epoch of a combination on a fold: params (text, JSON), fold, epoch
 *   (int32), loss, accuracy, validation_loss, validation_accuracy (float64; the last two NaN where the fold was not scored then).
 * - `weights`: name, dtype (text), shape (list), values (list<float32>). Metadata: model (JSON, with all
 *   its values), parameters, source.
 * - `history`: epoch (int32), loss, accuracy, validation_loss, validation_accuracy (float64).
 * - `checkpoint`: state (binary), one row: a fit after some of its epochs (src/tensorflow/checkpoint.ts). Metadata: epoch.
 * - `decisions`: what a search decided, by what: round (int32), params (text, JSON), epochs (int32), mean_test_score
 *   (float64), kept (uint8), reason (text).
 * - `outer-scores`: of a nested search, one row a fold that was left out: fold (int32), params (text, JSON, null where all
 *   diverged), inner_score, score (float64). Metadata: model, metric, rule, strategy.
 * - `predictions`: id, label, predicted (int32), probabilities (tensor [classes] float32).
 * - `metrics`: metric, average, class (text), value (float64), support (int32), low, high (float64, NaN where none).
 * - `confusion`: one row a true class: class (text), counts (tensor [classes] float32).
 * - `calibration`: one row a bin of the highest probability: low, high, confidence, accuracy (float64, the latter two NaN of no
 *   rows), count (int32). Metadata: model, title, on, expected_calibration_error, brier, log_loss.
 * - `refits`: trainings of one model with several seeds: refit (int32, 0 is the one that won), accuracy, macro_f1
 *   (float64, NaN where it diverged). Metadata: model, title.
 * - `timings`: phase (text), seconds (float64), samples (int32), exclusive (uint8).
 * - `table`: any other rows. `blob`: name (text), media_type (text), content (binary).
 */
export const artifactTypes = [
  'samples',
  'split',
  'fold-scores',
  'selection',
  'cv-results',
  'curves',
  'weights',
  'history',
  'checkpoint',
  'decisions',
  'outer-scores',
  'predictions',
  'metrics',
  'confusion',
  'calibration',
  'refits',
  'timings',
  'table',
  'blob',
] as const;

export type ArtifactType = (typeof artifactTypes)[number];
