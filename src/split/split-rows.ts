import { failure } from '../errors/failure.ts';
import { createRandom } from '../util/random.ts';
import { err, ok, type Result } from '../util/result.ts';
import { foldGroups, foldRows, pickGroups, pickRows } from './assign.ts';

export type Role = 'train' | 'validation' | 'test';

export interface SplitRequest {
  /** Share below 1, a number of rows, or the source's own test partition. */
  readonly test: number | 'partition';
  readonly validation: number;
  readonly folds: number;
  readonly stratify: boolean;
  readonly labels: ArrayLike<number>;
  readonly partition: readonly (string | null)[];
  /** Rows of one group stay together. */
  readonly groups?: ArrayLike<number>;
  readonly seed: number;
}

export interface RowRoles {
  readonly role: Role[];
  /** -1 for rows outside the folds. */
  readonly fold: Int32Array;
}

/** Rows that a share or a number stands for. */
function rowCount(wanted: number, available: number): number {
  return wanted < 1 ? Math.round(wanted * available) : wanted;
}

function without(rows: Int32Array, taken: Int32Array): Int32Array {
  const gone = new Set(taken);
  return rows.filter((row) => !gone.has(row));
}

/** Gives each row its role and each training row its fold. Asking for more rows than there are is a failure. */
export function splitRows(request: SplitRequest): Result<RowRoles> {
  const total = request.labels.length;
  const all = Int32Array.from({ length: total }, (_, row) => row);
  const labels = request.stratify ? request.labels : undefined;
  const { groups } = request;
  const pick = (rows: Int32Array, count: number, purpose: string): Int32Array => {
    const random = createRandom(request.seed, purpose);
    return groups === undefined ? pickRows(rows, count, labels, random) : pickGroups(rows, count, groups, random);
  };
  const test = request.test === 'partition' ? all.filter((row) => request.partition[row] === 'test') : undefined;
  if (test?.length === 0)
    return err(
      failure('split-partition', 'the source has no test partition', {
        hint: 'give test: a share (0.2) or a number of rows',
      }),
    );
  const testCount = test?.length ?? rowCount(request.test as number, total);
  const validationCount = rowCount(request.validation, Math.max(0, total - testCount));
  const training = total - testCount - validationCount;
  if (training < request.folds) {
    const message = `${total} rows cannot give ${testCount} test rows, ${validationCount} validation rows and ${request.folds} folds`;
    return err(failure('split-size', message, { hint: 'ask for fewer test or validation rows, or ingest more' }));
  }
  const testRows = test ?? pick(all, testCount, 'test');
  const rest = without(all, testRows);
  const validationRows = pick(rest, validationCount, 'validation');
  const trainRows = without(rest, validationRows);
  const random = createRandom(request.seed, 'folds');
  const folds =
    groups === undefined
      ? foldRows(trainRows, request.folds, labels, random)
      : foldGroups(trainRows, request.folds, groups, random);
  if (new Set(folds).size < request.folds) {
    return err(
      failure('split-folds', `the training rows fill only ${new Set(folds).size} of ${request.folds} folds`, {
        hint: 'ask for fewer folds',
      }),
    );
  }
  const role = new Array<Role>(total).fill('train');
  for (const row of testRows) role[row] = 'test';
  for (const row of validationRows) role[row] = 'validation';
  const fold = new Int32Array(total).fill(-1);
  trainRows.forEach((row, index) => {
    fold[row] = folds[index] as number;
  });
  return ok({ role, fold });
}
