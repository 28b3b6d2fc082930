import { type ComponentChild, h } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from './keys-dialog.ts';
import { ProblemBox } from './problem-box.ts';
import { type Problem, postJson } from './request.ts';

interface StopDialogProps {
  readonly run: string;
  onClose(): void;
}

/** Asks how a run is to be stopped, and stops it. */
export function StopDialog({ run, onClose }: StopDialogProps): ComponentChild {
  const [problem, setProblem] = useState<Problem>();
  const stop = async (how: 'soon' | 'now'): Promise<void> => {
    const answer = await postJson(`/api/runs/${run}/stop`, { how });
    if (answer.ok) onClose();
    else setProblem(answer.problem);
  };
  return h(Dialog, { title: 'Stop the run?', onClose }, [
    h('p', { key: 'kept' }, 'What is done is kept: the next run goes on from there.'),
    problem === undefined ? undefined : h(ProblemBox, { key: 'problem', problem }),
    h(
      'p',
      { key: 'choices', class: 'choices' },
      h('button', { type: 'button', onClick: () => stop('soon') }, 'Finish running jobs, then stop'),
      h('button', { type: 'button', onClick: () => stop('now') }, 'Stop at once'),
    ),
  ]);
}
