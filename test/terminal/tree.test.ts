import { expect, test } from 'vitest';
import { foldRows } from '../../src/terminal/fold.ts';
import { treeRows } from '../../src/terminal/tree.ts';
import {
  jobFinished,
  jobProgress,
  jobRetried,
  jobStarted,
  jobWaiting,
  Study,
  stageFinished,
  stageStarted,
  studyInTheMiddle,
} from './study.ts';

const cnn = 'search[cnn]';

test('a stage that fans out shows jobs, best score and time left', () => {
  const study = new Study(['ingest', cnn, 'report'])
    .tell(0, stageStarted(cnn, 4), jobStarted(cnn, 'a'), jobFinished(cnn, 'a', 0.5), jobStarted(cnn, 'b'))
    .tell(0, jobProgress(cnn, 'b', 0.5, 1234));
  expect(study.frame(12)).toEqual([
    '  · ingest',
    '  ▸ search[cnn]   ██████░░░░░░░░░░  1/4 jobs  score 0.5000  ETA 20 s  1,234 samples/s',
    '  · report',
  ]);
});

test('a stage whose jobs wait for room says so', () => {
  expect(new Study([cnn]).tell(0, stageStarted(cnn, 6, 2)).frame(0)).toEqual([
    '  · search[cnn]   4 jobs waiting  2 cached',
  ]);
});

test("the score of a finished search is its best mean, not its best fold's", () => {
  const study = new Study([cnn])
    .tell(0, stageStarted(cnn, 2, 1), jobFinished(cnn, 'a', 0.9, true), jobFinished(cnn, 'b', 0.5))
    .tell(5, jobFinished(cnn, cnn, 0.7), stageFinished(cnn, 'done'));
  expect(study.frame(9)[0]).toContain('2 jobs  1 cached  score 0.7000');
});

test('jobs that another run makes, and tries in vain, are told', () => {
  const study = new Study(['search[mlp]', cnn]).tell(0, stageStarted('search[mlp]', 2), stageStarted(cnn, 2));
  study.tell(0, jobWaiting('search[mlp]', 'b'), jobStarted(cnn, 'a'), jobRetried(cnn, 'a'));
  const lines = study.frame(1);
  expect(lines[1]).toContain('1 job waiting  1 job in another run (process 321)');
  expect(lines[2]).toContain('1 retry');
  expect(study.state.notices.at(-1)?.text).toBe('a: the worker died; trying again in 4 s');
});

test('what another run made in the meantime is told apart from what this one did', () => {
  const study = new Study(['fit[mlp]', cnn]).tell(0, stageStarted('fit[mlp]'), stageStarted(cnn, 2));
  study.tell(0, jobWaiting('fit[mlp]', 'fit[mlp]'), jobWaiting(cnn, 'a'), jobStarted(cnn, 'b'));
  study.tell(3, jobFinished('fit[mlp]', 'fit[mlp]', 0.5, true), stageFinished('fit[mlp]', 'done'));
  study.tell(4, jobFinished(cnn, 'a', 0.5, true), jobFinished(cnn, 'b', 0.25), stageFinished(cnn, 'done'));
  expect(study.frame(5)).toEqual([
    '  ✔ fit[mlp]      made by another run  score 0.5000',
    '  ✔ search[cnn]   4.0 s  2 jobs  score 0.5000  1 by another run',
  ]);
});

test('stages that were not run say why once for all instances', () => {
  const study = new Study(['fit[mlp]', 'fit[cnn]']);
  for (const stage of ['fit[mlp]', 'fit[cnn]']) study.tell(0, stageFinished(stage, 'skipped', 'the run was stopped'));
  expect(study.frame(0)).toEqual(['  - fit           not run: the run was stopped  (mlp, cnn)']);
});

test('a matrix of many instances that wait names the first', () => {
  const stages = Array.from({ length: 30 }, (_, index) => `fit[${index}]`);
  expect(new Study(stages).frame(0, 300)[0]).toMatch(/0, 1, 2, .*, 19 and 10 others$/);
});

test('where there is no room, finished stages are counted first, then waiting ones', () => {
  const rows = treeRows(studyInTheMiddle().state);
  const namesIn = (room: number) => {
    const { above, rows: shown, below } = foldRows(rows, room);
    return [...above, ...shown.map(({ name }) => name), ...below];
  };
  expect(namesIn(7)).toEqual(['ingest', 'search', 'mlp', 'cnn', 'cnn-lstm', 'fit', 'report']);
  expect(namesIn(6)).toEqual(['✔ 1 stage done', 'search', 'mlp', 'cnn', '· 4 stages waiting']);
  expect(namesIn(4)).toEqual(['search[mlp]', 'search[cnn]']);
  expect(namesIn(1)).toEqual(['… 2 stages more']);
});

test('a stage that failed is shown before those that run, where there is no room for all', () => {
  const study = new Study(['a', 'b', 'c', 'd']);
  for (const stage of ['a', 'b', 'c']) study.tell(0, stageStarted(stage), jobStarted(stage));
  study.tell(1, stageFinished('c', 'failed'));
  const { rows, below } = foldRows(treeRows(study.state), 2);
  expect(rows.map(({ name }) => name)).toEqual(['c']);
  expect(below).toEqual(['… 2 stages more']);
});

test('the row of a matrix stage goes with the last of its instances', () => {
  const study = new Study(['fit[a]', 'fit[b]', 'report']);
  study.tell(0, stageFinished('fit[a]', 'cached'), stageStarted('report'), jobStarted('report'));
  const { above, rows, below } = foldRows(treeRows(study.state), 3);
  expect([...above, ...rows.map(({ name }) => name), ...below]).toEqual([
    '✔ 1 stage done',
    'report',
    '· 1 stage waiting',
  ]);
});
