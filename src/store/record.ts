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
  readonly format: 2;
  readonly fingerprint: string;
  readonly tree: FingerprintTree;
  /** What the job was called in the run that made it: for people, not part of the fingerprint. */
  readonly job: string;
  readonly outputs: Readonly<Record<string, StoredOutput>>;
  /** Its artifacts were removed to save space. What they were is known; they are made again where they are needed. */
  readonly evicted?: true;
  /** Wall time of the job in the worker. */
  readonly seconds: number;
  /** The most main memory that the job had, and of a GPU, in bytes; records of older versions have none. */
  readonly memory?: number;
  readonly gpuMemory?: number;
  /** Of a stage that fans out: the sum of its jobs' seconds, and their fingerprints by name. */
  readonly parts?: { readonly seconds: number; readonly of: Readonly<Record<string, string>> };
  readonly exclusive: boolean;
  /** Best score that the job reported, where it has one. */
  readonly score?: number;
  /** What people should know of the result, where there is something. */
  readonly finding?: string;
  readonly finished: string;
  readonly run: string;
  readonly host: { readonly name: string; readonly cpu: string; readonly node: string };
  readonly log: string;
}

/** Jobs that a record stands for: its own, or those that its stage fanned out into. */
export function jobsOf(record: JobRecord): number {
  return record.parts === undefined ? 1 : Object.keys(record.parts.of).length;
}

/** Seconds of computing that a record saves: its job's and those of the jobs that it collects. */
export function secondsOf(record: JobRecord): number {
  return record.seconds + (record.parts?.seconds ?? 0);
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
  const { outputs, tree, seconds, job } = record;
  const sound =
    record.format === 2 &&
    record.fingerprint === fingerprint &&
    typeof job === 'string' &&
    typeof seconds === 'number' &&
    typeof tree === 'object' &&
    tree !== null &&
    typeof outputs === 'object' &&
    outputs !== null &&
    Object.keys(outputs).length > 0 &&
    Object.values(outputs).every((output) => isDigest(String(output?.digest)) && Number.isInteger(output.size)) &&
    Object.values(record.parts?.of ?? {}).every((part) => isDigest(String(part)));
  return sound ? (record as JobRecord) : undefined;
}
