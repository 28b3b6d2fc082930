import type { StoredFile } from './contents.ts';
import { type JobRecord, secondsOf } from './record.ts';

/** A record with its artifacts in the store. */
export interface Holding {
  readonly record: JobRecord;
  /** When it was used last, in milliseconds since the epoch. */
  readonly used: number;
}

/** A record whose artifacts are to go, and what that frees and costs. */
export interface Eviction {
  readonly record: JobRecord;
  /** Bytes of blobs that no record needs after it. */
  readonly bytes: number;
  /** Computing that it takes to make them again. */
  readonly seconds: number;
}

const halfLife = 30 * 24 * 60 * 60 * 1000;

/**
 * Chooses what to evict until at most `limit` bytes of blobs are left: first what is cheapest to make again per byte
 * that it frees. The worth of a record halves for every 30 days that nobody used it, so that a dear one that nobody
 * wants does not stay for ever (as in Cao and Irani, "Cost-aware WWW proxy caching algorithms", 1997, where ageing does it).
 * Records in `keep` stay, and so do the blobs that they share with others. Pure: nothing is removed here.
 */
export function chooseEvictions(
  holdings: readonly Holding[],
  sizes: ReadonlyMap<string, number>,
  options: { readonly total: number; readonly limit: number; readonly keep: ReadonlySet<string>; readonly now: number },
): Eviction[] {
  const users = new Map<string, number>();
  const digestsOf = (record: JobRecord): string[] => [
    ...new Set(Object.values(record.outputs).map(({ digest }) => digest)),
  ];
  for (const { record } of holdings)
    for (const digest of digestsOf(record)) users.set(digest, (users.get(digest) ?? 0) + 1);
  const shareOf = (digest: string): number => (sizes.get(digest) ?? 0) / (users.get(digest) ?? 1);
  const candidates = holdings
    .filter(({ record }) => !options.keep.has(record.fingerprint))
    .map(({ record, used }) => {
      const bytes = digestsOf(record).reduce((sum, digest) => sum + shareOf(digest), 0);
      const worth = (secondsOf(record) / bytes) * 0.5 ** (Math.max(0, options.now - used) / halfLife);
      return { record, bytes, worth, used };
    })
    .filter(({ bytes }) => bytes > 0)
    .sort((left, right) => left.worth - right.worth || left.used - right.used);
  const evictions: Eviction[] = [];
  let total = options.total;
  for (const { record } of candidates) {
    if (total <= options.limit) break;
    let freed = 0;
    for (const digest of digestsOf(record)) {
      const left = (users.get(digest) ?? 1) - 1;
      users.set(digest, left);
      if (left === 0) freed += sizes.get(digest) ?? 0;
    }
    total -= freed;
    evictions.push({ record, bytes: freed, seconds: secondsOf(record) });
  }
  return evictions;
}

/** Blobs that no record names and that are too old to be those of a job that is just being published. */
export function orphans(blobs: readonly StoredFile[], holdings: readonly Holding[], olderThan: number): StoredFile[] {
  const named = new Set(holdings.flatMap(({ record }) => Object.values(record.outputs).map(({ digest }) => digest)));
  return blobs.filter(({ name, changed }) => !named.has(name) && changed < olderThan);
}
