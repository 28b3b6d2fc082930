import { parseDocument } from 'yaml';
import { type Failure, failure } from '../errors/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';

/** Lays one map over another: maps are merged, everything else is replaced. */
export function overlay(base: JsonObject, over: JsonObject): JsonObject {
  const merged = new Map<string, Json>(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key);
    merged.set(key, isJsonObject(below) && isJsonObject(value) ? overlay(below, value) : value);
  }
  return Object.fromEntries(merged);
}

/**
 * Levels at which a name must be there already. Deeper maps (the axes of one model's grid) are open: a profile may add
 * to them, and whoever uses them knows which names are right.
 */
const closedLevels = 2;

/** Names in `over` that `base` does not have: most likely typing mistakes. The path leads to the unknown key. */
export function unknownNames(
  base: JsonObject,
  over: JsonObject,
  path: readonly string[] = [],
): { path: string[]; hint: string }[] {
  if (path.length >= closedLevels) return [];
  return Object.entries(over).flatMap(([key, value]) => {
    const below = Object.hasOwn(base, key) ? base[key] : undefined;
    if (below === undefined) return [{ path: [...path, key], hint: suggestion(key, Object.keys(base)) }];
    return isJsonObject(below) && isJsonObject(value) ? unknownNames(below, value, [...path, key]) : [];
  });
}

/**
 * Sets one parameter from the command line: `params.folds=5` or `folds=5`; the value is read as YAML
 * (`grid.cnn.dropout=[0.3, 0.5]`). Only what the pipeline defines can be set.
 */
export function setParam(params: JsonObject, assignment: string): Result<JsonObject> {
  const equals = assignment.indexOf('=');
  if (equals < 1)
    return err(failure('set-syntax', `--set ${assignment}: there is no "="`, { hint: 'write --set params.folds=5' }));
  const steps = assignment.slice(0, equals).trim().split('.');
  if (steps[0] === 'params' && steps.length > 1) steps.shift();
  const document = parseDocument(assignment.slice(equals + 1), { version: '1.2', logLevel: 'silent' });
  const problem = [...document.errors, ...document.warnings][0];
  if (problem !== undefined) {
    return err(
      failure('set-syntax', `--set ${assignment}: ${problem.message.split('\n')[0] ?? ''}`, {
        hint: 'the value is read as YAML',
      }),
    );
  }
  const replaced = replace(params, steps, document.toJS() as Json, assignment);
  return replaced.ok ? ok(replaced.value as JsonObject) : replaced;
}

function replace(
  container: Json,
  steps: readonly string[],
  value: Json,
  assignment: string,
  depth = 0,
): Result<Json, Failure> {
  const [step, ...rest] = steps;
  if (step === undefined) return ok(value);
  const known = isJsonObject(container) ? Object.keys(container) : [];
  const open = depth >= closedLevels && rest.length === 0 && /^[A-Za-z_][\w-]*$/.test(step);
  if (!isJsonObject(container) || !(open || known.includes(step))) {
    const message = `--set ${assignment}: the pipeline has no parameter "${step}" there`;
    return err(failure('set-unknown', message, { hint: suggestion(step, known) }));
  }
  const inner = replace(container[step] ?? null, rest, value, assignment, depth + 1);
  // Not by assignment: a key such as __proto__ must stay a key.
  return inner.ok ? ok(Object.fromEntries([...Object.entries(container), [step, inner.value]])) : inner;
}
