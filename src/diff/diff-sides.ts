import { openArtifact } from '../artifact/reader.ts';
import type { PastRun } from '../plan/runs.ts';
import type { Store } from '../store/store.ts';
import type { DiffSide, OutputDiff } from './run-diff.ts';

/** A run as the head of a diff names it. */
export function sideOf(run: PastRun): DiffSide {
  const profile = run.profile === 'default' ? '' : ` (${run.profile})`;
  return {
    name: run.id,
    pipeline: `${run.pipeline}${profile}`,
    started: new Date(run.started).toISOString().slice(0, 16).replace('T', ' '),
  };
}

/** Opens the two versions of an output; undefined where one is gone. */
export function openerOf(store: Store) {
  return ({ digests: [before, after] }: OutputDiff) => {
    if (before === undefined || after === undefined) return undefined;
    const [one, other] = [before, after].map((digest) => openArtifact(store.layout.blob(digest)));
    return one?.ok === true && other?.ok === true ? { before: one.value, after: other.value } : undefined;
  };
}
