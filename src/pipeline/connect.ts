import { type Failure, failure } from '../errors/failure.ts';
import type { LoadedKind } from '../stage/registry.ts';
import type { InputSlot } from '../stage/stage-kind.ts';
import type { Json, JsonObject } from '../util/json.ts';
import { suggestion } from '../util/suggest.ts';
import type { Scope } from './interpolate.ts';
import type { Execution, InputReference, Resources, StageInstance } from './pipeline.ts';
import type { Referable, References } from './references.ts';
import type { Validator } from './validate.ts';
import type { Path, YamlFile } from './yaml-file.ts';

/** The parts of a pipeline file that instances are made of. */
export interface StageSource {
  readonly yaml: YamlFile;
  readonly file: string;
  readonly stages: JsonObject;
  readonly models: JsonObject;
  readonly scope: Scope;
  readonly validator: Validator;
}

/** A stage instance whose references to other stages are still texts. */
export interface Draft extends Referable {
  readonly loaded: LoadedKind;
  readonly params: JsonObject;
  readonly from: JsonObject;
  readonly needs: readonly string[];
  readonly resources: Resources;
  readonly execution: Execution;
}

/** Resolves the inputs of an instance among all drafts and checks them against its kind's slots; mistakes go to `problems`. */
export function connect(
  source: StageSource,
  draft: Draft,
  drafts: References<Draft>,
  problems: Failure[],
): StageInstance {
  const { kind } = draft.loaded;
  const inputs: Record<string, InputReference[]> = {};
  const stagePath = ['stages', draft.stage];
  for (const [slot, value] of Object.entries(draft.from)) {
    const wanted = Object.hasOwn(kind.inputs, slot) ? kind.inputs[slot] : undefined;
    if (wanted === undefined) {
      const hint = suggestion(slot, Object.keys(kind.inputs));
      problems.push(
        failure('input-unknown', `the kind "${kind.kind}" has no input "${slot}"`, {
          hint,
          location: source.yaml.locate([...stagePath, 'from', slot], 'key'),
        }),
      );
      continue;
    }
    inputs[slot] = (Array.isArray(value) ? value : [value]).flatMap((text: Json, index) => {
      const path = [...stagePath, 'from', slot, ...(Array.isArray(value) ? [index] : [])];
      return references(source, String(text), path, wanted, drafts, problems);
    });
    if (wanted.many !== true && inputs[slot].length > 1) {
      const hint = `name one of them, for example ${inputs[slot][0]?.instance}`;
      problems.push(
        failure('input-many', `"${slot}" takes one artifact, got ${inputs[slot].length}`, {
          hint,
          location: source.yaml.locate([...stagePath, 'from', slot]),
        }),
      );
    }
  }
  for (const [slot, wanted] of Object.entries(kind.inputs)) {
    if (wanted.optional === true || (inputs[slot]?.length ?? 0) > 0) continue;
    if (draft.from[slot] !== undefined) continue;
    problems.push(
      failure('input-missing', `stage "${draft.stage}" lacks its input "${slot}" (${wanted.description})`, {
        hint: `add from: {${slot}: …} with an artifact of ${wanted.type === 'any' ? 'any type' : `type ${wanted.type}`}`,
        location: source.yaml.locate(stagePath, 'key'),
      }),
    );
  }
  const needed = draft.needs.flatMap((text, index) =>
    needTargets(source, text, [...stagePath, 'needs', index], drafts, problems),
  );
  const after = [
    ...new Set([
      ...Object.values(inputs)
        .flat()
        .map((input) => input.instance),
      ...needed,
    ]),
  ];
  const { id, stage, matrix, loaded, params, resources, execution } = draft;
  return {
    id,
    stage,
    matrix,
    loaded,
    params,
    inputs,
    after,
    resources,
    execution,
    location: source.yaml.locate(stagePath, 'key'),
  };
}

function references(
  source: StageSource,
  text: string,
  path: Path,
  wanted: InputSlot,
  drafts: References<Draft>,
  problems: Failure[],
): InputReference[] {
  const found = drafts.resolve(text);
  const location = source.yaml.locate(path);
  if (!found.ok) {
    problems.push(failure('reference', found.message, { hint: found.hint, location }));
    return [];
  }
  const { targets, output } = found.value;
  const kind = (targets[0] as Draft).loaded.kind;
  const type = kind.outputs[output]?.type;
  if (wanted.type !== 'any' && type !== wanted.type) {
    const fitting = Object.entries(kind.outputs).find(([, slot]) => slot.type === wanted.type)?.[0];
    const hint =
      fitting === undefined ? `"${kind.kind}" has no such output` : `write ${text.replace(/\.[\w-]+$/, '')}.${fitting}`;
    problems.push(
      failure('input-type', `${text} is of type ${type}, the input wants ${wanted.type}`, { hint, location }),
    );
  }
  return targets.map(({ id, stage, matrix }) => ({ instance: id, stage, matrix, output }));
}

function needTargets(
  source: StageSource,
  text: string,
  path: Path,
  drafts: References<Draft>,
  problems: Failure[],
): string[] {
  const found = drafts.resolve(text);
  if (found.ok) return found.value.targets.map((target) => target.id);
  problems.push(failure('reference', found.message, { hint: found.hint, location: source.yaml.locate(path) }));
  return [];
}
