import { useEffect, useRef, useState } from 'preact/hooks';
import type { RunEvent } from '../../events/event.ts';
import { getJson, type Problem } from './request.ts';
import { emptyRun, end, type RunModel, take } from './run-model.ts';

/** A run that is followed. */
export interface Followed {
  readonly model: RunModel;
  /** Changes with every change of the model, which is changed in place: thousands of jobs are not copied for each event. */
  readonly version: number;
  /** Something of the run is known. */
  readonly isLoaded: boolean;
  /** Why nothing comes at the moment; it is tried again and again. */
  readonly problem: Problem | undefined;
}

/** Milliseconds between two drawings while events come, and between two tries to reach a server that is gone. */
const drawEvery = 150;
const tryEvery = 2000;

/**
 * Follows a run by the server's stream of events.
 *
 *     closed ── page is seen ──▶ open ── end of the run ──▶ over
 *        ▲                        │
 *        ├── page is hidden ──────┤
 *        └── lost, tried again ───┘
 *
 * After a break it is read anew from its beginning. A page that nobody sees lets its stream go: a browser opens six connections to a
 * server at most, and with six tabs in the background the seventh would wait for ever.
 */
export function useRun(run: string): Followed {
  const model = useRef(emptyRun());
  const [followed, setFollowed] = useState<Omit<Followed, 'model'>>({
    version: 0,
    isLoaded: false,
    problem: undefined,
  });
  useEffect(() => {
    const draw = (changes: Partial<Followed>): void =>
      setFollowed((before) => ({ ...before, ...changes, version: before.version + 1 }));
    return follow(run, model, draw);
  }, [run]);
  return { model: model.current, ...followed };
}

/** Follows until the function that it comes back with is called. */
function follow(run: string, model: { current: RunModel }, draw: (changes: Partial<Followed>) => void): () => void {
  let source: EventSource | undefined;
  let drawing: number | undefined;
  let frame: number | undefined;
  let trying: number | undefined;
  let isOver = false;
  let drawn = Number.NEGATIVE_INFINITY;
  const drawSoon = (): void => {
    drawing ??= window.setTimeout(
      () => {
        drawing = undefined;
        drawn = performance.now();
        frame = requestAnimationFrame(() => draw({ isLoaded: true, problem: undefined }));
      },
      Math.max(0, drawn + drawEvery - performance.now()),
    );
  };
  const close = (): void => {
    source?.close();
    source = undefined;
    window.clearTimeout(trying);
  };
  const open = (): void => {
    close();
    // What was drawn stays until something new is there.
    let fresh: RunModel | undefined = emptyRun();
    const current = (): RunModel => {
      if (fresh !== undefined) model.current = fresh;
      fresh = undefined;
      return model.current;
    };
    source = new EventSource(`/api/runs/${run}/events`);
    source.onmessage = ({ data }) => {
      for (const event of JSON.parse(data as string) as RunEvent[]) take(current(), event);
      drawSoon();
    };
    source.addEventListener('end', () => {
      close();
      isOver = true;
      end(current());
      drawSoon();
    });
    source.onerror = () => {
      close();
      void lost();
    };
  };
  // The browser would tell no reason, and not try again where it was refused.
  const lost = async (): Promise<void> => {
    const answer = await getJson<object>(`/api/runs/${run}`);
    if (isOver || document.hidden || source !== undefined) return;
    if (!answer.ok) draw({ problem: answer.problem });
    trying = window.setTimeout(() => (answer.ok ? open() : void lost()), answer.ok ? 0 : tryEvery);
  };
  const see = (): void => {
    if (isOver) return;
    if (document.hidden) close();
    else if (source === undefined) open();
  };
  document.addEventListener('visibilitychange', see);
  if (!document.hidden) open();
  return () => {
    isOver = true;
    close();
    document.removeEventListener('visibilitychange', see);
    window.clearTimeout(drawing);
    if (frame !== undefined) cancelAnimationFrame(frame);
  };
}
