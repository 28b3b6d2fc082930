import { type ComponentChild, h } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useSize } from './hooks.ts';

interface VirtualRowsProps {
  readonly count: number;
  /** Pixels of a row: all are alike. */
  readonly rowHeight: number;
  readonly class: string;
  /** Attributes of the scrolling element: its role and name. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** A row that must be seen; it is scrolled to when it changes. */
  readonly shown?: number | undefined;
  readonly head?: ComponentChild;
  row(index: number): ComponentChild;
}

/** Rows drawn beyond what is seen, so that scrolling shows no gaps. */
const spare = 8;

/** Rows of which only those are drawn that are seen, however many there are. */
export function VirtualRows(props: VirtualRowsProps): ComponentChild {
  const { count, rowHeight, shown, head } = props;
  const { ref: measured, height } = useSize();
  const scrolling = useRef<HTMLElement | null>(null);
  const ref = useCallback((element: HTMLElement | null) => {
    scrolling.current = element;
    measured(element);
  }, []);
  const [top, setTop] = useState(0);
  useEffect(() => {
    const element = scrolling.current;
    if (element === null || shown === undefined || shown < 0) return;
    const above = shown * rowHeight;
    const room = element.clientHeight - (head === undefined ? 0 : rowHeight * 1.5);
    if (above < element.scrollTop) element.scrollTop = above;
    else if (above + rowHeight > element.scrollTop + room) element.scrollTop = above + rowHeight - room;
  }, [shown, rowHeight]);
  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  const last = Math.min(count, Math.ceil((top + Math.max(height, rowHeight)) / rowHeight) + spare);
  const rows: ComponentChild[] = [];
  for (let index = first; index < last; index++) rows.push(props.row(index));
  return h(
    'div',
    {
      class: `rows ${props.class}`,
      ref,
      onScroll: (event: Event) => setTop((event.currentTarget as HTMLElement).scrollTop),
      ...props.attributes,
    },
    head,
    h('div', { role: 'presentation', style: { height: `${first * rowHeight}px` } }),
    rows,
    h('div', { role: 'presentation', style: { height: `${Math.max(0, count - last) * rowHeight}px` } }),
  );
}
