import { failure } from '../errors/failure.ts';
import { fingerprintsOfRun } from '../plan/keep.ts';
import { findRun } from '../plan/runs.ts';
import type { StoredFile } from '../store/contents.ts';
import type { Store } from '../store/store.ts';
import { verifyStore } from '../store/verify.ts';
import { plural } from '../terminal/format.ts';
import { createRandom } from '../util/random.ts';
import { sizeText } from '../util/size.ts';
import { exitCodes } from './command-line.ts';
import { withStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

interface VerifyCommandOptions {
  readonly store?: string;
  readonly all: boolean;
  /** Per cent of the blobs. */
  readonly sample?: number;
  readonly json?: boolean;
}

/** `pipe verify`. */
export async function verifyCommand(run: string | undefined, options: VerifyCommandOptions): Promise<number> {
  const code = await withStore(options.store, (store) => {
    const choose = chooser(store, run, options);
    if (typeof choose !== 'function') {
      printFailures([choose]);
      return exitCodes.usage;
    }
    const found = verifyStore(store, choose, (path) => process.stderr.write(`damaged: ${path}\n`));
    if (options.json === true)
      process.stdout.write(`${JSON.stringify({ schema: 'pipe.verify/1', ...found }, null, 2)}\n`);
    else {
      const read = `${plural(found.blobs, 'artifact')} (${sizeText(found.bytes)}) and ${plural(found.records, 'record')} read`;
      const missing = found.missing.length === 0 ? '' : `, artifacts of ${plural(found.missing.length, 'job')} missing`;
      const damaged =
        found.damaged.length === 0 ? ', all are whole' : `, ${found.damaged.length} damaged and set aside`;
      process.stdout.write(`${read}${damaged}${missing}\n`);
      if (found.damaged.length + found.missing.length > 0) process.stdout.write('The next run computes them again.\n');
    }
    return found.damaged.length + found.missing.length > 0 ? exitCodes.failed : exitCodes.done;
  });
  return code ?? exitCodes.usage;
}

function chooser(store: Store, run: string | undefined, options: VerifyCommandOptions) {
  if (options.sample !== undefined) {
    // Another sample at each call is the point: over time all is seen. The seed is the time of the call.
    const random = createRandom(Date.now() >>> 0, 'verify');
    const share = options.sample / 100;
    return (blobs: readonly StoredFile[]) => blobs.filter(() => random.uniform() < share);
  }
  if (options.all) return (blobs: readonly StoredFile[]) => blobs;
  const found = findRun(store.layout, run ?? '@1');
  if (!found.ok)
    return run === undefined
      ? failure('run-none', 'there is no run in this store yet', { hint: '--all looks at all that is there' })
      : found.error;
  const digests = new Set(
    [...fingerprintsOfRun(store, found.value)].flatMap((fingerprint) =>
      Object.values(store.readRecord(fingerprint)?.outputs ?? {}).map(({ digest }) => digest as string),
    ),
  );
  return (blobs: readonly StoredFile[]) => blobs.filter(({ name }) => digests.has(name));
}
