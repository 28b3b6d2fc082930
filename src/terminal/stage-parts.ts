import { bar, duration, grouped, plural } from './format.ts';
import { joined, type Part, partsOf } from './parts.ts';
import type { StageState } from './state.ts';
import { stageFraction, stageSecondsLeft } from './time-left.ts';

/** What stands behind a stage's name, as one text. */
export function stageDetail(stage: StageState, now: number): string {
  return joined(stageParts(stage, now));
}

/** What stands behind a stage's name: how far it is, its best score so far, what is odd about it. `now` in milliseconds since the epoch. */
export function stageParts(stage: StageState, now: number, barWidth = 8): Part[] {
  const fanned = stage.jobs > 1;
  switch (stage.status) {
    case 'waiting':
      return [];
    case 'skipped':
      return partsOf([`not run: ${stage.reason ?? ''}`, 1]);
    case 'failed':
      return partsOf(['failed', 2], [stage.retries > 0 ? `after ${retries(stage)}` : '', 1]);
    case 'cached':
      return partsOf(
        ['cached', 4],
        [fanned ? plural(stage.jobs, 'job') : '', 2],
        [score(stage), 3],
        [stage.seconds > 0 ? `${duration(stage.seconds)} saved` : '', 1],
      );
    case 'done':
      return partsOf(
        [doneText(stage, now), 4],
        [fanned ? plural(stage.jobs, 'job') : '', 1],
        [fanned ? cachedText(stage) : '', 1],
        [score(stage), 3],
        [fanned && stage.startedAt !== undefined ? sharedText(stage) : '', 1],
        [stage.retries > 0 ? retries(stage) : '', 2],
      );
    case 'running':
      return isWaiting(stage) ? waitingParts(stage) : runningParts(stage, now, barWidth);
  }
}

/** Its jobs are known, but others have the machine. */
export function isWaiting(stage: StageState): boolean {
  return stage.status === 'running' && stage.startedAt === undefined;
}

function waitingParts(stage: StageState): Part[] {
  const left = stage.jobs - stage.cachedJobs - stage.elsewhere.size;
  const waiting = stage.jobs === 1 ? 'waiting' : `${plural(left, 'job')} waiting`;
  const cached = stage.jobs === 1 ? '' : cachedText(stage);
  return partsOf([left > 0 ? waiting : '', 2], [cached, 0], [elsewhereText(stage), 1]);
}

function runningParts(stage: StageState, now: number, barWidth: number): Part[] {
  const running = [...stage.running.values()].flatMap(({ progress }) => (progress === undefined ? [] : [progress]));
  const rate = running.reduce((sum, progress) => sum + (progress.samplesPerSecond ?? 0), 0);
  const left = stageSecondsLeft(stage, now);
  const done = Math.min(stage.finishedJobs, stage.jobs);
  const [note] = running.flatMap((progress) => progress.note ?? []);
  const fanned = stage.jobs > 1;
  return partsOf(
    [bar(stageFraction(stage), barWidth), fanned ? 3 : 7],
    [fanned ? `${grouped(done)}/${grouped(stage.jobs)} jobs` : (note ?? ''), fanned ? 8 : 2],
    [fanned ? cachedText(stage) : '', 2],
    [score(stage), 5],
    [left === undefined ? '' : `ETA ${duration(left)}`, 6],
    [stage.retries > 0 ? retries(stage) : '', 4],
    [elsewhereText(stage), 4],
    // It comes and goes: what stands behind it would jump.
    [rate > 0 ? `${grouped(rate)} samples/s` : '', 1],
  );
}

/** How long it took; a stage of which this run did nothing was made by another. */
function doneText(stage: StageState, now: number): string {
  const { startedAt, endedAt = now } = stage;
  if (startedAt === undefined && stage.sharedJobs > 0) return 'made by another run';
  return duration((endedAt - (startedAt ?? endedAt)) / 1000);
}

function sharedText({ sharedJobs }: StageState): string {
  return sharedJobs > 0 ? `${grouped(sharedJobs)} by another run` : '';
}

function cachedText({ cachedJobs }: StageState): string {
  return cachedJobs > 0 ? `${grouped(cachedJobs)} cached` : '';
}

function score({ bestScore }: StageState): string {
  return bestScore === undefined ? '' : `score ${bestScore.toFixed(4)}`;
}

function retries(stage: StageState): string {
  return plural(stage.retries, 'retry', 'retries');
}

function elsewhereText({ elsewhere }: StageState): string {
  const [first] = elsewhere.values();
  return first === undefined ? '' : `${plural(elsewhere.size, 'job')} in another run (process ${first.pid})`;
}
