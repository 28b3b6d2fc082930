import { expect, test } from 'vitest';
import { html, markupText } from '../../src/report/html.ts';
import type { RunFacts } from '../../src/report/run-facts.ts';
import { runSection } from '../../src/report/section-run.ts';
import type { Study } from '../../src/report/study.ts';

const run: RunFacts = {
  id: '01M85V8MKKZRYGKFJA7G1G532Y',
  pipeline: 'small',
  profile: 'study',
  started: '2026-11-24T03:58:14.000Z',
  seconds: 90.6,
  counts: { ran: 5, cached: 2 },
  status: 'failed',
  params: {},
  machine: [['Processor', 'a chip']],
  stages: [
    { id: 'split', status: 'cached', jobs: 1, cachedJobs: 1, seconds: 0.1, fingerprint: 'ab'.repeat(32) },
    { id: 'search[net]', status: 'ran', jobs: 6, cachedJobs: 1, seconds: 31, fingerprint: 'cd'.repeat(32) },
    { id: 'fit[<b>net]', status: 'failed', jobs: 1, cachedJobs: 0, seconds: 0, failure: 'out of <memory>' },
  ],
  mermaid: '',
  graph: { width: 10, height: 10, body: html`<g/>` },
  timeline: {
    lanes: ['worker 1'],
    jobs: [
      { lane: 0, from: 0, to: 400, stage: 'search[net]', job: 'search[net] fold 1' },
      { lane: 0, from: 400, to: 420, stage: 'fit[net]', job: 'fit[net]' },
    ],
  },
};

const section = (facts: RunFacts): string => {
  const made = runSection({ run: facts } as Study);
  return markupText(html`${made?.body}`);
};

test('says what ran, what was taken from the store, what failed and why', () => {
  const text = section(run);
  expect(text).toContain('5 ran, 2 were taken from the store');
  expect(text).toContain('small (study)');
  expect(text).toContain('failed: out of &lt;memory&gt;');
  expect(text).toContain('fit[&lt;b&gt;net]');
  expect(text).toContain('cdcdcdcdcdcd');
  expect(text).toMatch(/<svg[^>]*aria-labelledby="timeline-title/);
});

test('the time of a long run is marked in minutes', () => {
  expect(section(run)).toMatch(/>2 min<\/text>/);
});

test('a run that was killed has no end and no counts, and all of it cached has no timeline', () => {
  const { seconds: _, counts: __, ...killed } = run;
  const text = section({ ...killed, status: 'killed', timeline: { lanes: [], jobs: [] } });
  expect(text).toContain('killed');
  expect(text).not.toMatch(/Took|were taken from the store<|timeline-title/);
});

test('there is none in a report of no run', () => {
  expect(runSection({} as Study)).toBeUndefined();
});
