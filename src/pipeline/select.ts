import { type Failure, failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { Pipeline, StageInstance } from './pipeline.ts';
import { createReferences } from './references.ts';

/** What the command line asks of a pipeline. Each name is a stage, a matrix instance (`fit[cnn]`) or a group (`fit[*]`). */
export interface Selection {
  /** Only these and what they need. None: the whole pipeline. */
  readonly targets?: readonly string[];
  /** The same, said as where to stop. */
  readonly until?: readonly string[];
  /** These and all that depends on them are run again, whatever is cached. */
  readonly from?: readonly string[];
  /** Every job is run again; where there are targets, those of the targets. */
  readonly force?: boolean;
}

/** The part of a pipeline that is to be run. */
export interface Selected {
  /** In an order in which each comes after what it needs. */
  readonly instances: readonly StageInstance[];
  /** Run whatever is cached. */
  readonly forced: ReadonlySet<string>;
  /** Their artifacts must be there at the end: the targets, else those that no other stage reads. */
  readonly wanted: ReadonlySet<string>;
}

/** Finds the stage instances that names stand for. Errors: each name that stands for none, with the nearest one. */
export function resolveTargets(
  instances: readonly StageInstance[],
  names: readonly string[],
): Result<string[], Failure[]> {
  const problems: Failure[] = [];
  const found: string[] = [];
  if (names.length === 0) return ok([]);
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  const references = createReferences(
    instances.map((instance) => ({ ...instance, outputs: Object.keys(instance.loaded.kind.outputs) })),
  );
  for (const name of names) {
    const exact = byId.get(name);
    if (exact !== undefined) {
      found.push(exact.id);
      continue;
    }
    const resolved = references.resolve(name);
    if (resolved.ok) found.push(...resolved.value.targets.map((target) => target.id));
    else problems.push(failure('target-unknown', resolved.message, { hint: resolved.hint }));
  }
  return problems.length > 0 ? err(problems) : ok([...new Set(found)]);
}

/** Selects what a run is to do. Errors: names that stand for no stage. */
export function selectInstances(pipeline: Pipeline, selection: Selection): Result<Selected, Failure[]> {
  const { instances } = pipeline;
  const targets = resolveTargets(instances, [...(selection.targets ?? []), ...(selection.until ?? [])]);
  const from = resolveTargets(instances, selection.from ?? []);
  if (!targets.ok || !from.ok) return err([...(targets.ok ? [] : targets.error), ...(from.ok ? [] : from.error)]);
  const named = new Set(targets.value);
  const needed = named.size === 0 ? new Set(instances.map(({ id }) => id)) : withAncestors(instances, named);
  const chosen = instances.filter(({ id }) => needed.has(id));
  const missing = from.value.filter((id) => !needed.has(id));
  if (missing.length > 0) {
    const hint = 'leave the targets out, or name one that comes after it';
    return err(missing.map((id) => failure('target-from', `${id} is not among what the targets need`, { hint })));
  }
  const forced = withDescendants(chosen, new Set(from.value));
  if (selection.force === true) for (const { id } of chosen) if (named.size === 0 || named.has(id)) forced.add(id);
  const read = new Set(
    chosen.flatMap(({ inputs }) => Object.values(inputs).flatMap((list) => list.map((one) => one.instance))),
  );
  const wanted = named.size > 0 ? named : new Set(chosen.map(({ id }) => id).filter((id) => !read.has(id)));
  return ok({ instances: chosen, forced, wanted });
}

function withAncestors(instances: readonly StageInstance[], named: ReadonlySet<string>): Set<string> {
  const needed = new Set(named);
  // Each instance stands after what it needs: one walk from the end sees all.
  for (const { id, after } of [...instances].reverse())
    if (needed.has(id)) for (const before of after) needed.add(before);
  return needed;
}

function withDescendants(instances: readonly StageInstance[], named: ReadonlySet<string>): Set<string> {
  const reached = new Set(named);
  for (const { id, after } of instances) if (after.some((before) => reached.has(before))) reached.add(id);
  return reached;
}
