import { failure } from '../errors/failure.ts';
import { descendantMemory, processMemory, resetPeak } from '../machine/process-memory.ts';
import { dieWithParent } from './die-with-parent.ts';
import { createLoadedCode } from './loaded-code.ts';
import type { JobMemory, JobOrder, OrchestratorMessage, WorkerMessage } from './messages.ts';
import { perform } from './perform.ts';

// The entry of a worker process. It takes one job at a time over IPC, stays warm between jobs (TensorFlow is loaded
// once), and ends when its parent is gone or the channel to it closes, so that a killed parent leaves no worker behind.

dieWithParent();

const loadedCode = createLoadedCode();
/** The job that runs; a worker has one at a time. */
let running: { readonly id: string; readonly stopping: AbortController } | undefined;

/** Milliseconds between two signs of life. */
const beatEvery = 1000;

function say(message: WorkerMessage): void {
  // A closed channel means that the parent is gone; the disconnect handler ends this process.
  if (process.connected) process.send?.(message);
}

/** Says that this worker lives, and looks what the programs take that a job started. */
function startBeating(id: string): { stop(): JobMemory } {
  resetPeak();
  let programs = 0;
  const timer = setInterval(() => {
    programs = Math.max(programs, descendantMemory(process.pid));
    say({ type: 'beat', id });
  }, beatEvery);
  return {
    stop: () => {
      clearInterval(timer);
      const { peak, now } = processMemory();
      return { peak: peak + programs, resting: now };
    },
  };
}

async function runOne(order: JobOrder): Promise<void> {
  const { id } = order;
  const stopping = new AbortController();
  running = { id, stopping };
  const started = performance.now();
  const beating = startBeating(id);
  try {
    const result = await perform(order, {
      signal: stopping.signal,
      progress: (progress) => say({ type: 'progress', id, progress }),
      log: (line) => say({ type: 'log', id, line }),
      loadedCode,
    });
    const seconds = (performance.now() - started) / 1000;
    const memory = beating.stop();
    if (result.ok) say({ type: 'done', id, outputs: result.value, seconds, memory });
    else say({ type: 'failed', id, failure: result.error, memory });
  } catch (problem) {
    // A bug of the stage kind: its stack belongs into the log, for whoever mends it.
    const { message: text, stack } = problem instanceof Error ? problem : new Error(String(problem));
    say({ type: 'log', id, line: stack ?? text });
    say({
      type: 'failed',
      id,
      failure: failure('stage-threw', `the stage kind "${order.kind}" broke: ${text.split('\n')[0]}`),
      memory: beating.stop(),
    });
  } finally {
    running = undefined;
  }
}

process.on('message', (message: OrchestratorMessage) => {
  switch (message.type) {
    case 'run':
      void runOne(message.order);
      break;
    case 'abort':
      if (running?.id === message.id) running.stopping.abort(new Error('the job was stopped'));
      break;
    case 'stop':
      process.exit(0);
  }
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group: the orchestrator decides what happens to running jobs.
process.on('SIGINT', () => {});
