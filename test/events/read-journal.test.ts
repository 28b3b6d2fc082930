import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { openJournal } from '../../src/events/journal.ts';
import { followEvents, readEvents } from '../../src/events/read-journal.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'pipe-journal-'));
const note = (at: number, text: string): RunEvent => ({ at, type: 'notice', level: 'note', text });
const finished: RunEvent = {
  at: 9,
  type: 'run-finished',
  status: 'done',
  seconds: 1,
  jobsRun: 0,
  jobsCached: 0,
  secondsSaved: 0,
};
const lines = (events: readonly RunEvent[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');

test('a line that a kill has cut off, and what is no event, are skipped', () => {
  const path = join(folder(), 'journal.jsonl');
  writeFileSync(
    path,
    `${lines([note(1, 'a')])}null\n[]\n{"type":"x"}\nrubbish\n${lines([note(2, 'ü')])}{"at":3,"type":"not`,
  );
  expect([...readEvents(path)]).toEqual([note(1, 'a'), note(2, 'ü')]);
});

test('a journal that is not there has no events', () => {
  expect([...readEvents(join(folder(), 'journal.jsonl'))]).toEqual([]);
});

test('lines longer than a piece of the file, with characters of several bytes, are read whole', () => {
  const path = join(folder(), 'journal.jsonl');
  const long = note(1, 'é😀'.repeat(60_000));
  writeFileSync(path, lines([long, note(2, 'b')]));
  expect([...readEvents(path)]).toEqual([long, note(2, 'b')]);
});

test('following gives what is there, then what comes, and ends with the run', async () => {
  const path = join(folder(), 'journal.jsonl');
  writeFileSync(path, lines([note(1, 'a')]));
  const seen: RunEvent[] = [];
  for await (const event of followEvents([path], () => false, new AbortController().signal)) {
    seen.push(event);
    if (seen.length === 1) appendFileSync(path, lines([note(2, 'b')]).slice(0, 10));
    if (seen.length === 1) appendFileSync(path, lines([note(2, 'b')]).slice(10) + lines([finished]));
  }
  expect(seen).toEqual([note(1, 'a'), note(2, 'b'), finished]);
});

test('events of two files come by their times: progress does not come after the end of its job', async () => {
  const place = folder();
  const [journal, live] = [join(place, 'journal.jsonl'), join(place, 'live.jsonl')];
  writeFileSync(journal, lines([note(1, 'starts'), note(5, 'ends'), note(4, 'a clock that was set back')]));
  writeFileSync(live, lines([note(2, 'progress'), note(6, 'load')]));
  const seen: number[] = [];
  for await (const { at } of followEvents([journal, live], () => true, new AbortController().signal)) seen.push(at);
  expect(seen).toEqual([1, 2, 5, 4, 6]);
});

test('following a run that was killed ends; what it wrote last is read', async () => {
  const path = join(folder(), 'journal.jsonl');
  writeFileSync(path, lines([note(1, 'a')]));
  const seen: RunEvent[] = [];
  for await (const event of followEvents([path], () => true, new AbortController().signal)) seen.push(event);
  expect(seen).toEqual([note(1, 'a')]);
});

test('following ends when nobody wants it any more', async () => {
  const path = join(folder(), 'journal.jsonl');
  writeFileSync(path, lines([note(1, 'a')]));
  const stop = new AbortController();
  for await (const _ of followEvents([path], () => false, stop.signal)) stop.abort();
  expect(stop.signal.aborted).toBe(true);
});

test('progress and the load are for those who watch: thinned out, and gone when the run ends', () => {
  const place = folder();
  const journal = openJournal(place);
  const progress = (at: number, fraction: number): RunEvent => ({
    at,
    type: 'job-progress',
    stage: 's',
    job: 'j',
    progress: { fraction },
  });
  const load = (at: number): RunEvent => ({ at, type: 'machine', cpus: 1, memory: 2, gpus: [] });
  for (const event of [progress(0, 0.1), progress(400, 0.2), progress(1200, 0.3), progress(1300, 1)])
    journal.write(event);
  for (const at of [0, 2000, 4000, 12_000]) journal.write(load(at));
  journal.write({ at: 1, type: 'job-log', stage: 's', job: 'j', lines: ['secret'] });
  const live = [...readEvents(join(place, 'live.jsonl'))];
  expect(live.filter(({ type }) => type === 'job-progress')).toHaveLength(3);
  expect(live.filter(({ type }) => type === 'machine')).toHaveLength(4);
  expect([...readEvents(join(place, 'journal.jsonl'))]).toEqual([load(0), load(12_000)]);
  journal.close();
  expect([...readEvents(join(place, 'live.jsonl'))]).toEqual([]);
});
