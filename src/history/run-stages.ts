import type { RunEvent } from '../events/event.ts';

/** The stage instances of a run: all of them where the run told them at its start, else those that its journal names so far. */
export function stagesOf(events: Iterable<RunEvent>): string[] {
  const named = new Set<string>();
  for (const event of events) {
    if (event.type === 'run-started' && Array.isArray(event.stages)) return event.stages.map(String);
    if ('stage' in event && event.stage !== undefined) named.add(event.stage);
  }
  return [...named];
}
