import { type ComponentChild, h } from 'preact';
import type { Cell } from '../../artifact/table-view.ts';
import { bytesText, numberText } from './text.ts';

interface CellTableProps {
  /** What the table is, for those who do not see it. */
  readonly label: string;
  readonly columns: readonly { readonly name: string; readonly type?: string }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Characters of a text that stands in one line. */
const longText = 60;

/** Rows of an artifact, or of an answer. */
export function CellTable({ label, columns, rows }: CellTableProps): ComponentChild {
  // A column of numbers has its name above them.
  const isNumber = columns.map((_, place) => rows.length > 0 && rows.every((row) => typeof row[place] === 'number'));
  return h(
    'div',
    { class: 'scroll', tabIndex: 0, role: 'group', 'aria-label': label },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map(({ name, type }, place) =>
            h(
              'th',
              { scope: 'col', key: place, class: isNumber[place] === true ? 'number' : '' },
              name,
              type === undefined ? undefined : h('span', { class: 'type' }, type),
            ),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((cells, index) =>
          h(
            'tr',
            { key: index },
            cells.map((cell, place) => h(CellData, { cell, key: place })),
          ),
        ),
      ),
    ),
  );
}

function CellData({ cell }: { readonly cell: Cell }): ComponentChild {
  if (cell === null) return h('td', { class: 'soft' }, '–');
  if (typeof cell === 'number') return h('td', { class: 'number' }, numberText(cell));
  if (typeof cell === 'string') return h('td', { class: cell.length > longText ? 'long' : '' }, cell);
  if ('bytes' in cell) return h('td', { class: 'soft' }, bytesText(cell.bytes));
  const more = cell.length > cell.values.length ? ' …' : '';
  const values = cell.values.map((value) => (value === null ? '–' : numberText(value))).join(' ');
  return h('td', { class: 'values' }, values + more);
}
