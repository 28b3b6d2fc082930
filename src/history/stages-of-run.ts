import { join } from 'node:path';
import { journalFile } from '../events/journal.ts';
import { readEvents } from '../events/read-journal.ts';
import type { PastRun } from '../plan/runs.ts';
import type { RunStage } from '../report/run-facts.ts';
import { jobsOf, secondsOf } from '../store/record.ts';
import type { Store } from '../store/store.ts';

/** What became of each stage instance of a run, in the order in which they were begun: of those that failed too. */
export function stagesOfRun(store: Store, run: PastRun): RunStage[] {
  const failures = new Map<string, string>();
  const cached = new Map<string, number>();
  for (const event of readEvents(join(store.layout.run(run.id), journalFile))) {
    if (event.type === 'job-failed') failures.set(event.stage, event.failure.message);
    if (event.type === 'stage-started' || event.type === 'stage-grew') cached.set(event.stage, event.cachedJobs);
  }
  const finished = [...run.stages].map(([id, { fingerprint, status }]): RunStage => {
    const record = store.readRecord(fingerprint);
    const jobs = record === undefined ? 1 : jobsOf(record);
    return {
      id,
      status: status === 'cached' ? 'cached' : 'ran',
      jobs,
      cachedJobs: status === 'cached' ? jobs : (cached.get(id) ?? 0),
      seconds: record === undefined ? 0 : secondsOf(record),
      fingerprint,
    };
  });
  const failed = [...failures]
    .filter(([id]) => !run.stages.has(id))
    .map(([id, failure]): RunStage => ({ id, status: 'failed', jobs: 1, cachedJobs: 0, seconds: 0, failure }));
  return [...finished, ...failed];
}
