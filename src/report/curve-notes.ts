import type { Epoch } from './study.ts';

/** What a learning curve says about the number of epochs. */
export type CurveNote =
  | { readonly kind: 'still-improving'; readonly epochs: number }
  | { readonly kind: 'overfitting'; readonly best: number; readonly epochs: number; readonly rise: number };

/** A validation loss that ends this much above its lowest value is called overfitting. */
const noteworthyRise = 0.05;

/**
 * Compares the validation loss at the end with its lowest value: lowest in the last of at least three epochs means
 * that training could have gone on; an end well above it means that it went on too long. Otherwise undefined.
 */
export function curveNote(history: readonly Epoch[]): CurveNote | undefined {
  const measured = history.filter((one) => Number.isFinite(one.validationLoss));
  const last = measured[measured.length - 1];
  if (last === undefined || measured.length < 3) return undefined;
  const best = measured.reduce((low, one) => (one.validationLoss < low.validationLoss ? one : low));
  if (best === last) return { kind: 'still-improving', epochs: measured.length };
  const rise = last.validationLoss / best.validationLoss - 1;
  if (rise < noteworthyRise) return undefined;
  return { kind: 'overfitting', best: measured.indexOf(best) + 1, epochs: measured.length, rise };
}
