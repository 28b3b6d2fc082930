import { type Failure, failure } from '../errors/failure.ts';
import { type LoadedKind, loadKind } from '../stage/registry.ts';
import type { JsonSchema } from '../stage/stage-kind.ts';
import type { Json, JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';
import { connect, type Draft, type StageSource } from './connect.ts';
import { filledParams, withStages } from './fill-stages.ts';
import { interpolate, type ReferenceMistake } from './interpolate.ts';
import { leakProblems } from './leaks.ts';
import { locateMistakes } from './locate-mistakes.ts';
import { topologicalOrder } from './order.ts';
import type { StageInstance } from './pipeline.ts';
import { createReferences } from './references.ts';
import { readExecution, readResources } from './resources.ts';
import { show } from './validate.ts';
import type { Path } from './yaml-file.ts';

/** Expands matrices, interpolates, checks parameters and connects the stages, in an order in which they can run. */
export async function buildInstances(source: StageSource): Promise<Result<StageInstance[], Failure[]>> {
  const problems: Failure[] = [];
  const drafts: Draft[] = [];
  for (const [name, stage] of Object.entries(source.stages)) {
    const made = await draftStage(source, name, stage as JsonObject);
    if (made.ok) drafts.push(...made.value);
    else problems.push(...made.error);
  }
  if (problems.length > 0) return err(unique(problems));
  const references = createReferences(drafts);
  const instances = drafts.map((draft) => connect(source, draft, references, problems));
  if (problems.length > 0) return err(unique(problems));
  const sorted = topologicalOrder(instances);
  if (!('order' in sorted)) return err([cycleFailure(source, sorted.cycle, instances)]);
  const leaks = leakProblems(source, instances);
  return leaks.length > 0 ? err(unique(leaks)) : ok(withStages(sorted.order));
}

/** Instances of one matrix stage make the same mistake at the same place: it is told once. */
function unique(problems: readonly Failure[]): Failure[] {
  return [
    ...new Map(problems.map((problem) => [JSON.stringify([problem.location, problem.message]), problem])).values(),
  ];
}

function referenceFailures(source: StageSource, below: Path, mistakes: readonly ReferenceMistake[]): Failure[] {
  return mistakes.map((mistake) =>
    failure('reference', mistake.message, {
      hint: mistake.hint,
      location: source.yaml.locate([...below, ...mistake.path], 'value', mistake.offset),
    }),
  );
}

async function draftStage(source: StageSource, name: string, stage: JsonObject): Promise<Result<Draft[], Failure[]>> {
  const loaded = await loadKind(stage['uses'] as string, source.file);
  if (!loaded.ok) return err([{ ...loaded.error, location: source.yaml.locate(['stages', name, 'uses']) }]);
  const matrix = interpolate(stage['matrix'] ?? {}, source.scope);
  if (matrix.mistakes.length > 0) return err(referenceFailures(source, ['stages', name, 'matrix'], matrix.mistakes));
  const combinations = expandMatrix(source, name, matrix.value as JsonObject);
  if (!combinations.ok) return combinations;
  const drafts: Draft[] = [];
  const problems: Failure[] = [];
  for (const values of combinations.value) {
    const made = draftInstance(source, name, stage, values, loaded.value);
    if (made.ok) drafts.push(made.value);
    else problems.push(...made.error);
  }
  return problems.length > 0 ? err(problems) : ok(drafts);
}

function expandMatrix(source: StageSource, name: string, matrix: JsonObject): Result<JsonObject[], Failure[]> {
  const problems: Failure[] = [];
  let combinations: JsonObject[] = [{}];
  for (const [axis, values] of Object.entries(matrix)) {
    const good =
      Array.isArray(values) &&
      values.length > 0 &&
      values.every((value: Json) => ['string', 'number', 'boolean'].includes(typeof value));
    if (!good) {
      problems.push(
        failure('matrix', `"${axis}" must be a list of texts or numbers, got ${show(values)}`, {
          location: source.yaml.locate(['stages', name, 'matrix', axis]),
        }),
      );
      continue;
    }
    combinations = combinations.flatMap((rest) => (values as Json[]).map((value) => ({ ...rest, [axis]: value })));
  }
  return problems.length > 0 ? err(problems) : ok(combinations);
}

function draftInstance(
  source: StageSource,
  name: string,
  stage: JsonObject,
  matrix: JsonObject,
  loaded: LoadedKind,
): Result<Draft, Failure[]> {
  const problems: Failure[] = [];
  const scope = { ...source.scope, matrix, models: source.models };
  const resolved = (part: string): Json => {
    const { value, mistakes } = interpolate(stage[part] ?? {}, scope);
    problems.push(...referenceFailures(source, ['stages', name, part], mistakes));
    return value;
  };
  const given = resolved('with') as JsonObject;
  const from = resolved('from') as JsonObject;
  const resources = readResources(resolved('resources') as JsonObject);
  const execution = readExecution({
    timeout: resolved('timeout'),
    retries: resolved('retries'),
    isolate: stage['isolate'] ?? 'worker',
  });
  for (const mistakes of [resources, execution])
    if (!mistakes.ok)
      problems.push(
        ...mistakes.error.map(({ path, message, hint }) =>
          failure('resources', message, { hint, location: source.yaml.locate(['stages', name, ...path]) }),
        ),
      );
  const needs = stage['needs'] === undefined ? [] : (resolved('needs') as string[]);
  if (problems.length > 0 || !resources.ok || !execution.ok) return err(problems);
  // ajv fills defaults into the value that it checks; a copy keeps the file's own data as it was written.
  const params = structuredClone(given) as JsonObject;
  const below = ['stages', name, 'with'];
  const filled = filledParams(loaded.kind.params).filter((key) => Object.hasOwn(given, key));
  if (filled.length > 0)
    return err(
      filled.map((key) =>
        failure('param-filled', `"${key}" is filled in by pipe`, {
          hint: 'leave it out',
          location: source.yaml.locate([...below, key], 'key'),
        }),
      ),
    );
  const mistakes = source.validator.check(loaded.kind.params, params);
  if (mistakes.length > 0) return err(locateMistakes(source.yaml, below, mistakes));
  const full = insertDefinitions(source, loaded.kind.params, params, below);
  if (!full.ok) return full;
  const more = loaded.kind.check?.(full.value) ?? [];
  if (more.length > 0)
    return err(
      locateMistakes(
        source.yaml,
        below,
        more.map((mistake) => ({ at: 'value' as const, ...mistake })),
      ),
    );
  const values = Object.fromEntries(Object.entries(matrix).map(([axis, value]) => [axis, String(value)]));
  const id = Object.keys(values).length === 0 ? name : `${name}[${Object.values(values).join(',')}]`;
  return ok({
    id,
    stage: name,
    matrix: values,
    outputs: Object.keys(loaded.kind.outputs),
    loaded,
    params: full.value,
    from,
    needs,
    resources: resources.value,
    execution: execution.value,
  });
}

/** Puts the definition of a model in the place of its name, where the kind's schema says `refersTo: models`. */
function insertDefinitions(
  source: StageSource,
  schema: JsonSchema,
  params: JsonObject,
  below: Path,
): Result<JsonObject, Failure[]> {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  const entries: [string, Json][] = [];
  for (const [key, value] of Object.entries(params)) {
    if (properties[key]?.['refersTo'] !== 'models') {
      entries.push([key, value]);
      continue;
    }
    const definition = Object.hasOwn(source.models, String(value)) ? source.models[String(value)] : undefined;
    if (definition === undefined) {
      const hint = suggestion(String(value), Object.keys(source.models));
      return err([
        failure('model-unknown', `there is no model ${show(value)} in models:`, {
          hint,
          location: source.yaml.locate([...below, key]),
        }),
      ]);
    }
    entries.push([key, definition]);
  }
  return ok(Object.fromEntries(entries));
}

function cycleFailure(source: StageSource, cycle: readonly string[], instances: readonly StageInstance[]): Failure {
  const edges = cycle.slice(0, -1).map((id, index) => {
    const { line } = source.yaml.locate(
      ['stages', instances.find((instance) => instance.id === id)?.stage ?? id],
      'key',
    );
    return `${id} (line ${line}) needs ${cycle[index + 1]}`;
  });
  const first = instances.find((instance) => instance.id === cycle[0]);
  return failure('cycle', 'the stages wait for each other', {
    detail: edges.join('\n'),
    hint: 'remove one of these references',
    ...(first === undefined ? {} : { location: first.location }),
  });
}
