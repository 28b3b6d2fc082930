import pc from 'picocolors';
import { expect, test } from 'vitest';
import type { RunEvent, UntimedEvent } from '../../src/events/event.ts';
import { duration, harmless } from '../../src/terminal/format.ts';
import { stageLines, summaryLines } from '../../src/terminal/lines.ts';
import { advance, initialState } from '../../src/terminal/state.ts';

const plain = pc.createColors(false);

function stateAfter(events: readonly (UntimedEvent & { at?: number })[]) {
  const state = initialState(['ingest', 'search[cnn]', 'report']);
  for (const event of events) advance(state, { at: 0, ...event } as RunEvent);
  return state;
}

const startedJob = (job: string) =>
  ({
    type: 'job-started',
    stage: 'search[cnn]',
    job,
    fingerprint: 'f',
    attempt: 1,
    worker: 1,
    waited: 0,
    cpus: 1,
    exclusive: false,
  }) as const;

const finishedJob = (job: string, score: number, cached = false) =>
  ({ type: 'job-finished', stage: 'search[cnn]', job, fingerprint: 'f', seconds: 4, cached, score }) as const;

test('a stage that fans out shows jobs, best score and time left', () => {
  const state = stateAfter([
    { type: 'stage-started', stage: 'search[cnn]', jobs: 4, cachedJobs: 0 },
    startedJob('a'),
    finishedJob('a', 0.5),
    startedJob('b'),
    { type: 'job-progress', stage: 'search[cnn]', job: 'b', progress: { fraction: 0.5, samplesPerSecond: 1234 } },
  ]);
  expect(stageLines(state, plain, 12_000)).toEqual([
    '  · ingest',
    '  ▸ search[cnn]   ██████░░░░░░░░░░  1/4 jobs  score 0.5000  1,234 samples/s  ETA 20 s',
    '  · report',
  ]);
});

test('a stage whose jobs wait for room says so', () => {
  const state = stateAfter([{ type: 'stage-started', stage: 'search[cnn]', jobs: 6, cachedJobs: 2 }]);
  expect(stageLines(state, plain, 0)[1]).toBe('  · search[cnn]   4 jobs waiting, 2 cached');
});

test("the score of a finished search is its best mean, not its best fold's", () => {
  const state = stateAfter([
    { type: 'stage-started', stage: 'search[cnn]', jobs: 2, cachedJobs: 1 },
    finishedJob('a', 0.9, true),
    finishedJob('b', 0.5),
    finishedJob('search[cnn]', 0.7),
    { type: 'stage-finished', stage: 'search[cnn]', status: 'done', outputs: {}, at: 5000 },
  ]);
  expect(stageLines(state, plain, 9000)[1]).toContain('2 jobs, 1 cached  score 0.7000');
});

test('the last lines say what ran, what was cached, and where the report is', () => {
  const end = { type: 'run-finished', seconds: 0.31, jobsRun: 0, jobsCached: 18, secondsSaved: 192 } as const;
  expect(summaryLines(stateAfter([{ ...end, status: 'done' }]), plain, ['r.html'])).toEqual([
    'Nothing to do, all is cached (0.31 s). 0 jobs run, 18 jobs cached (3 min 12 s saved)',
    'Report: r.html',
  ]);
  expect(summaryLines(stateAfter([{ ...end, status: 'interrupted' }]), plain, [])[1]).toContain('run again to go on');
});

test.each([
  [0.305, '0.30 s'],
  [9.94, '9.9 s'],
  [42.4, '42 s'],
  [185, '3 min 05 s'],
  [7620, '2 h 07 min'],
])('%d seconds read %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test('names and logs cannot steer the terminal', () => {
  expect(harmless('a\u001b[2Jb\u001b]0;title\u0007c\u001b]8;;http://x\u001b\\d\u0000\re\tf')).toBe('abcde\tf');
});
