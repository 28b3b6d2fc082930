import { failure } from '../errors/failure.ts';
import { pinnedFingerprints } from '../plan/keep.ts';
import { collectGarbage, type Garbage } from '../store/garbage.ts';
import { rememberLimit, storeLimit } from '../store/limit.ts';
import { duration, harmless, plural } from '../terminal/format.ts';
import { parseSize, sizeText } from '../util/size.ts';
import { exitCodes } from './command-line.ts';
import { withStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

interface GcCommandOptions {
  readonly store?: string;
  readonly dryRun: boolean;
  readonly limit?: string;
  readonly remember: boolean;
  readonly json?: boolean;
}

/** `pipe gc`. */
export async function gcCommand(options: GcCommandOptions): Promise<number> {
  const asked = options.limit === undefined ? undefined : parseSize(options.limit);
  if (options.limit !== undefined && asked === undefined) {
    const hint = 'write a number with a unit: 50GB, 512MiB, 0; or none for no limit';
    printFailures([failure('gc-limit', `"${options.limit}" is not a size`, { hint })]);
    return exitCodes.usage;
  }
  const code = await withStore(options.store, (store) => {
    if (options.remember && options.limit !== undefined)
      rememberLimit(store.layout, options.limit, store.leases.temporaryName('file'));
    const limit = asked ?? storeLimit(store.layout);
    const garbage = collectGarbage(store, { limit, keep: pinnedFingerprints(store), dryRun: options.dryRun });
    if (garbage === undefined) {
      printFailures([failure('gc-busy', 'another process collects the garbage of this store right now')]);
      return exitCodes.failed;
    }
    const text =
      options.json === true ? JSON.stringify(facts(garbage), null, 2) : lines(garbage, options.dryRun).join('\n');
    process.stdout.write(`${text}\n`);
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}

function facts(garbage: Garbage) {
  const files = (list: Garbage['orphans']) => ({
    count: list.length,
    bytes: list.reduce((sum, { size }) => sum + size, 0),
  });
  return {
    schema: 'pipe.gc/1',
    limit: garbage.limit === Number.POSITIVE_INFINITY ? null : garbage.limit,
    before: garbage.before,
    after: garbage.after,
    over: garbage.over,
    evictions: garbage.evictions.map(({ record, bytes, seconds }) => ({
      job: record.job,
      fingerprint: record.fingerprint,
      bytes,
      seconds,
    })),
    orphans: files(garbage.orphans),
    checkpoints: files(garbage.checkpoints),
    quarantined: files(garbage.quarantined),
  };
}

const mostShown = 20;

function lines(garbage: Garbage, dryRun: boolean): string[] {
  const would = dryRun ? 'would be removed' : 'removed';
  const files = (list: Garbage['orphans'], what: string): string[] =>
    list.length === 0
      ? []
      : [`${plural(list.length, what)} (${sizeText(list.reduce((sum, { size }) => sum + size, 0))}) ${would}`];
  const evictions = garbage.evictions.map(
    ({ record, bytes, seconds }) => `  ${harmless(record.job)}: ${sizeText(bytes)}, ${duration(seconds)} to make again`,
  );
  const more = evictions.length > mostShown ? [`  and ${evictions.length - mostShown} more`] : [];
  const sum = {
    bytes: garbage.evictions.reduce((total, { bytes }) => total + bytes, 0),
    seconds: garbage.evictions.reduce((total, { seconds }) => total + seconds, 0),
  };
  const head =
    evictions.length === 0
      ? []
      : [
          `artifacts of ${plural(evictions.length, 'job')} (${sizeText(sum.bytes)}, ${duration(sum.seconds)} of computing) ${would}; what they made stays known:`,
        ];
  const over =
    garbage.over === 0
      ? []
      : [`${sizeText(garbage.over)} above the limit: what is left is needed by pinned runs or by runs that go on`];
  return [
    ...files(garbage.orphans, 'artifact without a record').map((line) =>
      line.replace('artifact without a records', 'artifacts without a record'),
    ),
    ...files(garbage.checkpoints, 'old checkpoint'),
    ...files(garbage.quarantined, 'damaged file'),
    ...head,
    ...evictions.slice(0, mostShown),
    ...more,
    `The store ${dryRun ? 'would take' : 'takes'} ${sizeText(garbage.after)}${garbage.after === garbage.before ? '' : ` instead of ${sizeText(garbage.before)}`}; its limit is ${sizeText(garbage.limit)}.`,
    ...over,
  ];
}
