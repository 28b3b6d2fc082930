import { type ComponentChild, h } from 'preact';
import { useState } from 'preact/hooks';
import { grouped, plural } from '../../terminal/format.ts';
import type { RunArtifact } from '../run-artifacts.ts';
import { useJson } from './hooks.ts';
import { ProblemBox } from './problem-box.ts';
import { addressOf, type Route } from './route.ts';
import { SqlPanel } from './sql-panel.ts';
import { bytesText } from './text.ts';

type ArtifactsRoute = Extract<Route, { view: 'artifacts' }>;

/** All that a run made: artifacts to look at, and SQL over them. */
export function ArtifactsView({ route: { run } }: { readonly route: ArtifactsRoute }): ComponentChild {
  const { value, problem } = useJson<readonly RunArtifact[]>(`/api/runs/${run}/artifacts`);
  const [words, setWords] = useState('');
  const artifacts = (value ?? []).filter((artifact) => fits(artifact, words));
  const bytes = (value ?? []).reduce((sum, { size }) => sum + size, 0);
  return h(
    'main',
    { id: 'content', class: 'artifacts-view' },
    h(
      'div',
      { class: 'title' },
      h('h1', {}, 'Artifacts'),
      h(
        'p',
        { class: 'soft facts' },
        value === undefined ? '' : `${plural(value.length, 'artifact')}, ${bytesText(bytes)}`,
      ),
      h('input', {
        type: 'search',
        placeholder: 'Filter',
        'aria-label': 'Filter the artifacts by stage, output or type',
        value: words,
        onInput: (event: Event) => setWords((event.currentTarget as HTMLInputElement).value),
      }),
    ),
    problem === undefined ? undefined : h(ProblemBox, { problem }),
    h(
      'div',
      { class: 'beside' },
      value !== undefined && artifacts.length === 0
        ? h(
            'p',
            { role: 'status' },
            value.length === 0 ? 'No stage of this run has ended yet.' : `No artifact fits “${words}”.`,
          )
        : h(ArtifactTable, { artifacts, run }),
      value === undefined || value.length === 0 ? undefined : h(SqlPanel, { run }),
    ),
  );
}

function fits({ stage, slot, type }: RunArtifact, words: string): boolean {
  const text = `${stage} ${slot} ${type}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const heads = ['Stage', 'Output', 'Type', 'Rows', 'Size'];

function ArtifactTable({
  artifacts,
  run,
}: {
  readonly artifacts: readonly RunArtifact[];
  readonly run: string;
}): ComponentChild {
  return h(
    'div',
    { class: 'scroll list', tabIndex: 0, role: 'group', 'aria-label': 'Artifacts of the run' },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          heads.map((text, place) => h('th', { scope: 'col', key: text, class: place > 2 ? 'number' : '' }, text)),
        ),
      ),
      h(
        'tbody',
        {},
        artifacts.map(({ stage, slot, type, rows, size, digest, isThere }) =>
          h(
            'tr',
            { key: `${stage}\n${slot}` },
            h('td', {}, h('a', { href: addressOf({ view: 'run', run, stage }) }, stage)),
            h(
              'td',
              {},
              isThere
                ? h('a', { href: addressOf({ view: 'artifact', digest, run, name: `${stage}.${slot}` }) }, slot)
                : h('span', { class: 'soft' }, `${slot} (not kept)`),
            ),
            h('td', { class: 'soft' }, type),
            h('td', { class: 'number' }, grouped(rows)),
            h('td', { class: 'number' }, bytesText(size)),
          ),
        ),
      ),
    ),
  );
}
