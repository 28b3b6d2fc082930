import { type ComponentChild, h } from 'preact';
import { useState } from 'preact/hooks';
import { grouped, plural } from '../../terminal/format.ts';
import type { StageState } from '../../terminal/state.ts';
import { useKey } from './hooks.ts';
import { bestFirst, type Matrix, type MatrixRow, meanOf } from './matrix.ts';
import type { JobView } from './run-model.ts';
import { shortScore } from './text.ts';
import { VirtualRows } from './virtual-rows.ts';

interface MatrixPanelProps {
  readonly stage: StageState;
  readonly matrix: Matrix | undefined;
  readonly family: string | undefined;
  /** The job that is looked at. */
  readonly job: string | undefined;
  readonly version: number;
  onJob(name: string): void;
}

const rowHeight = 26;
/** As many shades as the report's heat maps have. */
const shades = 8;

/** The jobs of a stage: a row for each combination, a column for each fold, filling in as they end. */
export function MatrixPanel(props: MatrixPanelProps): ComponentChild {
  const { stage, matrix } = props;
  const [isByScore, setIsByScore] = useState(true);
  const [cursor, setCursor] = useState<readonly [row: number, column: number]>([0, 0]);
  useKey('b', () => setIsByScore((before) => !before));
  if (matrix === undefined || matrix.rows.length === 0) return undefined;
  const rows = isByScore ? bestFirst(matrix.rows) : matrix.rows;
  const known = matrix.rows.reduce((sum, { cells }) => sum + cells.size, 0);
  const isLong = (rows.length + 2) * rowHeight > 420;
  return h(
    'section',
    { class: `matrix ${props.family ?? 'family-0'}`, 'aria-labelledby': 'matrix-title' },
    h(
      'div',
      { class: 'panel-head' },
      h('h2', { id: 'matrix-title' }, stage.id),
      h('p', { class: 'soft' }, summaryOf(stage, matrix, known)),
      h(
        'label',
        {},
        h('input', { type: 'checkbox', checked: isByScore, onChange: () => setIsByScore(!isByScore) }),
        ' best first',
      ),
    ),
    h(VirtualRows, {
      count: rows.length,
      rowHeight,
      class: isLong ? 'grid long' : 'grid',
      shown: cursor[0],
      attributes: {
        role: 'grid',
        'aria-label': `Jobs of ${stage.id}`,
        'aria-rowcount': rows.length + 1,
        onKeyDown: (event: KeyboardEvent) => move(event, cursor, [rows.length, matrix.columns.length], setCursor),
      },
      head: h(Head, { columns: matrix.columns }),
      row: (index) => {
        const row = rows[index];
        if (row === undefined) return h('div', {});
        return h(Row, { ...props, key: row.label, matrix, row, index, cursor, onCursor: setCursor });
      },
    }),
  );
}

function summaryOf(stage: StageState, matrix: Matrix, known: number): string {
  const open = stage.jobs - known;
  const told = `${plural(matrix.rows.length, 'combination')}, ${plural(known, 'job')}`;
  return open > 0 && stage.status === 'running' ? `${told}, ${grouped(open)} to come` : told;
}

function Head({ columns }: { readonly columns: readonly string[] }): ComponentChild {
  return h(
    'div',
    { role: 'rowgroup', class: 'head' },
    h(
      'div',
      { role: 'row', class: 'row' },
      h('span', { role: 'columnheader', class: 'label' }, 'combination'),
      columns.map((column) => h('span', { role: 'columnheader', class: 'cell', key: column }, column || 'job')),
      h('span', { role: 'columnheader', class: 'mean' }, 'mean'),
    ),
  );
}

interface RowProps extends MatrixPanelProps {
  readonly matrix: Matrix;
  readonly row: MatrixRow;
  readonly index: number;
  readonly cursor: readonly [number, number];
  onCursor(at: readonly [number, number]): void;
}

function Row({ matrix, row, index, cursor, job: selected, onJob, onCursor }: RowProps): ComponentChild {
  const mean = meanOf(row);
  return h(
    'div',
    { role: 'row', class: 'row', 'aria-rowindex': index + 2 },
    h('span', { role: 'rowheader', class: 'label', title: row.label }, row.label || 'all defaults'),
    matrix.columns.map((column, place) => {
      const job = row.cells.get(column);
      const isCursor = cursor[0] === index && cursor[1] === place;
      const attributes = {
        role: 'gridcell',
        key: column,
        tabIndex: isCursor ? 0 : -1,
        ref: (element: HTMLElement | null) => {
          // The cursor has moved within the table: the focus goes along.
          if (isCursor && element !== null && document.activeElement?.closest('.grid') === element.closest('.grid'))
            element.focus({ preventScroll: true });
        },
      };
      if (job === undefined)
        return h('span', { ...attributes, class: 'cell open' }, '·', h('span', { class: 'unseen' }, ' not begun'));
      return h(
        'span',
        {
          ...attributes,
          class: `cell cell-${job.status} ${shadeOf(matrix, job)}${job.job === selected ? ' selected' : ''}`,
          title: `${job.job}\n${labelOf(job)}`,
          onClick: () => {
            onCursor([index, place]);
            onJob(job.job);
          },
          onKeyDown: (event: KeyboardEvent) => {
            if (event.key === 'Enter' || event.key === ' ') {
              event.preventDefault();
              onJob(job.job);
            }
          },
        },
        textOf(job),
        h('span', { class: 'unseen' }, `, ${spokenOf(job)}`),
        job.status === 'running'
          ? h('span', { class: 'meter' }, h('span', { style: { width: `${(job.fraction ?? 0) * 100}%` } }))
          : undefined,
      );
    }),
    h('span', { role: 'gridcell', class: 'mean' }, mean === undefined ? '' : shortScore(mean)),
  );
}

function textOf({ status, score, fraction }: JobView): string {
  switch (status) {
    case 'done':
    case 'cached':
      return score === undefined ? '✔' : shortScore(score);
    case 'failed':
      return '✖';
    case 'running':
      return score === undefined ? `${Math.round((fraction ?? 0) * 100)} %` : shortScore(score);
    case 'retrying':
      return '↻';
    case 'stopped':
      return '■';
    case 'waiting':
      return '…';
  }
}

function labelOf(job: JobView): string {
  const score = job.score === undefined ? [] : [`score ${job.score.toFixed(4)}`];
  return [...score, spokenOf(job)].join(', ');
}

/** What a cell does not show as text: its state by its colour, how far it is by its bar. */
function spokenOf({ status, note, finding }: JobView): string {
  const texts = [status, status === 'running' ? note : undefined, finding];
  return texts.filter((text) => text !== undefined && text !== '').join(', ');
}

/** The better the darker, from the worst to the best of the stage so far. */
function shadeOf({ low, high }: Matrix, { score, status }: JobView): string {
  if (score === undefined || !Number.isFinite(score) || (status !== 'done' && status !== 'cached')) return '';
  const share = high > low ? (score - low) / (high - low) : 1;
  return `shade-${Math.min(shades - 1, Math.floor(share * shades))}`;
}

/** Arrow keys, Home, End and the page keys move the cursor, as in every grid. */
function move(
  event: KeyboardEvent,
  [row, column]: readonly [number, number],
  [rows, columns]: readonly [number, number],
  set: (at: readonly [number, number]) => void,
): void {
  const page = 12;
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    Home: [row, 0],
    End: [row, columns - 1],
    PageUp: [row - page, column],
    PageDown: [row + page, column],
  };
  const next = steps[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const within = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
  set([within(next[0], rows), within(next[1], columns)]);
}
