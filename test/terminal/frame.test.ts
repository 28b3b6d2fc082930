import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import {
  jobFinished,
  jobProgress,
  jobRetried,
  jobStarted,
  runStarted,
  Study,
  stageFinished,
  stageStarted,
  studyInTheMiddle,
} from './study.ts';

test('a study in the middle, in a window of 80 columns', () => {
  expect(studyInTheMiddle().frame(14, 80).join('\n')).toMatchInlineSnapshot(`
    "  = ingest        cached  4.0 s saved
      ▸ search        0 of 3 done  6/23 jobs  best cnn 0.8125
        ▸ mlp         █████░░░  5/8 jobs  4 cached  score 0.7512  ETA 26 s
        ▸ cnn         █░░░░░░░  1/12 jobs  score 0.8125  ETA 1 min 24 s  1 retry
        · cnn-lstm    3 jobs in another run (process 321)
      · fit           mlp, cnn
      · report

      7 of 24 jobs so far  14 s passed
      CPU ████████ 1.9 of 2   memory 3.1 GB"
  `);
});

test('a wide window shows all there is to tell', () => {
  expect(studyInTheMiddle().frame(14, 120).join('\n')).toMatchInlineSnapshot(`
    "  = ingest        cached  4.0 s saved
      ▸ search        0 of 3 done  6/23 jobs  best cnn 0.8125
        ▸ mlp         ███████████░░░░░  5/8 jobs  4 cached  score 0.7512  40,000 samples/s  ETA 26 s
        ▸ cnn         ██░░░░░░░░░░░░░░  1/12 jobs  score 0.8125  12,345 samples/s  ETA 1 min 24 s  1 retry
        · cnn-lstm    3 jobs in another run (process 321)
      · fit           mlp, cnn
      · report

      7 of 24 jobs so far  14 s passed
      CPU ████████ 1.9 of 2   memory 3.1 GB"
  `);
});

test('a narrow window leaves out what is least needed, not what stands last', () => {
  expect(studyInTheMiddle().frame(14, 40).join('\n')).toMatchInlineSnapshot(`
    "  = ingest        cached  4.0 s saved
      ▸ search        0 of 3 done
        ▸ mlp         5/8 jobs  ETA 26 s
        ▸ cnn         1/12 jobs
        · cnn-lstm    3 jobs in another run…
      · fit           mlp, cnn
      · report

      7 of 24 jobs so far  14 s passed
      CPU ████████ 1.9 of 2   memory 3.1 GB"
  `);
});

test('a low window counts finished stages, then waiting ones; what runs stays', () => {
  expect(studyInTheMiddle().frame(14, 80, 8).join('\n')).toMatchInlineSnapshot(`
    "  ✔ 1 stage done
      ▸ search        0 of 3 done  6/23 jobs  best cnn 0.8125
        ▸ mlp         █████░░░  5/8 jobs  4 cached  score 0.7512  ETA 26 s
        ▸ cnn         █░░░░░░░  1/12 jobs  score 0.8125  ETA 1 min 24 s  1 retry
      · 4 stages waiting
      7 of 24 jobs so far  14 s passed
      CPU ████████ 1.9 of 2   memory 3.1 GB"
  `);
});

test('a stage that failed stays, with what it left undone', () => {
  const study = new Study(['ingest', 'fit[mlp]', 'fit[cnn]', 'report'])
    .tell(0, runStarted, stageStarted('ingest'), jobStarted('ingest'))
    .tell(1, jobFinished('ingest'), stageFinished('ingest', 'done'))
    .tell(1, stageStarted('fit[mlp]'), jobStarted('fit[mlp]'), stageStarted('fit[cnn]'), jobStarted('fit[cnn]'))
    .tell(3, jobFinished('fit[mlp]', 'fit[mlp]', 0.5), stageFinished('fit[mlp]', 'done'))
    .tell(3, jobRetried('fit[cnn]', 'fit[cnn]'), stageFinished('fit[cnn]', 'failed'))
    .tell(3, stageFinished('report', 'skipped', 'fit[cnn] failed'));
  expect(study.frame(4, 80).join('\n')).toMatchInlineSnapshot(`
    "  ✔ ingest        1.0 s
      ✖ fit           1 of 2 done  best mlp 0.5000
        ✔ mlp         2.0 s  score 0.5000
        ✖ cnn         failed  after 1 retry
      - report        not run: fit[cnn] failed

      2 of 3 jobs  4.0 s passed"
  `);
});

test('GPUs stand beside the CPU where they fit, else below it', () => {
  const gpus = ['x', 'y'].map((id) => ({ id, name: 'NVIDIA H100', memory: 85e9 }));
  const study = new Study(['fit']).tell(
    0,
    runStarted,
    { type: 'devices', cpus: 16, memory: 128e9, gpus },
    stageStarted('fit'),
    jobStarted('fit'),
    jobProgress('fit', 'fit', 0.5, 90_000),
    { type: 'machine', cpus: 6.4, memory: 31e9, gpus: gpus.map(({ id }) => ({ id, use: 0.87, memory: 61e9 })) },
  );
  expect(study.frame(1, 120).join('\n')).toMatchInlineSnapshot(`
    "  ▸ fit           ████████░░░░░░░░  90,000 samples/s

      0 of 1 job  1.0 s passed
      CPU ███░░░░░ 6.4 of 16   memory 31.0 GB
      GPU 0 ███████░ 87 % 61.0 GB of 85.0 GB   GPU 1 ███████░ 87 % 61.0 GB of 85.0 GB"
  `);
  expect(study.frame(1, 60).join('\n')).toMatchInlineSnapshot(`
    "  ▸ fit           ████░░░░  90,000 samples/s

      0 of 1 job  1.0 s passed
      CPU ███░░░░░ 6.4 of 16   memory 31.0 GB
      GPU 0 ███████░ 87 % 61.0 GB of 85.0 GB
      GPU 1 ███████░ 87 % 61.0 GB of 85.0 GB"
  `);
});

test('names of any length and script stand in one column, and never break a line', () => {
  const stages = [
    '特徴量の抽出',
    '👩‍🔬 lab',
    'a name that goes on and on and does not end where the window does',
    'tab\there\nthere',
  ];
  const study = new Study(stages).tell(0, runStarted);
  for (const stage of stages)
    study.tell(0, stageStarted(stage, 4), jobStarted(stage, 'a'), jobFinished(stage, 'a', 0.5));
  expect(study.frame(9, 80).join('\n')).toMatchInlineSnapshot(`
    "  ▸ 特徴量の抽出                      ██░░░░░░  1/4 jobs  score 0.5000  ETA 27 s
      ▸ 👩‍🔬 lab                            ██░░░░░░  1/4 jobs  score 0.5000  ETA 27 s
      ▸ a name that goes on and on and …  ██░░░░░░  1/4 jobs  score 0.5000  ETA 27 s
      ▸ tab here there                    ██░░░░░░  1/4 jobs  score 0.5000  ETA 27 s

      4 of 16 jobs  9.0 s passed  about 27 s left"
  `);
});

test.each([20, 23, 40, 57, 80, 120, 300])(
  'no frame is wider than %i columns, nor higher than the window',
  (columns) => {
    for (let rows = 1; rows < 20; rows++) {
      const lines = studyInTheMiddle().frame(14, columns, rows);
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
  },
);

test('the last frame shows the whole tree, also where it is higher than the window', () => {
  const stages = Array.from({ length: 30 }, (_, index) => `stage-${index}`);
  const study = new Study(stages).tell(0, runStarted);
  for (const stage of stages) study.tell(1, stageStarted(stage), jobFinished(stage), stageFinished(stage, 'cached'));
  expect(study.frame(2, 80, 10)).toHaveLength(3);
  study.tell(2, { type: 'run-finished', status: 'done', seconds: 2, jobsRun: 0, jobsCached: 30, secondsSaved: 120 });
  expect(study.frame(2, 80, 10)).toHaveLength(30);
});
