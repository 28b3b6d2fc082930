import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { parseEvent } from '../../src/events/parse-event.ts';
import { traceOf } from '../../src/history/trace.ts';
import { advance, initialState } from '../../src/terminal/state.ts';

test('what this version writes is read as it stands', () => {
  const event: RunEvent = { at: 1, type: 'machine', cpus: 1.5, memory: 2, gpus: [{ id: 'a', use: 0.5 }] };
  expect(parseEvent(JSON.stringify(event))).toEqual(event);
});

test.each([
  '',
  '{"at":1,"type":"job-fin',
  'null',
  '[]',
  '{"type":"notice","text":"no time"}',
  '{"at":1,"type":"of-a-newer-version"}',
  '{"at":1,"type":"toString"}',
  '{"at":1,"type":"job-started","stage":"a"}',
  '{"at":1,"type":"job-progress","stage":"a","job":"a","progress":null}',
])('%s is no event', (line) => {
  expect(parseEvent(line)).toBeUndefined();
});

test('a field that an older run lacks, or has in another form, says nothing', () => {
  expect(parseEvent('{"at":1,"type":"job-started","stage":"a","job":"a","worker":"one","cpus":2}')).toEqual({
    ...{ at: 1, type: 'job-started', stage: 'a', job: 'a', worker: 0, cpus: 2 },
    ...{ fingerprint: '', attempt: 1, waited: 0, exclusive: false },
  });
});

const bare = [
  '{"type":"run-started","run":"R","pipeline":"p"}',
  '{"type":"devices","cpus":1,"memory":2}',
  '{"type":"expected","seconds":1,"lowerBound":1,"jobs":1}',
  '{"type":"stage-started","stage":"a"}',
  '{"type":"job-started","stage":"a","job":"a"}',
  '{"type":"job-retried","stage":"a","job":"a"}',
  '{"type":"job-waiting","stage":"a","job":"a"}',
  '{"type":"job-failed","stage":"a","job":"a"}',
  '{"type":"job-finished","stage":"a","job":"a"}',
  '{"type":"stage-finished","stage":"a","status":"done"}',
  '{"type":"machine","cpus":1,"memory":2}',
  '{"type":"run-finished","status":"done"}',
];

test('a journal of the least that can be understood can be shown and drawn', () => {
  const events = bare.flatMap((line) => parseEvent(line.replace('{', '{"at":5,')) ?? []);
  expect(events).toHaveLength(bare.length);
  const state = initialState(['a']);
  for (const event of events) advance(state, event);
  expect(state.stages.get('a')?.status).toBe('done');
  for (const { ts, tid, dur = 0 } of traceOf(events).traceEvents)
    expect([ts, tid, dur].every(Number.isFinite)).toBe(true);
});
