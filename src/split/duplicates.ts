/** Rows whose values are given one by one; the views are read, never kept. */
interface Rows {
  readonly rows: number;
  row(index: number): Uint8Array | Float32Array;
}

/** Where a split has the same sample on both sides of a line that scores rely on. */
export interface Duplicates {
  /** Test rows that equal a training or validation row. */
  readonly test: number;
  /** Validation rows that equal a training row. */
  readonly validation: number;
  /** Training rows that equal a training row of another fold. */
  readonly folds: number;
}

/**
 * Counts samples that are byte for byte the same as one that a model is trained on while they are scored: a hash of each row
 * (FNV-1a, by 32-bit words) finds them, a comparison makes sure.
 */
export function countDuplicates(samples: Rows, role: readonly (string | null)[], fold: ArrayLike<number>): Duplicates {
  const counts = { test: 0, validation: 0, folds: 0 };
  for (const equal of equalRows(samples)) {
    const among = (wanted: string): number[] => equal.filter((row) => role[row] === wanted);
    const [train, validation, test] = [among('train'), among('validation'), among('test')];
    if (train.length + validation.length > 0) counts.test += test.length;
    if (train.length > 0) counts.validation += validation.length;
    if (new Set(train.map((row) => fold[row])).size > 1) counts.folds += train.length;
  }
  return counts;
}

/** Groups of at least two rows that are equal. */
function equalRows(samples: Rows): number[][] {
  const byHash = new Map<number, number[]>();
  for (let row = 0; row < samples.rows; row++) {
    const hash = hashOf(bytesOf(samples.row(row)));
    const same = byHash.get(hash);
    if (same === undefined) byHash.set(hash, [row]);
    else same.push(row);
  }
  return [...byHash.values()].filter((rows) => rows.length > 1).flatMap((rows) => trulyEqual(samples, rows));
}

/** Rows of one hash, divided by what they really hold. */
function trulyEqual(samples: Rows, rows: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const row of rows) {
    const bytes = bytesOf(samples.row(row));
    const group = groups.find(([first]) => bytes.equals(bytesOf(samples.row(first as number))));
    if (group === undefined) groups.push([row]);
    else group.push(row);
  }
  return groups.filter((group) => group.length > 1);
}

function bytesOf(values: Uint8Array | Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

function hashOf(bytes: Buffer): number {
  let hash = 0x811c9dc5;
  const words = bytes.length - (bytes.length % 4);
  for (let at = 0; at < words; at += 4) hash = Math.imul(hash ^ bytes.readInt32LE(at), 0x01000193);
  for (let at = words; at < bytes.length; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash;
}
