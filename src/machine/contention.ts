import { type ReadText, readSystemFile } from './limits.ts';
import { processorTimes } from './load.ts';

/** Clock ticks of a second: Linux counts processor time in hundredths for all programs (USER_HZ). */
const ticksPerSecond = 100;

/** Processors that others may keep busy beside a time that is compared. */
const tolerated = 0.25;

/** Seconds of computing that are below what clock ticks can tell. */
const resolution = 0.05;

/** Says whether other processes computed beside this one since it was made. */
export function watchOthers(
  read: ReadText = readSystemFile,
  own: () => number = ownSeconds,
  clock: () => number = () => performance.now() / 1000,
): { wereBusy(): boolean } {
  const start = { busy: processorTimes(read).busy, own: own(), at: clock() };
  return {
    wereBusy: () => {
      const others = (processorTimes(read).busy - start.busy) / ticksPerSecond - (own() - start.own);
      return others > Math.max(resolution, tolerated * (clock() - start.at));
    },
  };
}

/** Seconds that all threads of this process computed. */
function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
