import { failure } from '../errors/failure.ts';
import { dieWithParent } from './die-with-parent.ts';
import { createLoadedCode } from './loaded-code.ts';
import type { OrchestratorMessage, WorkerMessage } from './messages.ts';
import { perform } from './perform.ts';

// The entry of a worker process. It takes one job at a time over IPC, stays warm between jobs (TensorFlow is loaded
// once), and ends when its parent is gone or the channel to it closes, so that a killed parent leaves no worker behind.

dieWithParent();

const stopping = new AbortController();
const loadedCode = createLoadedCode();

function say(message: WorkerMessage): void {
  // A closed channel means that the parent is gone; the disconnect handler ends this process.
  if (process.connected) process.send?.(message);
}

async function runOne(message: Extract<OrchestratorMessage, { type: 'run' }>): Promise<void> {
  const { order } = message;
  const { id } = order;
  const started = performance.now();
  try {
    const result = await perform(order, {
      signal: stopping.signal,
      progress: (progress) => say({ type: 'progress', id, progress }),
      log: (line) => say({ type: 'log', id, line }),
      loadedCode,
    });
    const seconds = (performance.now() - started) / 1000;
    if (result.ok) say({ type: 'done', id, outputs: result.value, seconds });
    else say({ type: 'failed', id, failure: result.error });
  } catch (problem) {
    // A bug of the stage kind: its stack belongs into the log, for whoever mends it.
    const { message: text, stack } = problem instanceof Error ? problem : new Error(String(problem));
    say({ type: 'log', id, line: stack ?? text });
    say({
      type: 'failed',
      id,
      failure: failure('stage-threw', `the stage kind "${order.kind}" broke: ${text.split('\n')[0]}`),
    });
  }
}

process.on('message', (message: OrchestratorMessage) => {
  if (message.type === 'run') void runOne(message);
  else process.exit(0);
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group: the orchestrator decides what happens to running jobs.
process.on('SIGINT', () => {});
