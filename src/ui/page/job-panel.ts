import { type ComponentChild, h } from 'preact';
import { useState } from 'preact/hooks';
import { duration } from '../../terminal/format.ts';
import type { StageState } from '../../terminal/state.ts';
import type { RecordView } from '../record-view.ts';
import { useJson } from './hooks.ts';
import { LogPanel } from './log-panel.ts';
import { ProblemBox } from './problem-box.ts';
import { type Problem, postJson } from './request.ts';
import { addressOf } from './route.ts';
import type { JobView, RunModel } from './run-model.ts';
import { Status } from './status.ts';
import { bytesText } from './text.ts';

interface JobPanelProps {
  readonly run: string;
  readonly model: RunModel;
  readonly job: JobView | undefined;
  readonly name: string;
  readonly version: number;
}

/** One job: how it stands, what it made, what it wrote. */
export function JobPanel({ run, model, job, name }: JobPanelProps): ComponentChild {
  const isDone = job?.status === 'done' || job?.status === 'cached';
  const path = isDone && job.fingerprint !== '' ? `/api/records/${job.fingerprint}` : undefined;
  const { value: record } = useJson<RecordView>(path);
  const stage = model.state.stages.get(name);
  return h(
    'section',
    { class: 'job-panel', 'aria-labelledby': 'job-title' },
    h(
      'div',
      { class: 'panel-head' },
      h('h2', { id: 'job-title' }, name),
      h(Status, { of: job?.status ?? stage?.status ?? 'waiting' }),
    ),
    job?.status === 'running' && !model.over ? h(Cancel, { key: job.job, run, job: job.job }) : undefined,
    job?.failure !== undefined && job.status !== 'done' ? h(ProblemBox, { problem: job.failure }) : undefined,
    stage?.status === 'skipped' && stage.reason !== undefined ? h('p', { class: 'soft' }, stage.reason) : undefined,
    job === undefined ? undefined : h(Facts, { job, record, stage }),
    record === undefined ? undefined : h(Outputs, { run, record, name }),
    job === undefined ? undefined : h(LogPanel, { key: `${job.job} ${job.fingerprint}`, run, job }),
    record === undefined || Object.keys(record.params).length === 0
      ? undefined
      : h(
          'details',
          {},
          h('summary', {}, 'Parameters'),
          h('pre', { tabIndex: 0 }, JSON.stringify(record.params, null, 2)),
        ),
  );
}

/** Ends a job that hangs, or that nobody wants any more. Asked twice: a stage needs all of its jobs. */
function Cancel({ run, job }: { readonly run: string; readonly job: string }): ComponentChild {
  const [isAsking, setIsAsking] = useState(false);
  const [isTold, setIsTold] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const cancel = async (): Promise<void> => {
    const answer = await postJson(`/api/runs/${run}/cancel`, { job });
    setIsAsking(false);
    setIsTold(answer.ok);
    setProblem(answer.ok ? undefined : answer.problem);
  };
  if (problem !== undefined) return h(ProblemBox, { problem });
  if (isTold) return h('p', { role: 'status', class: 'soft' }, 'It is being ended …');
  if (!isAsking)
    return h(
      'p',
      { class: 'choices' },
      h('button', { type: 'button', onClick: () => setIsAsking(true) }, 'Cancel the job …'),
    );
  return h(
    'div',
    { role: 'group', 'aria-label': 'Cancel the job?' },
    h('p', {}, 'Its stage fails without it, and what follows from that does not run.'),
    h(
      'p',
      { class: 'choices' },
      h('button', { type: 'button', onClick: cancel }, 'Cancel it'),
      h('button', { type: 'button', class: 'plain', onClick: () => setIsAsking(false) }, 'Let it run'),
    ),
  );
}

interface FactsProps {
  readonly job: JobView;
  readonly record: RecordView | undefined;
  /** Of a stage's own job: its stage. */
  readonly stage: StageState | undefined;
}

function Facts({ job, record, stage }: FactsProps): ComponentChild {
  const facts: (readonly [string, string | undefined])[] = [
    ['Score', job.score?.toFixed(4)],
    ['Finding', job.finding],
    ['Progress', job.status === 'running' ? (job.note ?? `${Math.round((job.fraction ?? 0) * 100)} %`) : undefined],
    [(stage?.jobs ?? 1) > 1 ? 'Collected in' : 'Time', job.seconds === undefined ? undefined : duration(job.seconds)],
    ['Memory', record?.memory === undefined ? undefined : bytesText(record.memory)],
    ['GPU memory', record?.gpuMemory === undefined ? undefined : bytesText(record.gpuMemory)],
    ['Attempt', job.attempt > 1 ? String(job.attempt) : undefined],
    ['Worker', job.worker === undefined ? undefined : String(job.worker)],
    ['Kind', record?.kind],
    ['Made on', record === undefined ? undefined : `${record.host.name}, ${record.host.cpu}`],
    ['Fingerprint', job.fingerprint === '' ? undefined : job.fingerprint.slice(0, 16)],
  ];
  return h(
    'dl',
    { class: 'facts' },
    facts.map(([name, value]) => (value === undefined ? undefined : [h('dt', {}, name), h('dd', {}, value)])),
  );
}

function Outputs({
  run,
  record,
  name,
}: {
  readonly run: string;
  readonly record: RecordView;
  readonly name: string;
}): ComponentChild {
  return h(
    'div',
    { class: 'outputs' },
    h('h3', {}, 'Artifacts'),
    h(
      'ul',
      {},
      record.outputs.map(({ name: slot, type, digest, size, rows, isThere }) =>
        h(
          'li',
          { key: slot },
          isThere
            ? h('a', { href: addressOf({ view: 'artifact', digest, run, name: `${name}.${slot}` }) }, slot)
            : h('span', {}, `${slot} (not kept)`),
          h('span', { class: 'soft' }, ` ${type}, ${rows} ${rows === 1 ? 'row' : 'rows'}, ${bytesText(size)}`),
        ),
      ),
    ),
  );
}
