import { expect, test } from 'vitest';
import type { UntimedEvent } from '../../src/events/event.ts';
import { duration, harmless, harmlessLine } from '../../src/terminal/format.ts';
import { failureLines, summaryLines } from '../../src/terminal/summary.ts';
import { plain, Study } from './study.ts';

const linesOf = (end: UntimedEvent, reports: readonly string[] = []) =>
  summaryLines(new Study([]).tell(0, end).state, plain, reports);

test('the last lines say what ran, what was cached, and where the report is', () => {
  const end = { type: 'run-finished', seconds: 0.31, jobsRun: 0, jobsCached: 18, secondsSaved: 192 } as const;
  expect(linesOf({ ...end, status: 'done' }, ['r.html'])).toEqual([
    'Nothing to do, all is cached (0.31 s). 0 jobs run, 18 jobs cached (3 min 12 s saved)',
    'Report: r.html',
  ]);
  expect(linesOf({ ...end, status: 'interrupted' })[1]).toContain('run again to go on');
});

test('the end says how far off the expectation was, where it is worth telling', () => {
  const end = { type: 'run-finished', status: 'done', jobsRun: 3, jobsCached: 0, secondsSaved: 0 } as const;
  const lines = (seconds: number, expectedSeconds: number) => linesOf({ ...end, seconds, expectedSeconds }).slice(1);
  expect(lines(151, 130)).toEqual(['Expected 2 min 10 s: it took 16 % longer than that.']);
  expect(lines(65, 130)).toEqual(['Expected 2 min 10 s: it took 50 % shorter than that.']);
  expect(lines(100.1, 100)).toEqual(['Expected 1 min 40 s: it took as expected.']);
  expect(lines(2, 1)).toEqual([]);
});

test('of many failures the first are told in full, the others counted', () => {
  const study = new Study(['search']);
  for (let job = 0; job < 108; job++) {
    const failure = { code: 'stage-threw', message: 'out of ideas', detail: 'the last line' };
    study.tell(0, { type: 'job-failed', stage: 'search', job: `fold ${job}`, failure, log: `logs/${job}.log` });
  }
  const lines = failureLines(study.state, plain);
  expect(lines.slice(0, 3)).toEqual(['', 'fold 0 failed: out of ideas\n    the last line', '  log: logs/0.log']);
  expect(lines.at(-1)).toBe('103 more jobs failed: pipe logs --failed prints what they printed.');
  expect(lines).toHaveLength(17);
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
  expect(harmless('safe \u202egpj.exe')).toBe('safe gpj.exe');
  expect(harmlessLine('two\nlines\tand a tab')).toBe('two lines and a tab');
});
