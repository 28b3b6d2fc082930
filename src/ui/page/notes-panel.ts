import { type ComponentChild, h } from 'preact';
import { plural } from '../../terminal/format.ts';
import { addressOf } from './route.ts';
import type { RunModel } from './run-model.ts';

/** Failures that are told one by one; the others are counted. */
const mostFailures = 5;

/** What went wrong, and what people should know. */
export function NotesPanel({ model, run }: { readonly model: RunModel; readonly run: string }): ComponentChild {
  const { failures, notices } = model.state;
  const warnings = notices.filter(({ level }) => level === 'warning');
  if (failures.length === 0 && notices.length === 0) return undefined;
  return h(
    'div',
    { class: 'notes' },
    failures
      .slice(0, mostFailures)
      .map(({ job, stage, failure }) =>
        h(
          'div',
          { class: 'warning failure', role: 'alert', key: job },
          h('strong', {}, h('a', { href: addressOf({ view: 'run', run, stage, job }) }, job), ' failed: '),
          failure.message,
          failure.hint === undefined ? undefined : h('p', {}, failure.hint),
        ),
      ),
    failures.length > mostFailures
      ? h('p', {}, `… and ${plural(failures.length - mostFailures, 'failure')} more`)
      : undefined,
    notices.length === 0
      ? undefined
      : h(
          'details',
          { open: warnings.length > 0 && warnings.length <= 3 },
          h('summary', {}, summaryOf(notices.length - warnings.length, warnings.length)),
          h(
            'ul',
            {},
            notices.map(({ text, level }, index) =>
              h('li', { key: index }, level === 'warning' ? h('strong', {}, 'Warning: ') : undefined, text),
            ),
          ),
        ),
  );
}

function summaryOf(notes: number, warnings: number): string {
  const parts = [warnings > 0 ? plural(warnings, 'warning') : '', notes > 0 ? plural(notes, 'note') : ''];
  return parts.filter((part) => part !== '').join(', ');
}
