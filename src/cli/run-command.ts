import { relative } from 'node:path';
import type { Build } from '../backend/choice.ts';
import { formatFailure } from '../errors/failure.ts';
import { type MachineSettings, machineSettings } from '../machine/settings.ts';
import { runPipeline } from '../run/run.ts';
import { createReporter, type LogLevel } from '../terminal/reporter.ts';
import { wantsColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { loadSelected, type PipelineOptions } from './load-selected.ts';
import { machineFlags } from './machine-flags.ts';
import { printFailures } from './print-failure.ts';
import { listenForSignals } from './signals.ts';
import { terminalMode } from './terminal-mode.ts';

interface RunCommandOptions extends PipelineOptions, MachineSettings {
  readonly backend: 'native' | 'cpu';
  readonly device: 'auto' | Build;
  readonly keepGoing: boolean;
  readonly logLevel: LogLevel;
  readonly quiet?: boolean;
  readonly json?: boolean;
  /** A web address or a command line that is told of the run's end. */
  readonly notify?: string;
  /** Also where nothing ran. */
  readonly notifyAlways: boolean;
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
    mode: terminalMode(options),
    logLevel: options.logLevel,
    stages,
    out: process.stdout,
    colors: wantsColors(),
  });
  const stops = listenForSignals((line) => reporter.tell(line));
  // A variable that is set to nothing asks for nothing.
  const target = options.notify?.trim() === '' ? undefined : options.notify;
  const notifying = target === undefined ? undefined : await import('./notify.ts');
  const notification = notifying?.createNotification();
  const outcome = await runPipeline(pipeline, {
    store: loaded.value.store,
    code,
    backend: options.backend,
    build: options.device,
    machine: machine.value,
    keepGoing: options.keepGoing,
    selected,
    env: process.env,
    onEvent: (event) => {
      reporter.onEvent(event);
      notification?.onEvent(event);
    },
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
  const made = notification?.made(exported.ok ? exported.value : []);
  if (target !== undefined && made !== undefined && (notification?.isNews() === true || options.notifyAlways)) {
    const sent = await notifying?.notify(target, made);
    if (sent?.ok === false) process.stderr.write(`warning: ${formatFailure(sent.error)}\n`);
  }
  if (!exported.ok) {
    printFailures([exported.error]);
    return exitCodes.failed;
  }
  return status === 'done' ? exitCodes.done : status === 'failed' ? exitCodes.failed : exitCodes.interrupted;
}
