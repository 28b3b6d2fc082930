import type { Checkpoint } from '../stage/stage-kind.ts';
import { nothingSeen, type StoppingState } from './early-stopping.ts';
import type { EpochScores } from './train.ts';
import type { Trainer, TrainerState } from './trainer.ts';

/**
 * A fit after some epochs: all that the rest of it depends on. Random numbers follow from seed, epoch and step, so the
 * position is their state.
 */
export interface FitPosition {
  readonly epoch: number;
  readonly step: number;
  readonly history: readonly EpochScores[];
  readonly trainingSeconds: number;
  readonly validationSeconds: number;
  readonly scoredSamples: number;
  readonly stopping: StoppingState;
  readonly state: TrainerState;
}

/** Where a fit begins. */
export const atStart = {
  epoch: 0,
  step: 0,
  trainingSeconds: 0,
  validationSeconds: 0,
  scoredSamples: 0,
  stopping: nothingSeen,
} as const;

/** A fit of short epochs need not be kept after each of them: what a kill can cost is this long, … */
const leastSeconds = 1;

/** … or so many times as long as it takes to write a checkpoint. */
const leastShare = 20;

export interface KeepRequest {
  /** Where the fit is kept after its epochs, and found again when it was killed. */
  readonly checkpoint?: Checkpoint;
  /** Least time between two checkpoints; 0 keeps every epoch. Without it, seldom enough to cost little. */
  readonly checkpointSeconds?: number;
  readonly log?: (line: string) => void;
}

/** Keeps a fit after its epochs, and puts the trainer where a killed run left it. */
export function createKeeper(trainer: Trainer, { checkpoint, checkpointSeconds, log }: KeepRequest) {
  let last = performance.now();
  let patience = 1000 * (checkpointSeconds ?? leastSeconds);
  return {
    resume: (): FitPosition | undefined => {
      const bytes = checkpoint?.read();
      const position = bytes === undefined ? undefined : decodePosition(bytes);
      if (position === undefined) return undefined;
      trainer.restore(position.state);
      log?.(`goes on after epoch ${position.epoch}, from its checkpoint`);
      return position;
    },
    keep: (position: Omit<FitPosition, 'state'>): void => {
      const begun = performance.now();
      if (checkpoint === undefined || begun - last < patience) return;
      checkpoint.write(encodePosition({ ...position, state: trainer.state() }));
      last = performance.now();
      if (checkpointSeconds === undefined) patience = Math.max(patience, leastShare * (last - begun));
    },
  };
}

const format = 'pipe.checkpoint/1';

/** Header as JSON, its length before it in four bytes, then the 32-bit floats of all weights and slots. */
export function encodePosition({ state, stopping, ...position }: FitPosition): Uint8Array {
  const { weights: best = [], ...watched } = stopping;
  const slots = state.slots.map((own) => own.map(({ length }) => length));
  const layout = { weights: lengths(state.weights), slots, best: lengths(best) };
  const header = Buffer.from(JSON.stringify({ format, ...position, stopping: watched, layout }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const arrays = [...state.weights, ...state.slots.flat(), ...best];
  return Buffer.concat([
    length,
    header,
    ...arrays.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
  ]);
}

function lengths(arrays: readonly Float32Array[]): number[] {
  return arrays.map(({ length }) => length);
}

/** Reads what `encodePosition` wrote; undefined for another format. */
export function decodePosition(bytes: Uint8Array): FitPosition | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerEnd = 4 + buffer.readUInt32LE(0);
  const header = JSON.parse(buffer.toString('utf8', 4, headerEnd)) as Omit<FitPosition, 'state'> & {
    readonly format: string;
    readonly layout: { readonly weights: number[]; readonly slots: number[][]; readonly best: number[] };
  };
  if (header.format !== format) return undefined;
  let position = headerEnd;
  const take = (length: number): Float32Array => {
    // A copy: floats must begin at a multiple of four bytes.
    const values = new Float32Array(new Uint8Array(bytes.subarray(position, position + 4 * length)).buffer);
    position += 4 * length;
    return values;
  };
  const weights = header.layout.weights.map(take);
  const slots = header.layout.slots.map((own) => own.map(take));
  const best = header.layout.best.map(take);
  const { epoch, step, trainingSeconds, validationSeconds, scoredSamples } = header;
  const history = header.history.map(withNotTaken);
  const stopping = best.length === 0 ? header.stopping : { ...header.stopping, weights: best };
  return {
    epoch,
    step,
    trainingSeconds,
    validationSeconds,
    scoredSamples,
    history,
    stopping,
    state: { weights, slots },
  };
}

/** JSON has no NaN; it stands for scores that were not taken. */
function withNotTaken(scores: EpochScores): EpochScores {
  const entries = Object.entries(scores).map(([name, value]) => [name, value ?? Number.NaN]);
  return Object.fromEntries(entries) as EpochScores;
}
