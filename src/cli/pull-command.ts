import { type Build, chooseBuild } from '../backend/choice.ts';
import { pullPipeline } from '../plan/pull.ts';
import { planScope } from '../plan/scope.ts';
import { fetchRecord } from '../remote/pull.ts';
import { openRemote } from '../remote/remote.ts';
import { sizeText } from '../store/limit.ts';
import { openStore } from '../store/store.ts';
import { plural } from '../terminal/format.ts';
import { ok } from '../util/result.ts';
import { exitCodes } from './command-line.ts';
import { loadSelected, type PipelineOptions } from './load-selected.ts';
import { printFailures } from './print-failure.ts';
import { listenForSignals } from './signals.ts';

interface PullCommandOptions extends PipelineOptions {
  readonly backend: 'native' | 'cpu';
  readonly device: 'auto' | Build;
  readonly json?: boolean;
}

/** `pipe pull`. */
export async function pullCommand(
  address: string,
  file: string,
  targets: readonly string[],
  options: PullCommandOptions,
): Promise<number> {
  const loaded = await loadSelected(file, targets, options);
  if (!loaded.ok) {
    printFailures(loaded.error);
    return exitCodes.usage;
  }
  const { pipeline, selected, code, save } = loaded.value;
  const stops = listenForSignals((line) => process.stderr.write(`${line}\n`));
  const choice = chooseBuild(options.backend === 'cpu' ? 'cpu' : options.device);
  const store = openStore(loaded.value.store, (what) => process.stderr.write(`${what}\n`));
  const remote = await openRemote(address, { env: process.env, signal: stops.soon });
  if (!choice.ok || !store.ok || !remote.ok) {
    const problems = [choice, store, remote].flatMap((one) => (one.ok ? [] : [one.error]));
    printFailures(problems);
    return exitCodes.usage;
  }
  const scope = planScope(pipeline, store.value, {
    code,
    backend: options.backend,
    build: choice.value.build,
    env: process.env,
    signal: stops.soon,
    offline: false,
    note: (stage, text) => process.stderr.write(`${stage}: ${text}\n`),
  });
  let bytes = 0;
  const pulled = await pullPipeline(scope, selected, async (fingerprint) => {
    const got = await fetchRecord(store.value, remote.value, fingerprint);
    if (!got.ok) return got;
    bytes += got.value?.bytes ?? 0;
    return ok(got.value?.record);
  });
  save(store.value);
  store.value.close();
  stops.release();
  if (!pulled.ok) {
    printFailures([pulled.error]);
    return stops.soon.aborted ? exitCodes.interrupted : exitCodes.failed;
  }
  const { fetched, here, missing, parts } = pulled.value;
  if (options.json === true) {
    process.stdout.write(
      `${JSON.stringify({ schema: 'pipe.pull/1', remote: remote.value.name, bytes, ...pulled.value })}\n`,
    );
    return exitCodes.done;
  }
  const some = parts === 0 ? '' : `, ${plural(parts, 'job')} of searches`;
  const rest = missing.length === 0 ? '' : `; ${plural(missing.length, 'stage')} to run (pipe plan shows them)`;
  process.stdout.write(
    `${plural(fetched.length, 'stage')}${some} fetched from ${remote.value.name} (${sizeText(bytes)}), ${here.length} here already${rest}\n`,
  );
  return exitCodes.done;
}
