import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ClusterStatus } from '../cluster/cluster-status.ts';
import { journalFile, liveFile } from '../events/journal.ts';
import { readEvents } from '../events/read-journal.ts';
import { type ListedRun, listRuns } from '../history/run-list.ts';
import { stagesOf } from '../history/run-stages.ts';
import { findRun } from '../plan/runs.ts';
import type { Store } from '../store/store.ts';
import { headerText } from '../terminal/footer.ts';
import { duration, harmlessLine, plural } from '../terminal/format.ts';
import { frameLines } from '../terminal/frame.ts';
import { advance, initialState, type RunState } from '../terminal/state.ts';
import { sizeText } from '../util/size.ts';
import { outputColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

interface StatusOptions {
  readonly store?: string;
  readonly json?: boolean;
}

/** `pipe status`: how far a run is, once, and what pilots of a cluster do for it. */
export async function statusCommand(reference: string | undefined, options: StatusOptions): Promise<number> {
  const code = await withExistingStore(options.store, async (store) => {
    const found = findRun(store.layout, reference ?? '@1');
    if (!found.ok) {
      printFailures([found.error]);
      return exitCodes.usage;
    }
    const run = listRuns(store, Number.POSITIVE_INFINITY).find(({ id }) => id === found.value);
    const state = stateOf(store, found.value);
    const cluster = state.started?.executor === 'slurm' ? await lookAtCluster(store) : undefined;
    if (options.json === true) printJson(found.value, run, state, cluster);
    else await print(found.value, run, state, cluster);
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}

async function lookAtCluster(store: Store): Promise<ClusterStatus> {
  const [{ clusterStatus }, { slurmCommands }] = await Promise.all([
    import('../cluster/cluster-status.ts'),
    import('../cluster/slurm.ts'),
  ]);
  return clusterStatus(store, slurmCommands(process.env));
}

function stateOf(store: Store, run: string): RunState {
  const folder = store.layout.run(run);
  const state = initialState(stagesOf(readEvents(join(folder, journalFile))));
  for (const name of [journalFile, liveFile]) for (const event of readEvents(join(folder, name))) advance(state, event);
  return state;
}

function printJson(id: string, run: ListedRun | undefined, state: RunState, cluster: ClusterStatus | undefined): void {
  const stages = [...state.stages.values()].map(({ id: stage, status, jobs, finishedJobs, running, bestScore }) => ({
    stage,
    status,
    jobs,
    finishedJobs,
    running: [...running.keys()],
    ...(bestScore === undefined ? {} : { bestScore }),
  }));
  const facts = {
    schema: 'pipe.status/1',
    run: id,
    status: run?.status ?? 'killed',
    stages,
    ...(cluster ? { cluster } : {}),
  };
  process.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
}

async function print(
  id: string,
  run: ListedRun | undefined,
  state: RunState,
  cluster: ClusterStatus | undefined,
): Promise<void> {
  const { default: widthOf } = await import('string-width');
  const paint = outputColors();
  const space = { columns: process.stdout.columns ?? 100, widthOf };
  const status = run?.status ?? 'killed';
  const where = run?.host === undefined || run.host === hostname() ? '' : ` on ${run.host}`;
  const who = status === 'running' ? `running, process ${run?.pid}${where}` : status;
  const lines = [
    paint.bold(`${harmlessLine(headerText(state))} (${id}: ${who})`),
    ...frameLines(state, Number.POSITIVE_INFINITY, space, Date.now(), paint),
    ...(cluster === undefined ? [] : clusterLines(cluster)),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function clusterLines({ pilots, waiting, silent }: ClusterStatus): string[] {
  const lines = pilots.map(({ host, job, cpus, memory, ends, running, done }) => {
    const left = Math.max(0, (ends - Date.now()) / 1000);
    const what = running.length === 0 ? 'waits for a job' : running.join(', ');
    const size = `${plural(cpus, 'processor')}, ${sizeText(memory)}`;
    return `  pilot ${job} on ${host} (${size}, ${duration(left)} left, ${done} done): ${what}`;
  });
  for (const { job, count, reason } of waiting)
    lines.push(
      `  ${plural(count, 'pilot')} of job ${job} ${count === 1 ? 'waits' : 'wait'}${reason === '' ? '' : `: ${reason}`}`,
    );
  if (silent !== undefined) lines.push(`  ${silent}`);
  return lines.map(harmlessLine);
}
