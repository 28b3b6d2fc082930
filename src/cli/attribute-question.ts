import { openArtifact } from '../artifact/reader.ts';
import { type Factor, factorsOf } from '../diff/factors.ts';
import { failure } from '../errors/failure.ts';
import { findStages } from '../plan/find-stages.ts';
import { findRun, type PastRun, readRun } from '../plan/runs.ts';
import type { JobRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { err, ok, type Result } from '../util/result.ts';

/** Every set of changes is a run of its own: 2^6 are enough. */
const mostFactors = 6;

/** What is compared: a metric of a stage in two runs. */
export interface Question {
  readonly before: PastRun;
  readonly after: PastRun;
  readonly stage: string;
  readonly metric: string;
  readonly average: string;
  readonly factors: readonly Factor[];
}

/** What two references, a stage and a metric ask. Errors: no such run, stage or score; nothing or too much that differs. */
export function questionOf(
  store: Store,
  first: string,
  second: string,
  { stage, metric, average }: { readonly stage?: string; readonly metric: string; readonly average?: string },
): Result<Question> {
  const runs: PastRun[] = [];
  for (const reference of [first, second]) {
    const found = findRun(store.layout, reference);
    if (!found.ok) return found;
    const run = readRun(store.layout, found.value);
    if (run === undefined)
      return err(failure('run-unreadable', `the run ${found.value} left nothing that can be read`));
    runs.push(run);
  }
  const [before, after] = runs as [PastRun, PastRun];
  const stages = stagesWith(store, after, stage);
  if (!stages.ok) return stages;
  const factors = factorsOf(before.params, after.params, mostFactors);
  if (factors.length === 0)
    return err(
      failure('attribute-same', `the runs ${before.id} and ${after.id} have the same parameters`, {
        hint: 'what else differs (code, data, seeds of the environment) cannot be mixed: pipe why STAGE@RUN names it',
      }),
    );
  if (factors.length > mostFactors) {
    const message = `the runs differ in ${factors.length} parameters: ${factors.map(({ name }) => name).join(', ')}`;
    const hint = `at most ${mostFactors} can be told apart: each set of them is a run of its own`;
    return err(failure('attribute-many', message, { hint }));
  }
  const averaged = average ?? (['precision', 'recall', 'f1'].includes(metric) ? 'macro' : '');
  return ok({ before, after, stage: stages.value, metric, average: averaged, factors });
}

/** The stage that is asked for, or the only one of the run that has scores. */
function stagesWith(store: Store, run: PastRun, asked: string | undefined): Result<string> {
  if (asked !== undefined) {
    const found = findStages(store, `${asked}@${run.id}`);
    if (!found.ok) return found;
    const [only, ...others] = found.value.ids;
    if (only !== undefined && others.length === 0) return ok(only);
    return err(
      failure('attribute-stage', `"${asked}" names ${found.value.ids.length} stages`, { hint: `name one: ${only}` }),
    );
  }
  const scored = [...run.stages].flatMap(([id, { fingerprint }]) =>
    Object.values(store.readRecord(fingerprint)?.outputs ?? {}).some(({ type }) => type === 'metrics') ? [id] : [],
  );
  if (scored.length === 1) return ok(scored[0] as string);
  const message =
    scored.length === 0
      ? `the run ${run.id} has no scores`
      : `the run ${run.id} has the scores of ${scored.join(', ')}`;
  const hint = scored.length === 0 ? 'scores are outputs of type metrics' : `say which: --stage '${scored[0]}'`;
  return err(failure('attribute-stage', message, { hint }));
}

/** The metric of both runs as they were. */
export function endsOf(store: Store, question: Question): Result<[number, number]> {
  const { before, after, stage } = question;
  const values: number[] = [];
  for (const run of [before, after]) {
    const record = store.readRecord(run.stages.get(stage)?.fingerprint ?? '');
    const value = record === undefined ? undefined : metricOf(store, record, question);
    if (value === undefined) {
      const hint = 'it was not run then, or its artifacts were collected';
      return err(failure('attribute-gone', `the run ${run.id} has no ${question.metric} of ${stage}`, { hint }));
    }
    values.push(value);
  }
  return ok(values as [number, number]);
}

/** The metric in what a stage left; undefined where it is not there. */
export function metricOf(
  store: Store,
  record: Pick<JobRecord, 'outputs'>,
  { metric, average }: Pick<Question, 'metric' | 'average'>,
): number | undefined {
  const output = Object.values(record.outputs).find(({ type }) => type === 'metrics');
  if (output === undefined || !store.isWhole(output)) return undefined;
  const artifact = openArtifact(store.layout.blob(output.digest));
  if (!artifact.ok) return undefined;
  const [metrics, averages] = [artifact.value.texts('metric'), artifact.value.texts('average')];
  const row = metrics.findIndex((one, at) => one === metric && averages[at] === average);
  return row < 0 ? undefined : artifact.value.numbers('value')[row];
}
