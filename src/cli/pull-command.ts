import type { Selected } from '../pipeline/select.ts';
import type { PlanScope } from '../plan/job.ts';
import { type Pulled, pullPipeline } from '../plan/pull.ts';
import { fetchRecord } from '../remote/pull.ts';
import { openRemote } from '../remote/remote.ts';
import { plural } from '../terminal/format.ts';
import { ok } from '../util/result.ts';
import { sizeText } from '../util/size.ts';
import { exitCodes } from './command-line.ts';
import { printFailures } from './print-failure.ts';
import { listenForSignals } from './signals.ts';
import { type PlanningOptions, withPlanScope } from './with-plan-scope.ts';

interface PullCommandOptions extends PlanningOptions {
  readonly json?: boolean;
}

/** `pipe pull`. */
export async function pullCommand(
  address: string,
  file: string,
  targets: readonly string[],
  options: PullCommandOptions,
): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const stops = listenForSignals(say);
  const planning = { signal: stops.soon, offline: false, note: say };
  try {
    return await withPlanScope(file, targets, options, planning, (scope, selected) =>
      pull(address, scope, selected, options.json === true),
    );
  } finally {
    stops.release();
  }
}

async function pull(address: string, scope: PlanScope, selected: Selected, json: boolean): Promise<number> {
  const remote = await openRemote(address, { env: process.env, signal: scope.signal });
  if (!remote.ok) {
    printFailures([remote.error]);
    return exitCodes.usage;
  }
  let bytes = 0;
  const pulled = await pullPipeline(scope, selected, async (fingerprint) => {
    const got = await fetchRecord(scope.store, remote.value, fingerprint);
    if (!got.ok) return got;
    bytes += got.value?.bytes ?? 0;
    return ok(got.value?.record);
  });
  if (!pulled.ok) {
    printFailures([pulled.error]);
    return scope.signal.aborted ? exitCodes.interrupted : exitCodes.failed;
  }
  const { name } = remote.value;
  const facts = { schema: 'pipe.pull/1', remote: name, bytes, ...pulled.value };
  process.stdout.write(`${json ? JSON.stringify(facts) : pulledLine(pulled.value, name, bytes)}\n`);
  return exitCodes.done;
}

function pulledLine({ fetched, here, missing, parts }: Pulled, name: string, bytes: number): string {
  const some = parts === 0 ? '' : `, ${plural(parts, 'job')} of searches`;
  const rest = missing.length === 0 ? '' : `; ${plural(missing.length, 'stage')} to run (pipe plan shows them)`;
  const came = `${plural(fetched.length, 'stage')}${some} fetched from ${name} (${sizeText(bytes)})`;
  return `${came}, ${here.length} here already${rest}`;
}
