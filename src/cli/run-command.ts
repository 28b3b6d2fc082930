import { relative } from 'node:path';
import type { Build } from '../backend/choice.ts';
import { failure, formatFailure } from '../errors/failure.ts';
import { type MachineSettings, machineSettings } from '../machine/settings.ts';
import type { ExecutorName } from '../pipeline/executor.ts';
import { runPipeline } from '../run/run.ts';
import { createReporter, type LogLevel } from '../terminal/reporter.ts';
import { isUlid } from '../util/ulid.ts';
import { wantsColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { loadSelected, type PipelineOptions } from './load-selected.ts';
import { machineFlags } from './machine-flags.ts';
import { printFailures } from './print-failure.ts';
import { listenForSignals } from './signals.ts';
import { terminalMode } from './terminal-mode.ts';
import { thisProgram } from './this-program.ts';
import { wordsAgain } from './words-again.ts';

interface RunCommandOptions extends PipelineOptions, MachineSettings {
  readonly backend: 'native' | 'cpu';
  readonly device: 'auto' | Build;
  readonly executor?: ExecutorName;
  readonly keepGoing: boolean;
  readonly logLevel: LogLevel;
  readonly quiet?: boolean;
  readonly json?: boolean;
  /** Go on when the terminal closes. */
  readonly detach?: boolean;
  /** The name that the run is to have. */
  readonly asRun?: string;
  /** A web address or a command line that is told of the run's end. */
  readonly notify?: string;
  /** Also where nothing ran. */
  readonly notifyAlways: boolean;
  /** Serve the page while it runs. */
  readonly ui: boolean;
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
  if (options.asRun !== undefined && !isUlid(options.asRun)) {
    printFailures([failure('run-name', `--as-run must be the name of a run, got "${options.asRun}"`)]);
    return exitCodes.usage;
  }
  if (options.detach === true) return (await import('./detach.ts')).detach(process.argv.slice(2), loaded.value.store);
  const { pipeline, selected, code, save } = loaded.value;
  const stages = selected.instances.map((instance) => instance.id);
  const reporter = await createReporter({
    mode: terminalMode(options),
    logLevel: options.logLevel,
    stages,
    out: process.stdout,
    colors: wantsColors(),
  });
  const page = options.ui ? await (await import('./run-page.ts')).openRunPage(loaded.value.store) : undefined;
  if (page?.ok === false) {
    printFailures([page.error]);
    return exitCodes.usage;
  }
  const stops = listenForSignals((line) => reporter.tell(line));
  // A variable that is set to nothing asks for nothing.
  const target = options.notify?.trim() === '' ? undefined : options.notify;
  const notifying = target === undefined ? undefined : await import('./notify.ts');
  const notification = notifying?.createNotification();
  const outcome = await runPipeline(pipeline, {
    store: loaded.value.store,
    ...(options.asRun === undefined ? {} : { run: options.asRun }),
    code,
    backend: options.backend,
    build: options.device,
    machine: machine.value,
    executor: options.executor ?? pipeline.executor.name,
    program: thisProgram(),
    keepGoing: options.keepGoing,
    selected,
    env: process.env,
    again: { folder: process.cwd(), words: wordsAgain(file, targets, options) },
    onEvent: (event) => {
      // First the page: it tells its address at the first event, before the terminal is taken for frames.
      page?.value.onEvent(event);
      reporter.onEvent(event);
      notification?.onEvent(event);
    },
    signal: stops.soon,
    stopNow: stops.now,
  });
  stops.release();
  if (!outcome.ok) {
    reporter.close();
    await page?.value.end();
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
  if (!exported.ok) printFailures([exported.error]);
  await page?.value.end();
  if (!exported.ok) return exitCodes.failed;
  return status === 'done' ? exitCodes.done : status === 'failed' ? exitCodes.failed : exitCodes.interrupted;
}
