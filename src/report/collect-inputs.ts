import type { Artifact } from '../artifact/reader.ts';
import { type Failure, failure } from '../errors/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';

/** An opened artifact with the stage instance that made it. */
export interface ReportInput {
  readonly stage: string;
  readonly matrix: Readonly<Record<string, string>>;
  readonly artifact: Artifact;
}

/** The inputs of a report by slot; a slot that the pipeline leaves out is an empty list. */
export interface ReportInputs {
  readonly metrics: readonly ReportInput[];
  readonly predictions: readonly ReportInput[];
  readonly confusion: readonly ReportInput[];
  readonly calibration: readonly ReportInput[];
  readonly writers: readonly ReportInput[];
  readonly search: readonly ReportInput[];
  readonly cv: readonly ReportInput[];
  readonly curves: readonly ReportInput[];
  readonly fit: readonly ReportInput[];
  readonly history: readonly ReportInput[];
  readonly refits: readonly ReportInput[];
  readonly timings: readonly ReportInput[];
  readonly samples: readonly ReportInput[];
  readonly split: readonly ReportInput[];
}

/** `evaluate[cnn]`: how people name a stage instance. */
export function inputName(input: ReportInput): string {
  const values = Object.values(input.matrix);
  return values.length === 0 ? input.stage : `${input.stage}[${values.join(', ')}]`;
}

/** A failure about one input of the report. */
export function inputFailure(input: ReportInput, message: string, hint?: string): Failure {
  return failure('report-input', `${inputName(input)}: ${message}`, { hint });
}

/** A metadata entry that holds JSON; undefined where the entry is absent. */
export function jsonMetadata(input: ReportInput, key: string): Result<Json | undefined> {
  const text = input.artifact.metadata[key];
  if (text === undefined) return ok(undefined);
  return parsedJson(input, text, `the metadata entry "${key}"`);
}

/** JSON text of an artifact; `what` names it in the failure. */
export function parsedJson(input: ReportInput, text: string, what: string): Result<Json> {
  try {
    return ok(JSON.parse(text) as Json);
  } catch {
    return err(inputFailure(input, `${what} is not JSON: ${JSON.stringify(text.slice(0, 60))}`));
  }
}

/** The names of the classes by label, from the metadata entry `classes`; undefined where the input has none. */
export function classNames(input: ReportInput): Result<readonly string[] | undefined> {
  const parsed = jsonMetadata(input, 'classes');
  if (!parsed.ok || parsed.value === undefined) return parsed as Result<undefined>;
  if (Array.isArray(parsed.value)) return ok(parsed.value.map(String));
  return err(inputFailure(input, 'the metadata entry "classes" is not a list of names'));
}

/** The value where it is a map, else an empty one. */
export function mapOrEmpty(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The value where it is a text. */
export function textOrNothing(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A failure when the artifact lacks one of the columns. */
export function requireColumns(input: ReportInput, columns: readonly string[]): Result<void> {
  const absent = columns.filter((column) => !input.artifact.has(column));
  if (absent.length === 0) return ok();
  return err(
    inputFailure(
      input,
      `a ${input.artifact.type} artifact without the column ${absent.join(', ')}`,
      `its columns are ${input.artifact.columns.join(', ')}`,
    ),
  );
}
