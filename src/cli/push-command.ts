import { failure } from '../errors/failure.ts';
import { fingerprintsOfRun } from '../plan/keep.ts';
import { findRun } from '../plan/runs.ts';
import { pushRecords } from '../remote/push.ts';
import { openRemote } from '../remote/remote.ts';
import { storedRecords } from '../store/contents.ts';
import type { Store } from '../store/store.ts';
import { plural } from '../terminal/format.ts';
import { ok, type Result } from '../util/result.ts';
import { sizeText } from '../util/size.ts';
import { exitCodes } from './command-line.ts';
import { withStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';
import { listenForSignals } from './signals.ts';

interface PushCommandOptions {
  readonly store?: string;
  readonly all: boolean;
  readonly json?: boolean;
}

/** `pipe push`. */
export async function pushCommand(
  address: string,
  runs: readonly string[],
  options: PushCommandOptions,
): Promise<number> {
  const stops = listenForSignals((line) => process.stderr.write(`${line}\n`));
  const code = await withStore(options.store, async (store) => {
    const wanted = fingerprintsOf(store, runs, options.all);
    if (!wanted.ok) return printed(wanted.error);
    const remote = await openRemote(address, { env: process.env, signal: stops.soon });
    if (!remote.ok) return printed(remote.error);
    const pushed = await pushRecords(store, remote.value, wanted.value);
    if (!pushed.ok) return stops.soon.aborted ? exitCodes.interrupted : printed(pushed.error, exitCodes.failed);
    const { records, blobs, bytes, skipped } = pushed.value;
    if (options.json === true) {
      process.stdout.write(
        `${JSON.stringify({ schema: 'pipe.push/1', remote: remote.value.name, ...pushed.value })}\n`,
      );
      return exitCodes.done;
    }
    const lost = skipped === 0 ? '' : `; of ${plural(skipped, 'job')} the artifacts are not here any more`;
    process.stdout.write(
      `${plural(records, 'job')} sent to ${remote.value.name}: ${plural(blobs, 'file')} that it lacked (${sizeText(bytes)})${lost}\n`,
    );
    return exitCodes.done;
  });
  stops.release();
  return code ?? exitCodes.usage;
}

function printed(problem: Parameters<typeof printFailures>[0][number], code: number = exitCodes.usage): number {
  printFailures([problem]);
  return code;
}

function fingerprintsOf(store: Store, runs: readonly string[], all: boolean): Result<Set<string>> {
  if (all) return ok(new Set(storedRecords(store.layout).map(({ name }) => name)));
  const found = new Set<string>();
  for (const reference of runs.length === 0 ? ['@1'] : runs) {
    const run = findRun(store.layout, reference);
    if (!run.ok)
      return runs.length > 0 ? run : { ok: false, error: failure('run-none', 'there is no run in this store yet') };
    for (const fingerprint of fingerprintsOfRun(store, run.value)) found.add(fingerprint);
  }
  return ok(found);
}
