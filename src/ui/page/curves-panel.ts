import { type ComponentChild, h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Curve } from '../curves.ts';
import { CurveChart, type Line } from './curve-chart.ts';
import { useSize } from './hooks.ts';
import { getJson } from './request.ts';
import type { JobView } from './run-model.ts';

interface CurvesPanelProps {
  readonly jobs: readonly JobView[];
  readonly selected: string | undefined;
  readonly family: string | undefined;
  readonly version: number;
}

/** More curves than that are no picture any more: the best are drawn, and those that grow. */
const mostCurves = 48;

const measures = {
  validationAccuracy: 'validation accuracy',
  accuracy: 'training accuracy',
  validationLoss: 'validation loss',
  loss: 'training loss',
} as const;

type Measure = keyof typeof measures;

/** Learning curves of a stage's fits: of those that are done from their artifacts, of those that run as they tell. */
export function CurvesPanel({ jobs, selected, family }: CurvesPanelProps): ComponentChild {
  const [chosenMeasure, setMeasure] = useState<Measure>();
  const { ref, width } = useSize();
  const drawn = chosen(jobs, selected);
  const curves = useCurves(drawn);
  const linesOf = (measure: Measure): Line[] =>
    drawn.flatMap((job) => lineOf(job, curves.get(job.fingerprint), measure, selected) ?? []);
  // Folds are scored once, at their end: then the curve of the training is what there is.
  const measure = chosenMeasure ?? (linesOf('validationAccuracy').length > 0 ? 'validationAccuracy' : 'accuracy');
  const lines = linesOf(measure);
  if (chosenMeasure === undefined && lines.length === 0) return undefined;
  const left = jobs.length - drawn.length;
  return h(
    'section',
    { class: `curves-panel ${family ?? 'family-0'}`, 'aria-labelledby': 'curves-title' },
    h(
      'div',
      { class: 'panel-head' },
      h('h2', { id: 'curves-title' }, 'Learning curves'),
      h('p', { class: 'soft' }, left > 0 ? `the best ${drawn.length} and those that run, of ${jobs.length}` : ''),
      h(
        'select',
        {
          'aria-label': 'What is drawn',
          value: measure,
          onChange: (event: Event) => setMeasure((event.currentTarget as HTMLSelectElement).value as Measure),
        },
        Object.entries(measures).map(([name, text]) => h('option', { key: name, value: name }, text)),
      ),
    ),
    h(
      'div',
      { ref, class: 'chart' },
      width > 0 ? h(CurveChart, { lines, width, until: lastEpoch(drawn), measure: measures[measure] }) : undefined,
    ),
  );
}

/** The last epoch of the jobs that run, so that their curves grow into the room that they will need. */
function lastEpoch(jobs: readonly JobView[]): number {
  const running = jobs.filter(({ status }) => status === 'running');
  return Math.max(1, ...running.map(({ note }) => Number(/of (\d+)/.exec(note ?? '')?.[1] ?? 1)));
}

function chosen(jobs: readonly JobView[], selected: string | undefined): JobView[] {
  if (jobs.length <= mostCurves) return [...jobs];
  const important = jobs.filter(({ job, status }) => status === 'running' || job === selected);
  const rest = jobs.filter((job) => !important.includes(job) && job.score !== undefined);
  const best = rest.sort((left, right) => (right.score ?? 0) - (left.score ?? 0));
  return [...important, ...best.slice(0, Math.max(0, mostCurves - important.length))];
}

function lineOf(
  job: JobView,
  curve: Curve | undefined,
  measure: Measure,
  selected: string | undefined,
): Line | undefined {
  const points = curve === undefined ? toldPoints(job, measure) : keptPoints(curve, measure);
  if (points.length === 0) return undefined;
  return { name: job.job, points, isRunning: job.status === 'running', isSelected: job.job === selected };
}

function toldPoints({ points }: JobView, measure: Measure): Line['points'] {
  return points.flatMap((point) => {
    const y = point[measure];
    return y === undefined ? [] : [{ x: point.epoch, y }];
  });
}

function keptPoints(curve: Curve, measure: Measure): Line['points'] {
  return curve.epochs.flatMap((epoch, index) => {
    const y = curve[measure][index];
    return y === null || y === undefined ? [] : [{ x: epoch, y }];
  });
}

/** The curves that are known of finished jobs; those that are not are asked for, all together. */
function useCurves(jobs: readonly JobView[]): ReadonlyMap<string, Curve> {
  const known = useRef(new Map<string, Curve>());
  const asked = useRef(new Set<string>());
  const [, setCount] = useState(0);
  const missing = jobs
    .filter(({ status, fingerprint }) => (status === 'done' || status === 'cached') && fingerprint !== '')
    .map(({ fingerprint }) => fingerprint)
    .filter((fingerprint) => !asked.current.has(fingerprint));
  useEffect(() => {
    if (missing.length === 0) return;
    for (const fingerprint of missing) asked.current.add(fingerprint);
    void getJson<readonly Curve[]>(`/api/curves?of=${missing.join(',')}`).then((answer) => {
      if (!answer.ok) return;
      for (const curve of answer.value) known.current.set(curve.fingerprint, curve);
      setCount((before) => before + 1);
    });
  }, [missing.join()]);
  return known.current;
}
