import type { TableData } from '../artifact/column.ts';
import type { Artifact } from '../artifact/reader.ts';
import type { Checkpoint } from '../stage/stage-kind.ts';
import { encodePosition, type FitPosition } from './checkpoint.ts';

/**
 * A fit after some of its epochs, as rows of an artifact. Times are left out: the same fit must come to the same bytes, and what
 * the epochs before took is known from the job that ran them.
 */
export function checkpointTable(position: FitPosition): TableData {
  const bytes = encodePosition({ ...position, trainingSeconds: 0, validationSeconds: 0, scoredSamples: 0 });
  return {
    metadata: { epoch: String(position.epoch) },
    columns: [{ name: 'state', kind: 'binary', values: [bytes] }],
  };
}

/** A job's own checkpoint, which is there when it was killed; before the first one that of the fit it goes on from. */
export function goingOn(own: Checkpoint, before: Artifact | undefined): Checkpoint {
  return { read: () => own.read() ?? before?.binaries('state')[0] ?? undefined, write: (bytes) => own.write(bytes) };
}
