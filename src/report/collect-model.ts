import { isJsonObject, type Json } from '../util/json.ts';
import { ok, type Result } from '../util/result.ts';
import { jsonMetadata, mapOrEmpty, type ReportInput, requireColumns, textOrNothing } from './collect-inputs.ts';
import type { Epoch, LayerFacts, ModelFacts } from './study.ts';

function layerFacts(value: Json | undefined): LayerFacts[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isJsonObject).map((one) => ({ layer: String(one['layer']), config: mapOrEmpty(one['config']) }));
}

/** The model of a `weights` artifact, from its metadata; undefined where it says none. */
export function modelFacts(input: ReportInput | undefined): Result<ModelFacts | undefined> {
  if (input === undefined) return ok(undefined);
  const parsed = jsonMetadata(input, 'model');
  if (!parsed.ok) return parsed;
  if (!isJsonObject(parsed.value)) return ok(undefined);
  const model = parsed.value;
  const title = textOrNothing(model['title']) ?? textOrNothing(model['name']);
  const kind = textOrNothing(model['input']);
  return ok({
    ...(title === undefined ? {} : { title }),
    ...(kind === undefined ? {} : { input: kind }),
    layers: layerFacts(model['layers']),
    hyperparameters: mapOrEmpty(model['hyperparameters']),
    training: mapOrEmpty(model['training']),
  });
}

/** How many numbers the tensors of a `weights` artifact hold. */
export function parameterCount(input: ReportInput | undefined): number | undefined {
  if (input?.artifact.has('shape') !== true) return undefined;
  return input.artifact
    .lists('shape')
    .reduce((sum, shape) => sum + Array.from(shape).reduce((product, extent) => product * extent, 1), 0);
}

/** The epochs of a `history` artifact; undefined where there is none. */
export function epochs(input: ReportInput | undefined): Result<readonly Epoch[] | undefined> {
  if (input === undefined) return ok(undefined);
  const columns = requireColumns(input, ['epoch', 'loss', 'accuracy']);
  if (!columns.ok) return columns;
  const { artifact } = input;
  const optional = (column: string): ArrayLike<number> => (artifact.has(column) ? artifact.numbers(column) : []);
  const [loss, accuracy] = [artifact.numbers('loss'), artifact.numbers('accuracy')];
  const [validationLoss, validationAccuracy] = [optional('validation_loss'), optional('validation_accuracy')];
  return ok(
    Array.from(artifact.numbers('epoch'), (epoch, row) => ({
      epoch,
      loss: loss[row] ?? Number.NaN,
      accuracy: accuracy[row] ?? Number.NaN,
      validationLoss: validationLoss[row] ?? Number.NaN,
      validationAccuracy: validationAccuracy[row] ?? Number.NaN,
    })),
  );
}
