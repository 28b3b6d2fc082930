import { relative } from 'node:path';
import type { Build } from '../backend/choice.ts';
import { type MachineSettings, machineSettings } from '../machine/settings.ts';
import { runPipeline } from '../run/run.ts';
import { createReporter, type LogLevel, type ReporterMode } from '../terminal/reporter.ts';
import { wantsColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { loadSelected, type PipelineOptions } from './load-selected.ts';
import { machineFlags } from './machine-flags.ts';
import { printFailures } from './print-failure.ts';
import { listenForSignals } from './signals.ts';

interface RunCommandOptions extends PipelineOptions, MachineSettings {
  readonly backend: 'native' | 'cpu';
  readonly device: 'auto' | Build;
  readonly keepGoing: boolean;
  readonly logLevel: LogLevel;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

function reporterMode(options: RunCommandOptions): ReporterMode {
  if (options.json === true) return 'json';
  if (options.quiet === true) return 'quiet';
  const plain = !process.stdout.isTTY || process.env['CI'] !== undefined || process.env['TERM'] === 'dumb';
  return plain ? 'plain' : 'live';
}

/** `pipe run`. */
export async function runCommand(
  file: string,
  targets: readonly string[],
  options: RunCommandOptions,
): Promise<number> {
  const loaded = await loadSelected(file, targets, options);
  if (!loaded.ok) {
    printFailures(loaded.error);
    return exitCodes.usage;
  }
  const machine = machineSettings(process.env, machineFlags(options));
  if (!machine.ok) {
    printFailures([machine.error]);
    return exitCodes.usage;
  }
  const { pipeline, selected, code, save } = loaded.value;
  const stages = selected.instances.map((instance) => instance.id);
  const reporter = await createReporter({
    mode: reporterMode(options),
    logLevel: options.logLevel,
    stages,
    out: process.stdout,
    colors: wantsColors(),
  });
  const stops = listenForSignals((line) => reporter.tell(line));
  const outcome = await runPipeline(pipeline, {
    store: loaded.value.store,
    code,
    backend: options.backend,
    build: options.device,
    machine: machine.value,
    keepGoing: options.keepGoing,
    selected,
    env: process.env,
    onEvent: (event) => reporter.onEvent(event),
    signal: stops.soon,
    stopNow: stops.now,
  });
  stops.release();
  if (!outcome.ok) reporter.close();
  if (!outcome.ok) {
    printFailures([outcome.error]);
    return exitCodes.usage;
  }
  const { finished, status, store } = outcome.value;
  const name = pipeline.profile === undefined ? pipeline.name : `${pipeline.name}-${pipeline.profile}`;
  const { exportBlobs } = await import('../run/exports.ts');
  const exported = await exportBlobs(store, name, selected.instances, finished);
  save(store);
  store.close();
  reporter.end(exported.ok ? exported.value.map((path) => relative(process.cwd(), path) || path) : []);
  if (!exported.ok) {
    printFailures([exported.error]);
    return exitCodes.failed;
  }
  return status === 'done' ? exitCodes.done : status === 'failed' ? exitCodes.failed : exitCodes.interrupted;
}
