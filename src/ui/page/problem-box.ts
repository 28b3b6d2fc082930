import { type ComponentChild, h } from 'preact';
import type { Problem } from './request.ts';

/** What went wrong, and what would be right. */
export function ProblemBox({ problem, title }: { readonly problem: Problem; readonly title?: string }): ComponentChild {
  return h(
    'div',
    { class: 'warning', role: 'alert' },
    title === undefined ? undefined : h('strong', {}, title),
    h('p', {}, problem.message),
    problem.hint === undefined ? undefined : h('p', {}, problem.hint),
    problem.detail === undefined ? undefined : h('pre', { tabIndex: 0 }, problem.detail),
  );
}
