import type { UntimedEvent } from '../events/event.ts';

/** A line of a pilot's journal: what it tells the runs that it works for. */
export type PilotLine = { readonly at: number } /** Something happened to a task. */ & (
  | { readonly type: 'task'; readonly name: string; readonly fingerprint: string; readonly event: UntimedEvent }
  /** A task found its result there already. */
  | { readonly type: 'made'; readonly name: string; readonly fingerprint: string }
  /** An attempt made no result; its outcome says why. */
  | { readonly type: 'failed'; readonly name: string; readonly fingerprint: string }
  /** A task was given back unfinished: it can go on from its checkpoint, in another pilot. */
  | { readonly type: 'returned'; readonly name: string; readonly fingerprint: string; readonly reason: ReturnReason }
  /** Something of the pilot itself: its worker processes, setting up TensorFlow, a notice. */
  | { readonly type: 'pilot'; readonly event: UntimedEvent }
  | { readonly type: 'ended'; readonly reason: string }
);

type WithoutTime<Line> = Line extends unknown ? Omit<Line, 'at'> : never;

/** A line before the clock was read. */
export type UntimedPilotLine = WithoutTime<PilotLine>;

/** Why a task was given back: the pilot's time is up, the cluster wants the node, or nobody wants the job any more. */
export type ReturnReason = 'time' | 'stopped' | 'cancelled';

/** A line as it was read; undefined where it is none. */
export function parsePilotLine(text: string): PilotLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<PilotLine>;
    return typeof line.type === 'string' && typeof line.at === 'number' ? (line as PilotLine) : undefined;
  } catch {
    return undefined;
  }
}
