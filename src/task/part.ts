import type { JobRecord } from '../store/record.ts';
import type { JsonObject } from '../util/json.ts';

/** A finished job of a fan-out, as the stage's own job collects it. */
export interface JobPart {
  readonly name: string;
  readonly params: JsonObject;
  readonly record: JobRecord;
}
