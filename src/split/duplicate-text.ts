import type { Duplicates } from './duplicates.ts';

/** What duplicates mean for the scores, in words; undefined where there are none. */
export function duplicateText({ test, validation, folds }: Duplicates): string | undefined {
  const parts = [
    [test, 'of the test rows', 'a row that is trained on'],
    [validation, 'of the validation rows', 'a training row'],
    [folds, 'of the training rows', 'one in another fold'],
  ] as const;
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, of, what]) => `${count} ${of} equal${count === 1 ? 's' : ''} ${what}`);
  return said.length === 0 ? undefined : `duplicates: ${said.join(', ')}`;
}
