import { createRandom } from '../util/random.ts';
import { hands } from './drawn-packages.ts';

/** Changes whenever the same seed would give other images. */
export const drawnVersion = 1;

/** What the rows are, for people. */
export const drawnTitle = `drawn handwriting (MNIST digits, letters from ${hands.length} open fonts; not EMNIST)`;

/** Names of the 62 classes, in EMNIST ByClass's order. */
export const drawnClasses: readonly string[] = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];

/** Samples of each class in the test split of EMNIST ByClass (Cohen, Afshar, Tapson, van Schaik, 2017): 116,323 in all. */
const emnistCounts: readonly number[] = [
  5778, 6330, 5869, 5969, 5619, 5190, 5705, 6139, 5633, 5686, 1062, 648, 1739, 779, 851, 1440, 447, 521, 2048, 626, 382,
  810, 1485, 1351, 4156, 1397, 413, 809, 3508, 1576, 2002, 796, 806, 432, 798, 464, 1644, 853, 432, 1683, 4092, 400,
  589, 1479, 427, 317, 466, 2535, 464, 1898, 466, 368, 505, 2320, 437, 2965, 482, 468, 467, 470, 381, 451,
];

/** Rows of both partitions together: as many as MNIST's digits allow without one of them coming twice. */
export const mostDrawnRows = 120_000;

/** Rows when the pipeline sets no limit. */
export const usualDrawnRows = 24_000;

/** Every seventh sample of a class is a test sample, as in EMNIST ByClass (116,323 of 814,255). */
const testEvery = 7;

/** What one row shows, before it is drawn. */
export interface DrawnRow {
  /** Position in the sequence of both partitions. */
  readonly id: number;
  readonly label: number;
  readonly partition: 'train' | 'test';
  /** For digits: which one of MNIST's images of this class and partition, in the order of a seeded shuffle. */
  readonly occurrence: number;
  /** For letters: index into `hands`. */
  readonly hand: number;
}

/**
 * The sequence of rows that a seed stands for. Each next class is the one that is furthest behind EMNIST ByClass's
 * share of it, so that every beginning of the sequence has these shares, and longer sequences only append.
 *
 * `rows` are wanted, of `subset` only; fewer come when `mostDrawnRows` ids are used up.
 */
export function planDrawnRows(wanted: { rows: number; subset: 'train' | 'test' | 'all'; seed: number }): DrawnRow[] {
  const total = emnistCounts.reduce((sum, count) => sum + count, 0);
  const drawn = emnistCounts.map(() => 0);
  const planned: DrawnRow[] = [];
  for (let id = 0; id < mostDrawnRows && planned.length < wanted.rows; id++) {
    const label = furthestBehind(drawn, id + 1, total);
    const before = drawn[label] as number;
    drawn[label] = before + 1;
    const tested = Math.floor((before + label) / testEvery) - Math.floor(label / testEvery);
    const partition = (before + label) % testEvery === testEvery - 1 ? 'test' : 'train';
    if (wanted.subset !== 'all' && wanted.subset !== partition) continue;
    const occurrence = partition === 'test' ? tested : before - tested;
    planned.push({ id, label, partition, occurrence, hand: handOf(wanted.seed, id, partition) });
  }
  return planned;
}

function furthestBehind(drawn: readonly number[], rows: number, total: number): number {
  let furthest = 0;
  let largestLag = Number.NEGATIVE_INFINITY;
  for (let label = 0; label < drawn.length; label++) {
    const lag = ((emnistCounts[label] as number) * rows) / total - (drawn[label] as number);
    if (lag > largestLag) {
      largestLag = lag;
      furthest = label;
    }
  }
  return furthest;
}

function handOf(seed: number, id: number, partition: 'train' | 'test'): number {
  const candidates = hands.flatMap((hand, index) => (hand.heldOut === (partition === 'test') ? [index] : []));
  return candidates[createRandom(seed, 'drawn hand', id).below(candidates.length)] as number;
}
