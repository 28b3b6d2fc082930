import type { FingerprintTree } from '../fingerprint/fingerprint.ts';
import { isDigest } from './layout.ts';

/** One published output of a job. */
export interface StoredOutput {
  readonly type: string;
  readonly digest: string;
  readonly size: number;
  readonly rows: number;
}

/** What is known of a finished job. It is written last, so that what it names is there. */
export interface JobRecord {
  readonly format: 1;
  readonly fingerprint: string;
  readonly tree: FingerprintTree;
  readonly outputs: Readonly<Record<string, StoredOutput>>;
  /** Wall time of the job in the worker. */
  readonly seconds: number;
  /** Of a stage that fans out: its jobs and the sum of their seconds. */
  readonly parts?: { readonly jobs: number; readonly seconds: number };
  readonly exclusive: boolean;
  /** Best score that the job reported, where it has one. */
  readonly score?: number;
  /** What people should know of the result, where there is something. */
  readonly finding?: string;
  readonly finished: string;
  readonly host: { readonly name: string; readonly cpu: string; readonly node: string };
  readonly log: string;
}

/** Reads a record; undefined when the text is not one (half-written by a broken disk, or of another format). */
export function parseRecord(text: string, fingerprint: string): JobRecord | undefined {
  let record: Partial<JobRecord>;
  try {
    record = JSON.parse(text) as Partial<JobRecord>;
  } catch {
    return undefined;
  }
  if (typeof record !== 'object' || record === null) return undefined;
  const outputs = Object.values(record.outputs ?? {});
  const sound = record.format === 1 && record.fingerprint === fingerprint && outputs.length > 0;
  return sound && outputs.every((output) => isDigest(output.digest)) ? (record as JobRecord) : undefined;
}
