import { type ComponentChild, h } from 'preact';

/** A sign for each state, told apart by its form and not by its colour alone. */
const signs: Readonly<Record<string, string>> = {
  waiting: '○',
  running: '▶',
  retrying: '↻',
  done: '✔',
  cached: '✔',
  failed: '✖',
  skipped: '–',
  stopped: '■',
  interrupted: '■',
  killed: '✖',
};

const words: Readonly<Record<string, string>> = { skipped: 'not run', retrying: 'tried again soon' };

/** A state as a sign and a word. */
export function Status({ of }: { readonly of: string }): ComponentChild {
  return h(
    'span',
    { class: `status status-${of}` },
    h('span', { class: 'sign', 'aria-hidden': 'true' }, signs[of] ?? '?'),
    words[of] ?? of,
  );
}

/** The sign alone, where the word is said otherwise. */
export function Sign({ of }: { readonly of: string }): ComponentChild {
  return h('span', { class: `sign status-${of}`, 'aria-hidden': 'true' }, signs[of] ?? '?');
}
