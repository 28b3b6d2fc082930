import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GpuDescription } from '../events/event.ts';
import { type ClusterLayout, pilotFile } from './layout.ts';

/** A pilot as it describes itself when it starts. */
export interface PilotDescription {
  readonly id: string;
  /** The job array that it came with. */
  readonly submit: string;
  /** Slurm's number of it: `123_4`. */
  readonly job: string;
  readonly host: string;
  readonly pid: number;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  readonly gpus: readonly GpuDescription[];
  /** Milliseconds since the epoch: its start, and when its time is up. */
  readonly started: number;
  readonly ends: number;
}

/** What a pilot says of itself; undefined where it has not said it yet. */
export function readPilot(layout: ClusterLayout, id: string): PilotDescription | undefined {
  try {
    return JSON.parse(readFileSync(join(layout.pilot(id), pilotFile), 'utf8')) as PilotDescription;
  } catch {
    return undefined;
  }
}
