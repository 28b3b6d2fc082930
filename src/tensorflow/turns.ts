/** How long a loop may keep the process for itself, in milliseconds. */
const turn = 50;

/**
 * Lets the event loop have a turn every 50 ms, so that a worker that trains still hears that it should stop.
 * Throws the signal's reason when it was aborted.
 */
export function createTurns(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < turn) return;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    last = performance.now();
  };
}
