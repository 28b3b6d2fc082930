import { modelSchema } from '../model/description.ts';
import { builtInKinds, loadKind } from '../stage/registry.ts';
import type { JsonSchema } from '../stage/stage-kind.ts';
import { filledParams } from './fill-stages.ts';
import { pipelineSchema, stageSchema } from './schema.ts';

/** Editors see the file before interpolation: wherever a value stands, a text with `${…}` may stand too. */
function orReference(schema: JsonSchema): JsonSchema {
  const { refersTo: _, default: fallback, description, ...rest } = schema;
  const inner =
    rest['properties'] === undefined
      ? rest
      : { ...rest, properties: mapValues(rest['properties'] as Record<string, JsonSchema>, orReference) };
  const reference = { type: 'string', pattern: '\\$\\{[^}]+\\}' };
  const either = rest['type'] === 'string' && rest['enum'] === undefined ? inner : { anyOf: [inner, reference] };
  return {
    ...either,
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

function mapValues<Value, Mapped>(
  map: Record<string, Value>,
  change: (value: Value) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function inputsSchema(slots: readonly string[]): JsonSchema {
  return slots.length === 0 ? { maxProperties: 0 } : { propertyNames: { enum: slots } };
}

/** The schema of pipeline files with the parameters of all built-in kinds; of the subset that draft-07 and 2020-12 share. */
export async function publishedSchema(): Promise<JsonSchema> {
  const names = (await builtInKinds()).sort();
  const rules: JsonSchema[] = [];
  for (const name of names) {
    const loaded = await loadKind(name, '.');
    if (!loaded.ok) throw new Error(loaded.error.message);
    const { kind } = loaded.value;
    const filled = filledParams(kind.params);
    const own = Object.entries((kind.params['properties'] ?? {}) as Record<string, JsonSchema>);
    const properties = mapValues(Object.fromEntries(own.filter(([key]) => !filled.includes(key))), orReference);
    rules.push({
      if: { properties: { uses: { const: name } }, required: ['uses'] },
      // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's keyword
      then: {
        properties: {
          with: { ...kind.params, properties },
          from: inputsSchema(Object.keys(kind.inputs)),
        },
        description: kind.description,
      },
    });
  }
  const uses = {
    type: 'string',
    description: 'The stage kind: one of pipe\'s own, or the path of a module that starts with "./".',
    anyOf: [{ enum: names }, { pattern: '^\\.\\.?/' }],
  };
  return pipelineSchema({ ...stageSchema(uses, { type: 'object' }), allOf: rules }, modelSchema);
}
