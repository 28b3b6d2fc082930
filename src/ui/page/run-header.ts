import { type ComponentChild, h } from 'preact';
import { useState } from 'preact/hooks';
import { duration, grouped, plural } from '../../terminal/format.ts';
import type { RunState } from '../../terminal/state.ts';
import { runSecondsLeft, stageFraction } from '../../terminal/time-left.ts';
import { useKey, useNow } from './hooks.ts';
import { ProblemBox } from './problem-box.ts';
import { type Problem, postJson } from './request.ts';
import { addressOf } from './route.ts';
import type { RunModel } from './run-model.ts';
import { Status } from './status.ts';
import { StopDialog } from './stop-dialog.ts';
import type { Followed } from './use-run.ts';

interface RunHeaderProps {
  readonly run: string;
  readonly followed: Followed;
}

/** What run it is, how far it is, and what can be done with it. */
export function RunHeader({ run, followed: { model, problem } }: RunHeaderProps): ComponentChild {
  const { state, over } = model;
  const now = useNow(over ? undefined : 1000);
  const [isStopping, setIsStopping] = useState(false);
  const canStop = !over && problem === undefined;
  useKey('s', () => setIsStopping(canStop));
  const { started } = state;
  const profile = started === undefined || started.profile === 'default' ? '' : started.profile;
  return h(
    'div',
    { class: 'run-header' },
    h(
      'div',
      { class: 'title' },
      h('h1', {}, started?.pipeline ?? run, profile === '' ? undefined : h('span', { class: 'soft' }, ` ${profile}`)),
      h(Status, { of: statusOf(model) }),
      h('p', { class: 'soft facts', role: 'status' }, factsOf(model, now).join(' · ')),
      h('a', { class: 'button', href: addressOf({ view: 'artifacts', run }) }, 'Artifacts'),
      canStop
        ? h('button', { type: 'button', onClick: () => setIsStopping(true) }, 'Stop …')
        : h(Again, { run, model }),
    ),
    h(Bar, { state, over }),
    isStopping ? h(StopDialog, { run, onClose: () => setIsStopping(false) }) : undefined,
  );
}

/** How the run stands, in one word. */
export function statusOf({ state, over }: RunModel): string {
  return state.finished?.status ?? (over ? 'killed' : 'running');
}

function factsOf({ state, over }: RunModel, now: number): string[] {
  const { finished, startedAt = now } = state;
  const jobs = jobCounts(state);
  if (finished !== undefined) {
    const { jobsRun, jobsCached, secondsSaved, seconds } = finished;
    const saved = secondsSaved > 0 ? `, ${duration(secondsSaved)} saved` : '';
    return [`took ${duration(seconds)}`, `${plural(jobsRun, 'job')} run`, `${grouped(jobsCached)} cached${saved}`];
  }
  if (over) return [`it was killed; run the pipeline again to go on from there`];
  const left = runSecondsLeft(state, now);
  return [
    duration(Math.max(0, (now - startedAt) / 1000)),
    `${grouped(jobs.done)} of ${plural(jobs.all, 'job')}`,
    ...(left === undefined ? [] : [`about ${duration(left)} left`]),
    ...(state.setUp === undefined ? [] : [`setting up: ${state.setUp.step}`]),
  ];
}

function jobCounts(state: RunState): { readonly done: number; readonly all: number } {
  let done = 0;
  let all = 0;
  for (const stage of state.stages.values()) {
    all += stage.jobs;
    done +=
      stage.status === 'done' || stage.status === 'cached' ? stage.jobs : Math.min(stage.finishedJobs, stage.jobs);
  }
  return { done, all };
}

function Bar({ state, over }: { readonly state: RunState; readonly over: boolean }): ComponentChild {
  if (over) return undefined;
  const stages = [...state.stages.values()];
  const fraction = stages.reduce(
    (sum, stage) => sum + (isOver(stage.status) ? 1 : stageFraction(stage)) * stage.jobs,
    0,
  );
  const jobs = stages.reduce((sum, stage) => sum + stage.jobs, 0);
  return h('progress', { value: jobs === 0 ? 0 : fraction / jobs, max: 1, 'aria-label': 'How far the run is' });
}

function isOver(status: string): boolean {
  return status === 'done' || status === 'cached';
}

/** Begins such a run again: where it did not reach its end, what is missing is made. */
function Again({ run, model }: { readonly run: string; readonly model: RunModel }): ComponentChild {
  const [problem, setProblem] = useState<Problem>();
  const [isAsking, setIsAsking] = useState(false);
  if (model.state.started?.again === undefined || statusOf(model) === 'done') return undefined;
  const begin = async (): Promise<void> => {
    setIsAsking(true);
    setProblem(undefined);
    const answer = await postJson<{ readonly run: string }>(`/api/runs/${run}/again`, {});
    setIsAsking(false);
    if (answer.ok) location.hash = addressOf({ view: 'run', run: answer.value.run });
    else setProblem(answer.problem);
  };
  return h(
    'div',
    { class: 'again' },
    h('button', { type: 'button', disabled: isAsking, onClick: begin }, isAsking ? 'Starting …' : 'Try again'),
    problem === undefined ? undefined : h(ProblemBox, { problem }),
  );
}
