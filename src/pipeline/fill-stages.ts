import type { JsonSchema } from '../stage/stage-kind.ts';
import type { Json } from '../util/json.ts';
import type { StageInstance } from './pipeline.ts';

/** The parameters of a kind that pipe fills in: those whose schema says `filledWith: stages`. */
export function filledParams(schema: JsonSchema): string[] {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  return Object.keys(properties).filter((name) => properties[name]?.['filledWith'] === 'stages');
}

/**
 * Gives the kinds that draw it the part of the pipeline that leads to them, as a parameter: what is drawn changes with it, so it
 * belongs to the fingerprint. `instances` come after those that they need.
 */
export function withStages(instances: readonly StageInstance[]): StageInstance[] {
  return instances.map((instance) => {
    const names = filledParams(instance.loaded.kind.params);
    if (names.length === 0) return instance;
    const stages = stagesBefore(instance, instances);
    return { ...instance, params: { ...instance.params, ...Object.fromEntries(names.map((name) => [name, stages])) } };
  });
}

/** The stages that an instance follows from and its own, each with its kind, its instances and the stages that it reads. */
function stagesBefore(last: StageInstance, instances: readonly StageInstance[]): Json {
  const needed = new Set([last.id]);
  for (const instance of instances.toReversed())
    if (needed.has(instance.id)) for (const before of instance.after) needed.add(before);
  const stages = new Map<string, { kind: string; instances: string[]; from: Set<string> }>();
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  for (const { id, stage, loaded, after } of instances.filter((instance) => needed.has(instance.id))) {
    const known = stages.get(stage) ?? { kind: loaded.kind.kind, instances: [], from: new Set<string>() };
    stages.set(stage, known);
    if (id !== stage) known.instances.push(id.slice(stage.length + 1, -1));
    for (const before of after) {
      const name = byId.get(before)?.stage;
      if (name !== undefined && name !== stage) known.from.add(name);
    }
  }
  return [...stages].map(([name, { kind, instances: own, from }]) => ({ name, kind, instances: own, from: [...from] }));
}
