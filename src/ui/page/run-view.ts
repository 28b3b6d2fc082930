import { type ComponentChild, h } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { StageState } from '../../terminal/state.ts';
import { CurvesPanel } from './curves-panel.ts';
import { familiesOf } from './families.ts';
import { GraphPanel } from './graph-panel.ts';
import { useJson, useKey } from './hooks.ts';
import { JobPanel } from './job-panel.ts';
import { MachinePanel } from './machine-panel.ts';
import { MatrixPanel } from './matrix-panel.ts';
import { NotesPanel } from './notes-panel.ts';
import { ProblemBox } from './problem-box.ts';
import { addressOf, type Route } from './route.ts';
import { RunHeader } from './run-header.ts';
import { type JobView, type RunModel, takeParts } from './run-model.ts';
import { type Followed, useRun } from './use-run.ts';

type RunRoute = Extract<Route, { view: 'run' }>;

/** One run, live: its stages as a graph, the jobs of one stage, one job, the machine. */
export function RunView({ route }: { readonly route: RunRoute }): ComponentChild {
  const followed = useRun(route.run);
  const { model, version, isLoaded, problem } = followed;
  const stages = model.state.stages;
  const followedStage = useRef<string | undefined>(undefined);
  const chosen = route.stage !== undefined && stages.has(route.stage) ? route.stage : undefined;
  followedStage.current = stageOfInterest(model, followedStage.current);
  const stage = chosen ?? followedStage.current;
  useParts(model, stage);
  const families = useMemo(() => familiesOf(stages.keys()), [stages.size, model]);
  const followedJob = useRef<string | undefined>(undefined);
  followedJob.current = stage === undefined ? undefined : jobOfInterest(model, stage, followedJob.current);
  const job = route.job ?? followedJob.current;
  const go = (changes: { readonly stage?: string; readonly job?: string }): void => {
    location.hash = addressOf({ view: 'run', run: route.run, ...changes });
  };
  useKey('Escape', () => {
    if (route.job !== undefined) go(route.stage === undefined ? {} : { stage: route.stage });
  });
  if (!isLoaded) return h(Empty, { problem });
  const family = stage === undefined ? undefined : families.get(stage);
  return h(
    'main',
    { id: 'content', class: 'run-view' },
    h(RunHeader, { run: route.run, followed }),
    problem === undefined ? undefined : h(ProblemBox, { problem }),
    h(NotesPanel, { model, run: route.run }),
    h(GraphPanel, { run: route.run, stages, families, stage, version, onStage: (id) => go({ stage: id }) }),
    stage === undefined
      ? undefined
      : h(
          'div',
          { class: 'columns' },
          h(
            'div',
            { class: 'jobs' },
            h(MatrixPanel, {
              stage: stageState(stages.get(stage)),
              matrix: model.matrices.get(stage),
              family,
              job: route.job,
              version,
              onJob: (name) => go({ stage, job: name }),
            }),
            h(CurvesPanel, { jobs: jobsWithCurves(model, stage), selected: route.job, family, version }),
          ),
          h(
            'div',
            { class: 'details' },
            h(JobPanel, { run: route.run, model, job: model.jobs.get(job ?? ''), name: job ?? '', version }),
            h(MachinePanel, { model, version }),
          ),
        ),
  );
}

function stageState(stage: StageState | undefined): StageState {
  if (stage === undefined) throw new Error('a stage is shown that the run does not have');
  return stage;
}

function Empty({ problem }: Pick<Followed, 'problem'>): ComponentChild {
  return h(
    'main',
    { id: 'content', class: 'run-view' },
    problem === undefined ? h('p', { role: 'status' }, 'Reading the run …') : h(ProblemBox, { problem }),
  );
}

/**
 * What is looked at until somebody chooses: what failed, else what runs, else the largest stage so far. What runs is looked at until
 * it runs no more, so that the page does not jump from one to another.
 */
function stageOfInterest({ state, over }: RunModel, before: string | undefined): string | undefined {
  const all = [...state.stages.values()];
  const failed = all.find(({ status }) => status === 'failed');
  if (failed !== undefined) return failed.id;
  const running = all.filter((stage) => stage.running.size > 0);
  const stays =
    before !== undefined && (over || running.length === 0 || state.stages.get(before)?.status === 'running');
  return stays ? before : (largest(running) ?? largest(all))?.id;
}

function largest(stages: readonly StageState[]): StageState | undefined {
  return stages.reduce<StageState | undefined>((best, one) => (one.jobs > (best?.jobs ?? 0) ? one : best), undefined);
}

/** Of a stage its own job; until there is one, a job that failed, or one that runs, until it ends. */
function jobOfInterest(model: RunModel, stage: string, before: string | undefined): string {
  const own = model.jobs.get(stage);
  if (own !== undefined) return stage;
  const failed = model.state.failures.find(
    (one) => one.stage === stage && model.jobs.get(one.job)?.status === 'failed',
  );
  if (failed !== undefined) return failed.job;
  const running = [...(model.state.stages.get(stage)?.running.keys() ?? [])];
  if (before !== undefined && running.includes(before)) return before;
  return running[0] ?? (before !== undefined && model.jobs.get(before)?.stage === stage ? before : stage);
}

/** The jobs of a stage that was found in the store are asked for when it is looked at. */
function useParts(model: RunModel, stage: string | undefined): void {
  const state = stage === undefined ? undefined : model.state.stages.get(stage);
  const own = stage === undefined ? undefined : model.jobs.get(stage);
  const isMissing =
    state !== undefined &&
    state.jobs > 1 &&
    own !== undefined &&
    own.fingerprint !== '' &&
    (own.status === 'cached' || own.status === 'done') &&
    cellsOf(model, state.id) < state.jobs;
  const path =
    isMissing && stage !== undefined
      ? `/api/records/${own.fingerprint}/parts?${new URLSearchParams({ stage })}`
      : undefined;
  const { value } = useJson<Parameters<typeof takeParts>[2]>(path);
  useEffect(() => {
    if (value !== undefined && stage !== undefined) takeParts(model, stage, value);
  }, [value]);
  if (value !== undefined && stage !== undefined) takeParts(model, stage, value);
}

function cellsOf(model: RunModel, stage: string): number {
  return model.matrices.get(stage)?.rows.reduce((sum, { cells }) => sum + cells.size, 0) ?? 0;
}

/** The jobs whose learning curves there are, or will be. */
function jobsWithCurves(model: RunModel, stage: string): JobView[] {
  const rows = model.matrices.get(stage)?.rows ?? [];
  const parts = rows.flatMap(({ cells }) => [...cells.values()]);
  const own = model.jobs.get(stage);
  return parts.length > 0 || own === undefined ? parts : [own];
}
