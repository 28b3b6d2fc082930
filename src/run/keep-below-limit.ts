import type { Emit } from '../events/event.ts';
import { pinnedFingerprints } from '../plan/keep.ts';
import { storedBlobs } from '../store/contents.ts';
import { collectGarbage } from '../store/garbage.ts';
import { storeLimit } from '../store/limit.ts';
import type { Store } from '../store/store.ts';
import { sizeText } from '../util/size.ts';

/** Below the limit by this much after an eviction, so that not every run has to evict. */
const slack = 0.9;

/**
 * Evicts artifacts where the run made the store larger than its limit: never those of this run, of pinned ones or of
 * others that go on.
 */
export function keepBelowLimit(store: Store, used: ReadonlySet<string>, emit: Emit): void {
  const limit = storeLimit(store.layout);
  const size = storedBlobs(store.layout).reduce((sum, blob) => sum + blob.size, 0);
  if (size <= limit) return;
  const keep = new Set([...used, ...pinnedFingerprints(store)]);
  const garbage = collectGarbage(store, { limit: limit * slack, keep, dryRun: false });
  if (garbage === undefined) return;
  const bytes = garbage.before - garbage.after;
  if (bytes > 0) {
    const text = `the store was above its limit of ${sizeText(limit)}: ${sizeText(bytes)} were removed, those that are cheapest to make again`;
    emit({ type: 'notice', level: 'note', text });
  }
  if (garbage.after > limit) {
    const text = `the store takes ${sizeText(garbage.after)}, above its limit of ${sizeText(limit)}: this run and pinned ones need all that is left (pipe gc --limit SIZE --remember sets another limit)`;
    emit({ type: 'notice', level: 'warning', text });
  }
}
