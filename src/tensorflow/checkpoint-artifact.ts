import type { TableData } from '../artifact/column.ts';
import type { Artifact } from '../artifact/reader.ts';
import type { Checkpoint } from '../stage/stage-kind.ts';
import { decodePosition, encodePosition, type FitPosition } from './checkpoint.ts';

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

/** Larger fits are not kept for longer ones: weights and slots of many of them would fill the store. */
const largestShared = 32 * 2 ** 20;

/**
 * A job's own checkpoint, which is there when it was killed; before the first one that of the fit it goes on from, or of one that
 * differs from it in its number of epochs only and has no more of them than it wants.
 */
export function goingOn(own: Checkpoint, before: Artifact | undefined, epochs: number): Checkpoint {
  const shared = (): Uint8Array | undefined => {
    const bytes = own.shared?.read();
    return epochOf(bytes) <= epochs ? bytes : undefined;
  };
  return {
    // Times are those of all epochs in a shared one; what a fit before took is counted with that fit.
    read: () => own.read() ?? (before === undefined ? shared() : (before.binaries('state')[0] ?? undefined)),
    write: (bytes) => own.write(bytes),
  };
}

function epochOf(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? 0 : (decodePosition(bytes)?.epoch ?? 0);
}

/** Keeps a fit after its last epoch, for fits that differ from it in having more; one that went further stays. */
export function leaveBehind(own: Checkpoint, position: FitPosition | undefined): void {
  if (own.shared === undefined || position === undefined) return;
  const floats = [...position.state.weights, ...position.state.slots.flat()].reduce(
    (sum, { length }) => sum + length,
    0,
  );
  if (4 * floats > largestShared || epochOf(own.shared.read()) >= position.epoch) return;
  own.shared.write(encodePosition(position));
}
