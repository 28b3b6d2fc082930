import { type ComponentChild, h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LogPiece } from '../log-piece.ts';
import { getJson } from './request.ts';
import type { JobView } from './run-model.ts';
import { bytesText } from './text.ts';

/** Milliseconds between two looks at a log that grows, and lines that are kept of it. */
const lookEvery = 1000;
const mostLines = 1000;

interface Shown {
  readonly lines: readonly string[];
  readonly skipped: number;
}

/** What a job wrote, its last lines; while it runs, what comes. */
export function LogPanel({ run, job }: { readonly run: string; readonly job: JobView }): ComponentChild {
  const [shown, setShown] = useState<Shown>({ lines: [], skipped: 0 });
  const isLive = job.status === 'running' || job.status === 'retrying';
  const element = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  const next = useRef<number | undefined>(undefined);
  const { job: name, fingerprint, status } = job;
  useEffect(() => {
    if (fingerprint === '') return undefined;
    let isOver = false;
    let timer: number | undefined;
    const look = async (): Promise<void> => {
      const query = new URLSearchParams({ job: name, fingerprint });
      if (status === 'cached') query.set('cached', '');
      if (next.current !== undefined) query.set('from', String(next.current));
      const answer = await getJson<LogPiece>(`/api/runs/${run}/log?${query}`);
      if (isOver) return;
      if (answer.ok) {
        const isFirst = next.current === undefined;
        next.current = answer.value.next;
        const { lines, skipped } = answer.value;
        if (lines.length > 0)
          setShown((before) => ({
            lines: [...before.lines, ...lines].slice(-mostLines),
            skipped: isFirst ? skipped : before.skipped,
          }));
      }
      if (isLive) timer = window.setTimeout(look, lookEvery);
    };
    void look();
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [run, name, fingerprint, status, isLive]);
  useEffect(() => {
    // Whoever has scrolled up reads: then it stays where it is.
    if (element.current !== null && isAtEnd.current) element.current.scrollTop = element.current.scrollHeight;
  }, [shown]);
  return h(
    'div',
    { class: 'log' },
    h('h3', {}, 'Log'),
    shown.skipped > 0 ? h('p', { class: 'soft' }, `${bytesText(shown.skipped)} before it are not shown`) : undefined,
    shown.lines.length === 0
      ? h('p', { class: 'soft' }, isLive ? 'nothing written yet' : 'nothing was written')
      : h(
          'pre',
          {
            ref: element,
            tabIndex: 0,
            'aria-label': `Log of ${name}`,
            onScroll: ({ currentTarget }: Event) => {
              const { scrollTop, scrollHeight, clientHeight } = currentTarget as HTMLElement;
              isAtEnd.current = scrollTop + clientHeight > scrollHeight - 8;
            },
          },
          shown.lines.join('\n'),
        ),
  );
}
