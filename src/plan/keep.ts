import { listPins } from '../store/pins.ts';
import type { Store } from '../store/store.ts';
import { readRun } from './runs.ts';

/** Fingerprints of all that a run made or used: its stages and the jobs that they fanned out into. */
export function fingerprintsOfRun(store: Store, run: string): Set<string> {
  const found = new Set<string>();
  for (const { fingerprint } of readRun(store.layout, run)?.stages.values() ?? []) {
    found.add(fingerprint);
    for (const part of Object.values(store.readRecord(fingerprint)?.parts?.of ?? {})) found.add(part);
  }
  return found;
}

/** Fingerprints that must stay whole, because their runs are pinned. */
export function pinnedFingerprints(store: Store): Set<string> {
  return new Set(listPins(store.layout).flatMap(({ run }) => [...fingerprintsOfRun(store, run)]));
}
