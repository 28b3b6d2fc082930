import type { Failure } from '../errors/failure.ts';
import type { StageInstance } from '../pipeline/pipeline.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { FinishedStage, RunScope } from './context.ts';
import type { RunOutcome } from './run.ts';
import { makeStage, runStage } from './stage.ts';

/** Makes the artifacts of a finished stage again that were removed to save space; each stage's once. */
export function restorer(
  instances: readonly StageInstance[],
  finished: Map<string, FinishedStage>,
  scope: () => RunScope,
): RunScope['restore'] {
  const under = new Map<string, Promise<Result<void>>>();
  const restore = async (id: string): Promise<Result<void>> => {
    const instance = instances.find((one) => one.id === id);
    if (instance === undefined) throw new Error(`${id} is not part of this run`);
    const made = await makeStage(scope(), instance, finished);
    if (!made.ok) return made;
    finished.set(id, made.value);
    scope().emit({ type: 'stage-finished', stage: id, status: 'done', outputs: digestsOf(made.value) });
    return ok();
  };
  return (id) => {
    const running = under.get(id) ?? restore(id);
    under.set(id, running);
    return running;
  };
}

/** Runs each stage as soon as those before it have ended. `finished` takes what came of them. */
export async function runStages(
  scope: RunScope,
  instances: readonly StageInstance[],
  keepGoing: boolean,
  finished: Map<string, FinishedStage>,
): Promise<RunOutcome['failures']> {
  const failures: { stage: string; failure: Failure }[] = [];
  const ends = new Map<string, Promise<void>>();
  const runOne = async (instance: StageInstance): Promise<void> => {
    await Promise.all(instance.after.map((before) => ends.get(before)));
    const missing = instance.after.find((before) => !finished.has(before));
    const stopped = scope.signal.aborted || (failures.length > 0 && !keepGoing);
    if (missing !== undefined || stopped) {
      const reason = missing === undefined ? 'the run was stopped' : `${missing} is not there`;
      scope.emit({ type: 'stage-finished', stage: instance.id, status: 'skipped', outputs: {}, reason });
      return;
    }
    const result = await guarded(scope, () => runStage(scope, instance, finished));
    if (result.ok) {
      finished.set(instance.id, result.value);
      const outputs = digestsOf(result.value);
      scope.emit({ type: 'stage-finished', stage: instance.id, status: result.value.status, outputs });
      return;
    }
    if (!scope.signal.aborted) failures.push({ stage: instance.id, failure: result.error });
    scope.emit({
      type: 'stage-finished',
      stage: instance.id,
      status: scope.signal.aborted ? 'skipped' : 'failed',
      outputs: {},
      reason: result.error.message,
      failure: result.error,
    });
  };
  for (const instance of instances) ends.set(instance.id, runOne(instance));
  await Promise.all(ends.values());
  return failures;
}

function digestsOf({ outputs }: FinishedStage): Record<string, string> {
  return Object.fromEntries(Object.entries(outputs).map(([slot, output]) => [slot, output.digest]));
}

/** A job that waited for resources when the run was stopped rejects: that is no bug. */
async function guarded(scope: RunScope, action: () => Promise<Result<FinishedStage>>): Promise<Result<FinishedStage>> {
  try {
    return await action();
  } catch (problem) {
    if (scope.signal.aborted) return err({ code: 'interrupted', message: 'the run was stopped' });
    throw problem;
  }
}
