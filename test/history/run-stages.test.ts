import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { parseEvent } from '../../src/events/parse-event.ts';
import { stagesOf } from '../../src/history/run-stages.ts';

function events(...lines: readonly object[]): RunEvent[] {
  return lines.flatMap((line) => parseEvent(JSON.stringify({ at: 1, ...line })) ?? []);
}

const begin = { type: 'run-started', run: 'R', pipeline: 'p' };

test('a run that told its stages is watched with all of them, those that wait too', () => {
  const told = events({ ...begin, stages: ['a', 'b', 'c'] }, { type: 'stage-started', stage: 'b' });
  expect(stagesOf(told)).toEqual(['a', 'b', 'c']);
});

test('of a run that did not, those that were named so far are known, each once', () => {
  const journal = events(
    begin,
    { type: 'stage-started', stage: 'b' },
    { type: 'job-started', stage: 'b', job: 'b 1' },
    { type: 'stage-started', stage: 'a' },
  );
  expect(stagesOf(journal)).toEqual(['b', 'a']);
});
