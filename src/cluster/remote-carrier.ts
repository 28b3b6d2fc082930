import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from '../errors/failure.ts';
import { fetchArtifacts } from '../remote/pull.ts';
import { pushRecords } from '../remote/push.ts';
import type { Remote } from '../remote/remote.ts';
import type { Store } from '../store/store.ts';
import { digestsOf } from '../task/task.ts';
import { ok } from '../util/result.ts';
import type { Carrier } from './carrier.ts';
import type { PilotDescription } from './description.ts';
import type { Outcome } from './outcome.ts';
import { type Account, accountName } from './parcel.ts';
import type { PilotLine, UntimedPilotLine } from './pilot-line.ts';
import type { PilotQueue } from './pilot-queue.ts';
import type { QueuedTask } from './queued-task.ts';

/** Lines of a job's output that its account takes with it; what was printed before is left out. */
const linesAtMost = 2000;

/**
 * Tasks came with the batch script, artifacts and results go by a remote. The pilot has a store of its own; what it tells of an
 * attempt it tells at its end.
 */
export function remoteCarrier(
  store: Store,
  remote: Remote,
  pilot: PilotDescription,
  tasks: readonly QueuedTask[],
  sizes: Readonly<Record<string, number>>,
  say: (line: string) => void,
): Carrier {
  const logs = join(store.layout.root, 'logs');
  mkdirSync(logs, { recursive: true });
  const told = new Map<string, PilotLine[]>();
  const closed = new Map<string, Outcome>();
  const sending: Promise<void>[] = [];

  const linesOf = (name: string): PilotLine[] => {
    const lines = told.get(name) ?? [];
    told.set(name, lines);
    return lines;
  };
  const send = async (name: string): Promise<void> => {
    const outcome = closed.get(name);
    const account: Account = { pilot, lines: linesOf(name).splice(0), ...(outcome === undefined ? {} : { outcome }) };
    const put = await remote.putRecord(accountName(name), JSON.stringify(account), {});
    // The run finds out by itself, later: by the record, or by the cluster, which says that the pilot has ended.
    if (!put.ok) say(`cannot tell of ${name}: ${put.error.message}`);
  };
  const tell = (line: UntimedPilotLine): void => {
    if (line.type === 'pilot' || line.type === 'ended') return;
    const lines = linesOf(line.name);
    if (line.type === 'task' && line.event.type === 'job-progress') return;
    if (lines.length < linesAtMost) lines.push({ at: Date.now(), ...line } as PilotLine);
    if (line.type !== 'task') sending.push(send(line.name));
  };

  return {
    queue: fixedQueue(tasks),
    bring: async (queued) => {
      const wanted = digestsOf(queued.task).map((digest) => ({ digest, size: sizes[digest] ?? 0 }));
      const got = await fetchArtifacts(store, remote, wanted);
      if (!got.ok) return got.error;
      if (got.value.length === 0) return undefined;
      return failure(
        'cluster-input',
        `the remote ${remote.name} has no artifact ${got.value[0]?.slice(0, 12)}, which ${queued.task.id} reads`,
      );
    },
    deliver: async (queued, record) => {
      // The file of this node is of no use to anybody: its lines go with the account.
      const ofRun = { ...record, log: queued.log };
      const kept = store.publishRecord(ofRun);
      if (!kept.ok) return kept;
      const pushed = await pushRecords(store, remote, [record.fingerprint]);
      if (!pushed.ok) return pushed;
      await send(queued.name);
      return ok(ofRun);
    },
    isClosed: (name) => closed.has(name),
    closeTask: (outcome) => void closed.set(outcome.name, outcome),
    tell,
    logFile: (name) => join(logs, name),
    close: async () => {
      await Promise.all(sending);
    },
  };
}

/** Tasks that are all known from the beginning. */
function fixedQueue(tasks: readonly QueuedTask[]): PilotQueue {
  const left = [...tasks];
  return {
    look: () => left.splice(0),
    settle: () => {},
    isSettled: () => false,
    isEnded: () => false,
    isCancelled: () => false,
    isOver: () => left.length === 0,
    watch: () => ({ close: () => {} }),
  };
}
