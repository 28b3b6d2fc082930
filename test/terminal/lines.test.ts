import pc from 'picocolors';
import { expect, test } from 'vitest';
import type { RunEvent, UntimedEvent } from '../../src/events/event.ts';
import { duration, harmless } from '../../src/terminal/format.ts';
import { foldLines, summaryLines, treeLines } from '../../src/terminal/lines.ts';
import { advance, initialState } from '../../src/terminal/state.ts';

const plain = pc.createColors(false);

function stateAfter(events: readonly (UntimedEvent & { at?: number })[]) {
  const state = initialState(['ingest', 'search[cnn]', 'report']);
  for (const event of events) advance(state, { at: 0, ...event } as RunEvent);
  return state;
}

const linesOf = (state: ReturnType<typeof initialState>, now: number) =>
  treeLines(state, plain, now).map(({ text }) => text);

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
  expect(linesOf(state, 12_000)).toEqual([
    '  · ingest',
    '  ▸ search[cnn]   ██████░░░░░░░░░░  1/4 jobs  score 0.5000  1,234 samples/s  ETA 20 s',
    '  · report',
  ]);
});

test('a stage whose jobs wait for room says so', () => {
  const state = stateAfter([{ type: 'stage-started', stage: 'search[cnn]', jobs: 6, cachedJobs: 2 }]);
  expect(linesOf(state, 0)[1]).toBe('  · search[cnn]   4 jobs waiting, 2 cached');
});

test("the score of a finished search is its best mean, not its best fold's", () => {
  const state = stateAfter([
    { type: 'stage-started', stage: 'search[cnn]', jobs: 2, cachedJobs: 1 },
    finishedJob('a', 0.9, true),
    finishedJob('b', 0.5),
    finishedJob('search[cnn]', 0.7),
    { type: 'stage-finished', stage: 'search[cnn]', status: 'done', outputs: {}, at: 5000 },
  ]);
  expect(linesOf(state, 9000)[1]).toContain('2 jobs, 1 cached  score 0.7000');
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

/** A matrix stage with instances in several states. */
function study() {
  const state = initialState(['ingest', 'search[mlp]', 'search[cnn]', 'fit[mlp]', 'fit[cnn]', 'report']);
  const tell = (event: UntimedEvent, at = 0) => advance(state, { at, ...event } as RunEvent);
  tell({ type: 'stage-finished', stage: 'ingest', status: 'cached', outputs: {} });
  for (const stage of ['search[mlp]', 'search[cnn]']) {
    tell({ type: 'stage-started', stage, jobs: 2, cachedJobs: 0 });
    tell({ ...startedJob('a'), stage });
  }
  tell({ ...finishedJob('a', 0.25), stage: 'search[mlp]' });
  tell({ ...finishedJob('b', 0.75), stage: 'search[cnn]' });
  return { state, tell };
}

test('instances of a matrix stage stand below a line that sums them up; those that wait are one line', () => {
  expect(linesOf(study().state, 0)).toEqual([
    '  = ingest        cached  0.00 s saved',
    '  ▸ search        0 of 2 done  2/4 jobs  best cnn 0.7500',
    '    ▸ mlp         ████████░░░░░░░░  1/2 jobs  score 0.2500',
    '    ▸ cnn         ████████░░░░░░░░  1/2 jobs  score 0.7500',
    '  · fit           mlp, cnn',
    '  · report',
  ]);
});

test('where there is no room, finished stages are counted first, then waiting ones; what runs stays', () => {
  const lines = treeLines(study().state, plain, 0);
  expect(foldLines(lines, 6, plain)).toHaveLength(6);
  expect(foldLines(lines, 5, plain).map((line) => line.trim().slice(0, 16))).toEqual([
    '✔ 1 stage done',
    '▸ search        ',
    '▸ mlp         ██',
    '▸ cnn         ██',
    '· 3 stages waiti',
  ]);
  expect(foldLines(lines, 2, plain)).toEqual(['  ✔ 1 stage done', '  … 4 more lines']);
});

test('jobs that another run makes, and tries in vain, are told', () => {
  const { state, tell } = study();
  const other = { type: 'job-waiting', stage: 'search[mlp]', job: 'b', run: 'x', pid: 321, host: 'here' } as const;
  tell(other);
  tell({
    type: 'job-retried',
    stage: 'search[cnn]',
    job: 'a',
    failure: { code: 'worker-died', message: 'the worker died' },
    reason: 'died',
    attempt: 2,
    wait: 4,
  });
  const lines = linesOf(state, 0);
  expect(lines[2]).toContain('1 job in another run (process 321)');
  expect(lines[3]).toContain('1 retry');
  expect(state.notices.at(-1)?.text).toBe('a: the worker died; trying again in 4 s');
});

test('stages that were not run say why once for all instances', () => {
  const { state, tell } = study();
  for (const stage of ['fit[mlp]', 'fit[cnn]'])
    tell({ type: 'stage-finished', stage, status: 'skipped', outputs: {}, reason: 'the run was stopped' });
  expect(linesOf(state, 0)[4]).toBe('  - fit           not run: the run was stopped  (mlp, cnn)');
});

test('the end says how far off the expectation was, where it is worth telling', () => {
  const end = { type: 'run-finished', status: 'done', jobsRun: 3, jobsCached: 0, secondsSaved: 0 } as const;
  const lines = (seconds: number, expectedSeconds: number) =>
    summaryLines(stateAfter([{ ...end, seconds, expectedSeconds }]), plain, []).slice(1);
  expect(lines(151, 130)).toEqual(['Expected 2 min 10 s: it took 16 % longer than that.']);
  expect(lines(65, 130)).toEqual(['Expected 2 min 10 s: it took 50 % shorter than that.']);
  expect(lines(100.1, 100)).toEqual(['Expected 1 min 40 s: it took as expected.']);
  expect(lines(2, 1)).toEqual([]);
});
