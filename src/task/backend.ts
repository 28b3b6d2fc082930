import type { Build, Environment } from '../backend/choice.ts';
import type { Emit } from '../events/event.ts';
import { ok, type Result } from '../util/result.ts';

/**
 * Sets the native backend up when the first job asks for it, once a run. All jobs of a run wait for the same set-up.
 */
export function backendProvider(
  build: Build,
  env: Environment,
  emit: Emit,
  signal: AbortSignal,
): () => Promise<Result<void>> {
  let ready: Promise<Result<void>> | undefined;
  const setUp = async (): Promise<Result<void>> => {
    const { setUpBackend } = await import('../backend/set-up.ts');
    let step = '';
    const result = await setUpBackend({
      build,
      env,
      signal,
      onEvent: (event) => {
        switch (event.type) {
          case 'waiting':
            emit({ type: 'set-up', step: 'waiting for another process that does it already' });
            break;
          case 'step':
            step = `${event.title} (step ${event.number} of ${event.of})`;
            emit({ type: 'set-up', step });
            break;
          case 'progress':
            emit({
              type: 'set-up',
              step,
              received: event.done,
              ...(event.total === undefined ? {} : { total: event.total }),
            });
            break;
          case 'notice':
            emit({ type: 'notice', level: 'note', text: event.text });
            break;
        }
      },
    });
    if (step !== '') emit({ type: 'set-up', step: '' });
    return result.ok ? ok() : result;
  };
  return () => {
    ready ??= setUp();
    return ready;
  };
}
