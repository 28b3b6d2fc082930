import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store/store.ts';
import { LineReader } from '../util/line-reader.ts';
import { type PilotDescription, readPilot } from './description.ts';
import { type ClusterLayout, clusterLayout, namesIn, pilotJournal } from './layout.ts';
import { parsePilotLine } from './pilot-line.ts';
import type { Slurm } from './slurm.ts';
import { isOver } from './slurm.ts';
import { listSubmits, nameOf } from './submits.ts';

/** A pilot that lives, and what it is at. */
export interface LivingPilot extends PilotDescription {
  readonly running: readonly string[];
  /** Jobs that it has finished. */
  readonly done: number;
}

/** Pilots that wait for the cluster, and why. */
export interface WaitingPilots {
  /** Slurm's number of the array. */
  readonly job: string;
  readonly count: number;
  readonly reason: string;
}

export interface ClusterStatus {
  readonly pilots: readonly LivingPilot[];
  readonly waiting: readonly WaitingPilots[];
  /** The cluster did not answer, and why. */
  readonly silent?: string;
}

/** The queues of a store: one for each class of pilots that there ever was. */
export function clusterClasses(store: Store): ClusterLayout[] {
  try {
    return readdirSync(join(store.layout.root, 'cluster')).map((name) => clusterLayout(store.layout.root, name));
  } catch {
    return [];
  }
}

/** The pilots that work for a store, and those that wait. */
export async function clusterStatus(store: Store, slurm: Pick<Slurm, 'list'>): Promise<ClusterStatus> {
  const classes = clusterClasses(store);
  const pilots = classes.flatMap((layout) =>
    namesIn(layout.pilots).flatMap((id) => {
      const description = store.leases.isLiving(id) ? readPilot(layout, id) : undefined;
      return description === undefined ? [] : [{ ...description, ...workOf(layout, id) }];
    }),
  );
  const submits = classes.flatMap((layout) => listSubmits(layout));
  const listed = await slurm.list(submits.map(nameOf));
  if (!listed.ok) return { pilots, waiting: [], silent: listed.error.message };
  const started = new Set(pilots.map(({ job }) => job));
  const waiting = submits.flatMap((submit) => {
    const tasks = listed.value.filter(
      ({ name, state, id }) => name === nameOf(submit) && !isOver(state) && !started.has(id) && state !== 'RUNNING',
    );
    const reasons = [...new Set(tasks.map(({ reason }) => reason.replace(/[()]/g, '')))].filter(
      (one) => one !== 'None',
    );
    return tasks.length === 0 ? [] : [{ job: submit.job ?? '', count: tasks.length, reason: reasons.join(', ') }];
  });
  return { pilots, waiting };
}

function workOf(layout: ClusterLayout, id: string): Pick<LivingPilot, 'running' | 'done'> {
  const running = new Map<string, string>();
  let done = 0;
  for (const line of new LineReader(join(layout.pilot(id), pilotJournal), parsePilotLine).read()) {
    if (line.type === 'task' && line.event.type === 'job-started') running.set(line.name, line.event.job);
    if (line.type === 'task' && line.event.type === 'job-finished') done++;
    const ends = line.type === 'failed' || line.type === 'returned';
    if (ends || (line.type === 'task' && line.event.type === 'job-finished')) running.delete(line.name);
  }
  return { running: [...running.values()], done };
}
