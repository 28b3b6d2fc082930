import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Failure, failure } from '../errors/failure.ts';
import type { RunEvent } from '../events/event.ts';
import type { StoreLayout } from '../store/layout.ts';
import { isDigest } from '../store/layout.ts';
import { pinnedRun } from '../store/pins.ts';
import type { JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';
import { isUlid, ulidTime } from '../util/ulid.ts';

/** What a run left of a stage instance. */
export interface PastStage {
  readonly fingerprint: string;
  /** `done`: it ran; `cached`: it was taken from the store. */
  readonly status: 'done' | 'cached';
}

/** A run that was. */
export interface PastRun {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  readonly pipeline: string;
  readonly file: string;
  readonly profile: string;
  readonly params: JsonObject;
  /** The commit that was checked out, where there was one. */
  readonly commit?: string;
  /** `killed`: it has no end, or goes on still. */
  readonly status: 'done' | 'failed' | 'interrupted' | 'killed';
  readonly stages: ReadonlyMap<string, PastStage>;
}

/** Names of the runs of a store, newest first. */
export function runIds(layout: StoreLayout): string[] {
  try {
    return readdirSync(layout.runs).filter(isUlid).sort().reverse();
  } catch {
    return [];
  }
}

/** Reads a run by its manifest; of one that was killed, by what its journal tells. Undefined where it left neither. */
export function readRun(layout: StoreLayout, id: string): PastRun | undefined {
  const read = (name: string): string => readFileSync(join(layout.run(id), name), 'utf8');
  try {
    return ofManifest(id, JSON.parse(read('manifest.json')) as Manifest);
  } catch {
    // No manifest: it was killed, goes on, or is of an older format.
  }
  try {
    return ofJournal(id, read('journal.jsonl'));
  } catch {
    return undefined;
  }
}

interface Manifest {
  readonly format: number;
  readonly pipeline: string;
  readonly file: string;
  readonly profile: string;
  readonly params: JsonObject;
  readonly commit?: string | null;
  readonly status: PastRun['status'];
  readonly stages: Readonly<Record<string, PastStage>>;
}

function ofManifest(id: string, manifest: Manifest): PastRun {
  if (manifest.format !== 2) throw new Error('of another format');
  const { pipeline, file, profile, params, commit, status } = manifest;
  const stages = Object.entries(manifest.stages).filter(([, { fingerprint }]) => isDigest(fingerprint));
  const known = typeof commit === 'string' ? { commit } : {};
  return { id, started: ulidTime(id), pipeline, file, profile, params, ...known, status, stages: new Map(stages) };
}

function ofJournal(id: string, text: string): PastRun | undefined {
  let run: Omit<PastRun, 'stages'> | undefined;
  const stages = new Map<string, PastStage>();
  for (const line of text.split('\n')) {
    let event: RunEvent;
    try {
      event = JSON.parse(line) as RunEvent;
    } catch {
      // The last line of a killed run may be cut off.
      continue;
    }
    if (event.type === 'run-started') {
      const { pipeline, file, profile, params = {} } = event;
      run = { id, started: ulidTime(id), pipeline, file, profile, params, status: 'killed' };
    }
    if (event.type === 'job-finished' && event.job === event.stage && isDigest(event.fingerprint))
      stages.set(event.stage, { fingerprint: event.fingerprint, status: event.cached ? 'cached' : 'done' });
  }
  return run === undefined ? undefined : { ...run, stages };
}

/**
 * Finds a run by `@1` (the newest), `@2` (the one before) …, by its name or an unambiguous end or beginning of it, or
 * by the name that it is pinned under. Errors: there is none, or several.
 */
export function findRun(layout: StoreLayout, reference: string): Result<string, Failure> {
  const ids = runIds(layout);
  const nth = /^@?(\d{1,6})$/.exec(reference);
  if (nth !== null) {
    const id = ids[Number(nth[1]) - 1];
    if (id !== undefined) return ok(id);
    return err(
      failure('run-unknown', `there is no run ${reference}: the store has ${ids.length}`, {
        hint: '@1 is the newest one',
      }),
    );
  }
  const name = reference.replace(/^@/, '');
  const pinned = pinnedRun(layout, name);
  if (pinned !== undefined) return ok(pinned);
  const wanted = name.toUpperCase();
  const found = ids.filter((id) => wanted.length >= 4 && (id.endsWith(wanted) || id.startsWith(wanted)));
  if (found.length === 1) return ok(found[0] as string);
  const message = found.length === 0 ? `there is no run "${name}"` : `"${name}" fits ${found.length} runs`;
  return err(
    failure('run-unknown', message, { hint: found.length === 0 ? suggestion(name, ids) : 'give more of its name' }),
  );
}
