import { type FSWatcher, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Leases } from '../store/leases.ts';
import { LineReader } from '../util/line-reader.ts';
import { watchFolder } from '../util/watch-folder.ts';
import { type PilotDescription, readPilot } from './description.ts';
import { type ClusterLayout, namesIn, pilotJournal } from './layout.ts';
import { type PilotLine, parsePilotLine } from './pilot-line.ts';

/** A pilot as a run sees it. */
export interface FollowedPilot {
  readonly id: string;
  readonly description: PilotDescription;
  /** It was dead when it was first seen: of what it tells, only that is news which it did for this run. */
  readonly foundDead: boolean;
  /** It has told of its end, or was found dead. */
  over: boolean;
}

/** The pilots of one class, and what they tell. */
export interface Followed {
  /**
   * What pilots have told since the last time, each pilot's lines in their order. Of those that the file system tells of news of;
   * `all`: of all of them, and of new ones, since a shared file system may tell nothing.
   */
  read(all: boolean): { readonly pilot: FollowedPilot; readonly line: PilotLine }[];
  /** Pilots that have died since the last time without a word. */
  deaths(): FollowedPilot[];
  all(): readonly FollowedPilot[];
  close(): void;
}

/** Pilots whose folders the system is asked to watch; those beyond are looked at from time to time like all. */
const watchedAtMost = 128;

/** Follows the pilots of a class, those that are there and those that come. `wake` is called where the file system tells of news. */
export function followPilots(
  layout: ClusterLayout,
  leases: Pick<Leases, 'isLiving'>,
  /** When the run began, in milliseconds since the epoch. */
  since: number,
  wake: () => void,
): Followed {
  mkdirSync(layout.pilots, { recursive: true });
  const pilots = new Map<string, FollowedPilot & { readonly reader: LineReader<PilotLine> }>();
  const news = new Set<string>();
  let isNewPilot = true;
  const newPilot = (): void => {
    isNewPilot = true;
    wake();
  };
  const watchers: (FSWatcher | undefined)[] = [watchFolder(layout.pilots, newPilot)];
  const discover = (): void => {
    for (const id of namesIn(layout.pilots)) {
      if (pilots.has(id)) continue;
      const description = readPilot(layout, id);
      if (description === undefined) continue;
      const reader = new LineReader(join(layout.pilot(id), pilotJournal), parsePilotLine);
      const foundDead = !leases.isLiving(id);
      pilots.set(id, { id, description, foundDead, over: foundDead && isOld(layout, id, since), reader });
      news.add(id);
      const hear = (): void => {
        news.add(id);
        wake();
      };
      if (watchers.length <= watchedAtMost) watchers.push(watchFolder(layout.pilot(id), hear));
    }
  };
  return {
    read: (all) => {
      if (all || isNewPilot) discover();
      isNewPilot = false;
      const lines: { pilot: FollowedPilot; line: PilotLine }[] = [];
      for (const pilot of pilots.values()) {
        // Of one that is over all was read, when its end was seen.
        if (pilot.over || !(news.delete(pilot.id) || all)) continue;
        for (const line of pilot.reader.read()) {
          if (line.type === 'ended') pilot.over = true;
          lines.push({ pilot, line });
        }
      }
      return lines;
    },
    deaths: () => {
      const dead: FollowedPilot[] = [];
      for (const pilot of pilots.values()) {
        if (pilot.over || leases.isLiving(pilot.id)) continue;
        pilot.over = true;
        dead.push(pilot);
      }
      return dead;
    },
    all: () => [...pilots.values()],
    close: () => {
      for (const watcher of watchers) watcher?.close();
    },
  };
}

/** Clocks of machines may differ by so much, in milliseconds. */
const clocksDiffer = 10 * 60_000;

/** Whether a pilot has told nothing since the run began. */
function isOld(layout: ClusterLayout, id: string, since: number): boolean {
  try {
    return statSync(join(layout.pilot(id), pilotJournal)).mtimeMs < since - clocksDiffer;
  } catch {
    return true;
  }
}
