import { join } from 'node:path';
import { journalFile } from '../events/journal.ts';
import { readEvents } from '../events/read-journal.ts';
import type { RunFacts, TimelineJob } from '../report/run-facts.ts';
import type { Store } from '../store/store.ts';

/** When each job of a run ran and on which worker, and of a run that ended how long it took for how many. */
export function timelineOf(store: Store, run: string): RunFacts['timeline'] & Pick<RunFacts, 'seconds' | 'counts'> {
  const started = new Map<string, { readonly at: number; readonly worker: number }>();
  const jobs: (TimelineJob & { readonly worker: number })[] = [];
  let begun: number | undefined;
  let ended: Pick<RunFacts, 'seconds' | 'counts'> = {};
  for (const event of readEvents(join(store.layout.run(run), journalFile))) {
    begun ??= event.at;
    if (event.type === 'job-started') started.set(event.job, { at: event.at, worker: event.worker });
    if (event.type === 'run-finished')
      ended = { seconds: event.seconds, counts: { ran: event.jobsRun, cached: event.jobsCached } };
    if (event.type !== 'job-finished' || event.cached) continue;
    const start = started.get(event.job);
    if (start === undefined) continue;
    const from = (start.at - begun) / 1000;
    jobs.push({ lane: 0, worker: start.worker, from, to: from + event.seconds, stage: event.stage, job: event.job });
  }
  const workers = [...new Set(jobs.map(({ worker }) => worker))].sort((one, other) => one - other);
  return {
    lanes: workers.map((worker) => `worker ${worker}`),
    jobs: jobs.map(({ worker, ...job }) => ({ ...job, lane: workers.indexOf(worker) })),
    ...ended,
  };
}
