import { isSystemError } from '../errors/system.ts';

/**
 * Goes on where nobody reads the output any more (`pipe run … | head`, a terminal that was closed): the results are what a run is
 * for, and they lie in the store.
 */
export function surviveClosedOutput(streams: readonly NodeJS.WriteStream[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) {
    stream.on('error', (problem) => {
      if (!isSystemError(problem) || (problem.code !== 'EPIPE' && problem.code !== 'EIO')) throw problem;
    });
  }
}
