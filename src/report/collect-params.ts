import { isJsonObject, type JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { inputFailure, parsedJson, type ReportInput } from './collect-inputs.ts';

/** The combination of each row. */
export function combinationParams(input: ReportInput): Result<JsonObject[]> {
  const params: JsonObject[] = [];
  for (const text of input.artifact.texts('params')) {
    const parsed = parsedJson(input, text ?? '', 'a row of the column params');
    if (!parsed.ok) return parsed;
    if (!isJsonObject(parsed.value)) return err(inputFailure(input, 'a row of the column params is not a map'));
    params.push(parsed.value);
  }
  return ok(params);
}

/** Equal maps give equal texts, whatever the order of their keys. */
export function paramsKey(params: JsonObject): string {
  return JSON.stringify(Object.entries(params).sort(([left], [right]) => (left < right ? -1 : 1)));
}
