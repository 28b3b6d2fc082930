import { basename, dirname, relative } from 'node:path';
import { type Artifact, openArtifact } from '../artifact/reader.ts';
import { type Failure, failure } from '../errors/failure.ts';
import { projectAbove } from '../pipeline/project.ts';
import { findRun, readRun } from '../plan/runs.ts';
import { collectStudy } from '../report/collect.ts';
import type { ReportInput, ReportInputs } from '../report/collect-inputs.ts';
import type { RunFacts } from '../report/run-facts.ts';
import type { Study } from '../report/study.ts';
import type { JobRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { err, ok, type Result } from '../util/result.ts';
import { factsOfRun } from './facts-of-run.ts';

/** All that a report of a run shows, from what its stages left. Errors: no such run, one without scores. */
export function studyOfRun(
  store: Store,
  reference: string,
  title: string | undefined,
): Result<Study & { readonly run: RunFacts }, Failure> {
  const found = findRun(store.layout, reference);
  if (!found.ok) return found;
  const run = readRun(store.layout, found.value);
  if (run === undefined) return err(failure('run-unreadable', `the run ${found.value} left nothing that can be read`));
  const records = [...run.stages].flatMap(([id, { fingerprint }]) => {
    const record = store.readRecord(fingerprint);
    return record === undefined ? [] : [{ id, record }];
  });
  const inputs = inputsOf(store, records);
  if (inputs.metrics.length === 0)
    return err(
      failure('report-empty', `the run ${run.id} has no scores to report`, {
        hint: 'scores are outputs of type metrics; what was collected is made again by running the pipeline',
      }),
    );
  const study = collectStudy(inputs, {
    title: title ?? ownTitle(records) ?? `${run.pipeline}: which model is best?`,
    pipeline: fileInProject(run.file),
  });
  return study.ok
    ? ok({
        ...study.value,
        run: factsOfRun(
          store,
          run,
          records.map(({ record }) => record),
        ),
      })
    : study;
}

/** The slot of a report that takes artifacts of a type. */
const slotOfType: Readonly<Record<string, keyof ReportInputs>> = {
  metrics: 'metrics',
  predictions: 'predictions',
  confusion: 'confusion',
  calibration: 'calibration',
  selection: 'search',
  'cv-results': 'cv',
  curves: 'curves',
  weights: 'fit',
  history: 'history',
  refits: 'refits',
  timings: 'timings',
  samples: 'samples',
  split: 'split',
};

function inputsOf(store: Store, records: readonly { readonly id: string; readonly record: JobRecord }[]): ReportInputs {
  const slots: Record<keyof ReportInputs, ReportInput[]> = {
    metrics: [],
    predictions: [],
    confusion: [],
    calibration: [],
    writers: [],
    search: [],
    cv: [],
    curves: [],
    fit: [],
    history: [],
    refits: [],
    timings: [],
    samples: [],
    split: [],
  };
  for (const { id, record } of records) {
    const [stage = id, inside] = /^(.*?)(?:\[(.*)\])?$/.exec(id)?.slice(1) ?? [];
    // A run does not tell the names of a matrix's axes: their places do for putting together what belongs together.
    const matrix = Object.fromEntries(
      (inside ?? '').split(', ').flatMap((value, at) => (value === '' ? [] : [[String(at), value]])),
    );
    for (const [slot, output] of Object.entries(record.outputs)) {
      const wanted = slot === 'writers' ? 'writers' : slotOfType[output.type];
      const artifact = wanted === undefined ? undefined : openWhole(store, output);
      if (wanted !== undefined && artifact !== undefined) slots[wanted].push({ stage, matrix, artifact });
    }
  }
  // Samples are passed on from stage to stage: the last ones are those that were trained on.
  return { ...slots, samples: slots.samples.slice(-1), split: slots.split.slice(-1) };
}

function openWhole(store: Store, output: JobRecord['outputs'][string]): Artifact | undefined {
  if (!store.isWhole(output)) return undefined;
  const opened = openArtifact(store.layout.blob(output.digest));
  return opened.ok ? opened.value : undefined;
}

/** A report is given away: where the project lies on this machine is nobody's business. */
function fileInProject(file: string): string {
  const path = relative(projectAbove(dirname(file)), file);
  return path === '' || path.startsWith('..') ? basename(file) : path;
}

/** What the pipeline's own report is called. */
function ownTitle(records: readonly { readonly record: JobRecord }[]): string | undefined {
  const title = records.find(({ record }) => record.tree.kind === 'report')?.record.tree.params['title'];
  return typeof title === 'string' ? title : undefined;
}
