import { statSync } from 'node:fs';
import { readRun } from '../plan/runs.ts';
import type { StoredOutput } from '../store/record.ts';
import type { Store } from '../store/store.ts';

/** An artifact of a run in the list of all of them. */
export interface RunArtifact extends StoredOutput {
  /** Stage instance, and the output's name. */
  readonly stage: string;
  readonly slot: string;
  /** Its file is there, with the right size; its digest is checked when it is opened. */
  readonly isThere: boolean;
}

/** What the stages of a run made, in the order in which they ended; of a run that goes on, what there is so far. */
export function artifactsOfRun(store: Store, run: string): RunArtifact[] {
  const stages = readRun(store.layout, run)?.stages ?? new Map<string, { readonly fingerprint: string }>();
  return [...stages].flatMap(([stage, { fingerprint }]) =>
    Object.entries(store.readRecord(fingerprint)?.outputs ?? {}).map(([slot, output]) => ({
      ...output,
      stage,
      slot,
      isThere: statSync(store.layout.blob(output.digest), { throwIfNoEntry: false })?.size === output.size,
    })),
  );
}
