import { useEffect, useRef, useState } from 'preact/hooks';
import { type Answer, getJson, type Problem } from './request.ts';

/** Something that is asked for. */
export interface Asked<Value> {
  readonly value: Value | undefined;
  readonly problem: Problem | undefined;
}

/** Asks for JSON, again when the path changes; undefined asks for nothing. With `every`, again after so many milliseconds while the page is seen. */
export function useJson<Value>(path: string | undefined, every?: number): Asked<Value> {
  const [asked, setAsked] = useState<Asked<Value> & { readonly path: string | undefined }>({
    path: undefined,
    value: undefined,
    problem: undefined,
  });
  useEffect(() => {
    if (path === undefined) return undefined;
    let isOver = false;
    let timer: number | undefined;
    let last = '';
    const show = (answer: Answer<Value>): void => {
      const text = JSON.stringify(answer);
      // What is the same is not drawn again.
      if (isOver || text === last) return;
      last = text;
      setAsked((before) =>
        answer.ok
          ? { path, value: answer.value, problem: undefined }
          : { path, value: before.path === path ? before.value : undefined, problem: answer.problem },
      );
    };
    const look = async (): Promise<void> => {
      if (!document.hidden || last === '') show(await getJson<Value>(path));
      if (every !== undefined && !isOver) timer = window.setTimeout(look, every);
    };
    void look();
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [path, every]);
  return asked.path === path ? asked : { value: undefined, problem: undefined };
}

/** The time, in milliseconds since the epoch, as often as it is asked to tick; undefined stands still. */
export function useNow(every: number | undefined): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (every === undefined) return undefined;
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), every);
    return () => window.clearInterval(timer);
  }, [every]);
  return now;
}

/** The size of an element, as it changes; 0 while there is none. `ref` is given to the element. */
export function useSize(): {
  readonly ref: (element: HTMLElement | null) => void;
  readonly width: number;
  readonly height: number;
} {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (element === null) return undefined;
    const measure = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return { ref: setElement, ...size };
}

/** Listens for a key anywhere on the page, unless it is meant for a field. */
export function useKey(key: string, action: () => void): void {
  const current = useRef(action);
  current.current = action;
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const { target } = event;
      const isField = target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, select');
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || (isField && key !== 'Escape')) return;
      // A dialog has its own keys: Esc closes it, which must not be prevented.
      if (document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      current.current();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [key]);
}
