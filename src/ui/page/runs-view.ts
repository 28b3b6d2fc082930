import { type ComponentChild, h } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { ListedRun } from '../../history/run-list.ts';
import { duration, grouped, plural } from '../../terminal/format.ts';
import { useJson, useKey, useNow } from './hooks.ts';
import { ProblemBox } from './problem-box.ts';
import { addressOf } from './route.ts';
import { Status } from './status.ts';
import { agoText } from './text.ts';
import { VirtualRows } from './virtual-rows.ts';

interface RunList {
  readonly store: string;
  readonly runs: readonly ListedRun[];
}

/** Milliseconds between two looks for new runs. */
const lookEvery = 2000;
const rowHeight = 40;

/** All runs of the store, newest first. */
export function RunsView(): ComponentChild {
  const { value, problem } = useJson<RunList>('/api/runs', lookEvery);
  const [words, setWords] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const now = useNow(1000);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  // Of three the one that was chosen first is let go.
  const choose = (id: string): void =>
    setChosen((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id].slice(-2)));
  useKey('/', () => field.current?.focus());
  const runs = (value?.runs ?? []).filter((run) => fits(run, words));
  const list = h(VirtualRows, {
    count: runs.length,
    rowHeight,
    class: 'runs',
    attributes: { role: 'table', 'aria-label': 'Runs', 'aria-rowcount': runs.length + 1 },
    head: h(Head, {}),
    row: (index) => {
      const run = runs[index];
      return run === undefined
        ? h('div', {})
        : h(Row, { key: run.id, run, index, now, isChosen: chosen.includes(run.id), onChoose: choose });
    },
  });
  return h(
    'main',
    { id: 'content', class: 'runs-view' },
    h(
      'div',
      { class: 'title' },
      h('h1', {}, 'Runs'),
      h(
        'p',
        { class: 'soft facts' },
        value === undefined ? '' : `${plural(value.runs.length, 'run')} in ${value.store}`,
      ),
      value !== undefined && value.runs.length > 1 ? h(Compare, { chosen }) : undefined,
      h('input', {
        ref: field,
        type: 'search',
        placeholder: 'Filter ( / )',
        'aria-label': 'Filter the runs by pipeline, profile, state, pin or name',
        value: words,
        onInput: (event: Event) => setWords((event.currentTarget as HTMLInputElement).value),
      }),
    ),
    problem === undefined ? undefined : h(ProblemBox, { problem }),
    value !== undefined && value.runs.length === 0
      ? h('p', {}, 'There is no run in this store yet: ', h('code', {}, 'pipe run FILE'), ' makes one.')
      : list,
    value !== undefined && value.runs.length > 0 && runs.length === 0
      ? h('p', { role: 'status' }, `No run fits “${words}”.`)
      : undefined,
  );
}

/** Leads to the diff of the two runs that are chosen: what the later one has that the earlier has not. */
function Compare({ chosen }: { readonly chosen: readonly string[] }): ComponentChild {
  // The names of runs are in the order of their beginnings.
  const [before, after] = [...chosen].sort();
  if (before !== undefined && after !== undefined)
    return h('a', { class: 'button', href: addressOf({ view: 'compare', before, after }) }, 'Compare the two');
  const text = before === undefined ? 'choose two to compare them' : 'choose another to compare it with';
  return h('p', { class: 'soft', role: 'status' }, text);
}

function fits(run: ListedRun, words: string): boolean {
  const text = [run.pipeline, run.profile, run.status, run.id, ...run.pins].join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const heads = ['Compare', 'No.', 'Pipeline', 'State', 'Began', 'Took', 'Jobs run', 'Cached', 'Saved'];

function Head(): ComponentChild {
  const cells = heads.map((text, place) =>
    h('span', { role: 'columnheader', key: text }, place === 0 ? h('span', { class: 'unseen' }, text) : text),
  );
  return h('div', { role: 'rowgroup', class: 'head' }, h('div', { role: 'row', class: 'row' }, cells));
}

interface RowProps {
  readonly run: ListedRun;
  readonly index: number;
  readonly now: number;
  readonly isChosen: boolean;
  onChoose(id: string): void;
}

function Row({ run, index, now, isChosen, onChoose }: RowProps): ComponentChild {
  const seconds = run.seconds ?? (run.status === 'running' ? (now - run.started) / 1000 : undefined);
  const number = (value: number | undefined): string => (value === undefined ? '' : grouped(value));
  const cell = (content: unknown, more = ''): ComponentChild =>
    h('span', { role: 'cell', class: more }, content as string);
  const saved = run.secondsSaved ?? 0;
  return h(
    'div',
    { role: 'row', class: `row${isChosen ? ' chosen' : ''}`, 'aria-rowindex': index + 2 },
    cell(
      h('input', {
        type: 'checkbox',
        checked: isChosen,
        'aria-label': `Compare run ${run.number}`,
        onChange: () => onChoose(run.id),
      }),
    ),
    cell(`@${run.number}`, 'soft'),
    cell(
      h(
        'a',
        { href: addressOf({ view: 'run', run: run.id }), 'aria-label': `${run.pipeline}, run ${run.number}` },
        h('strong', {}, run.pipeline),
        run.profile === 'default' ? '' : h('span', { class: 'soft' }, ` ${run.profile}`),
        run.pins.map((pin) => h('span', { class: 'pin', key: pin }, pin)),
      ),
      'name',
    ),
    cell(h(Status, { of: run.status })),
    cell(h('time', { dateTime: new Date(run.started).toISOString(), title: run.id }, agoText(run.started, now))),
    cell(seconds === undefined ? '' : duration(seconds), 'number'),
    cell(number(run.jobsRun), 'number'),
    cell(number(run.jobsCached), 'number'),
    cell(saved > 0 ? duration(saved) : '', 'number soft'),
  );
}
