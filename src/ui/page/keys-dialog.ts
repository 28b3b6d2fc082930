import { type ComponentChild, type ComponentChildren, h } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

const keys: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [['h'], 'the list of runs'],
  [['/'], 'filter the list'],
  [['Tab'], 'go on to the next stage, link or button'],
  [['←', '→', '↑', '↓'], 'move in the table of folds'],
  [['Enter'], 'show the job'],
  [['b'], 'best combinations first, or as they began'],
  [['s'], 'stop the run'],
  [['Esc'], 'let the job go; close a dialog'],
  [['?'], 'this list'],
];

/** What keys do. */
export function KeysDialog({ onClose }: { onClose(): void }): ComponentChild {
  return h(
    Dialog,
    { title: 'Keys', onClose },
    h(
      'dl',
      { class: 'keys' },
      keys.map(([names, meaning]) => [
        h(
          'dt',
          {},
          names.map((name) => h('kbd', { key: name }, name)),
        ),
        h('dd', {}, meaning),
      ]),
    ),
  );
}

interface DialogProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  onClose(): void;
}

/** A dialog over the page; Esc closes it, and the focus goes back to where it was. */
export function Dialog({ title, children, onClose }: DialogProps): ComponentChild {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return h(
    'dialog',
    { ref: dialog, 'aria-labelledby': 'dialog-title', onClose },
    h('h2', { id: 'dialog-title' }, title),
    children,
    h('button', { type: 'button', class: 'plain', onClick: () => dialog.current?.close() }, 'Close'),
  );
}
