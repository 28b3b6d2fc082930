// How long a frame of the live view takes, with a thousand stages of ten jobs each: in a matrix and without, with names
// that need a table of widths. npm run bench:terminal
import pc from 'picocolors';
import stringWidth from 'string-width';
import { remembering } from '../../dist/src/terminal/clip.js';
import { frameLines } from '../../dist/src/terminal/frame.js';
import { advance, initialState } from '../../dist/src/terminal/state.js';

const stages = 1000;
const jobs = 10;
const rounds = 200;
const colors = pc.createColors(true);

/** A third of the stages is done, ten run, the others wait. */
function stateOf(name) {
  const ids = Array.from({ length: stages }, (_, index) => name(index));
  const state = initialState(ids);
  const tell = (event) => advance(state, { at: 0, ...event });
  tell({ type: 'run-started', workers: 8, backend: 'native', pipeline: 'p', profile: 'default' });
  tell({ type: 'devices', cpus: 8, memory: 64e9, gpus: [] });
  tell({ type: 'expected', seconds: 900, lowerBound: 800, work: 9000, jobs: stages * jobs, unknownJobs: 0 });
  tell({ type: 'machine', cpus: 7.5, memory: 20e9, gpus: [] });
  for (const [index, stage] of ids.entries()) {
    if (index > stages / 3 + 10) break;
    const finished = index < stages / 3 ? jobs : 3;
    tell({ type: 'stage-started', stage, jobs, cachedJobs: 0 });
    for (let job = 0; job < jobs; job++) {
      tell({ type: 'job-started', stage, job: `${stage}/${job}`, expected: 1 });
      if (job < finished) tell({ type: 'job-finished', stage, job: `${stage}/${job}`, seconds: 1, score: job / jobs });
      else
        tell({ type: 'job-progress', stage, job: `${stage}/${job}`, progress: { fraction: 0.5, samplesPerSecond: 9 } });
    }
    if (finished === jobs) tell({ type: 'stage-finished', stage, status: 'done' });
  }
  return state;
}

const cases = {
  'stages of their own': (index) => `stage-${index}`,
  'one matrix': (index) => `search[${index}]`,
  'one matrix, wide characters': (index) => `search[特徴量-${index}]`,
};
for (const [what, name] of Object.entries(cases)) {
  const state = stateOf(name);
  const space = { columns: 119, widthOf: remembering(stringWidth) };
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    frameLines(state, 39, space, 60_000 + round, colors);
    times.push(performance.now() - started);
  }
  times.sort((one, other) => one - other);
  const at = (share) => times[Math.floor(share * (rounds - 1))].toFixed(2);
  console.log(`${what}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms a frame`);
}
