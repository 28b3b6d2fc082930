import { type ComponentChild, h } from 'preact';
import type { ListedRun } from '../../history/run-list.ts';
import { useJson } from './hooks.ts';
import { ProblemBox } from './problem-box.ts';
import { addressOf, type Route } from './route.ts';

type CompareRoute = Extract<Route, { view: 'compare' }>;

/**
 * Two runs compared. The diff is a document of its own, the same as `pipe diff --html` writes: it stands in a frame that is a page of
 * another origin without scripts, so that its own style holds there, and nothing in it can do anything here.
 */
export function CompareView({ route: { before, after } }: { readonly route: CompareRoute }): ComponentChild {
  const { value: list } = useJson<{ readonly runs: readonly ListedRun[] }>('/api/runs');
  const { value, problem } = useJson<{ readonly isSame: boolean; readonly document: string }>(
    `/api/compare?${new URLSearchParams({ a: before, b: after })}`,
  );
  const nameOf = (id: string): string => {
    const run = list?.runs.find((one) => one.id === id);
    return run === undefined ? id.slice(-8) : `${run.pipeline} @${run.number}`;
  };
  const link = (side: string, id: string): ComponentChild =>
    h('a', { href: addressOf({ view: 'run', run: id }), title: id }, `${side}: ${nameOf(id)}`);
  return h(
    'main',
    { id: 'content', class: 'compare-view' },
    h(
      'div',
      { class: 'title' },
      h('h1', {}, 'Compare'),
      h('p', { class: 'facts' }, link('A', before), ' and ', link('B', after)),
      h('p', { class: 'soft', role: 'status' }, statusOf(value?.isSame, problem !== undefined)),
      h('a', { class: 'button', href: addressOf({ view: 'compare', before: after, after: before }) }, 'Swap'),
    ),
    problem === undefined ? undefined : h(ProblemBox, { problem }),
    value === undefined
      ? undefined
      : h('iframe', { src: value.document, sandbox: '', title: 'What differs between A and B', class: 'document' }),
  );
}

function statusOf(isSame: boolean | undefined, isRefused: boolean): string {
  if (isRefused) return '';
  if (isSame === undefined) return 'comparing …';
  return isSame ? 'the results are the same' : 'the results differ';
}
