import { hybrid } from '../diff/factors.ts';
import { type Failure, failure } from '../errors/failure.ts';
import { type MachineSettings, machineSettings } from '../machine/settings.ts';
import { shapleyValues } from '../metrics/shapley.ts';
import { runPipeline } from '../run/run.ts';
import { type Attribution, attributionLines } from '../terminal/attribution-lines.ts';
import { createReporter } from '../terminal/reporter.ts';
import type { JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { endsOf, metricOf, type Question, questionOf } from './attribute-question.ts';
import { wantsColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { loadSelected } from './load-selected.ts';
import { machineFlags } from './machine-flags.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';
import { listenForSignals } from './signals.ts';
import { terminalMode } from './terminal-mode.ts';
import { thisProgram } from './this-program.ts';

interface AttributeOptions extends MachineSettings {
  readonly stage?: string;
  readonly metric: string;
  readonly average?: string;
  readonly backend: 'native' | 'cpu';
  readonly device: 'auto' | 'cpu' | 'gpu';
  readonly store?: string;
  readonly json?: boolean;
}

/** `pipe attribute A B`: which of the parameters that changed explains how a metric changed. */
export async function attributeCommand(first: string, second: string, options: AttributeOptions): Promise<number> {
  let folder = '';
  let asked: Result<Question> | undefined;
  let ends: Result<[number, number]> | undefined;
  // The store is opened again by each of the runs.
  const code = await withExistingStore(options.store, (store) => {
    folder = store.layout.root;
    asked = questionOf(store, first, second, options);
    if (asked.ok) ends = endsOf(store, asked.value);
    return exitCodes.done;
  });
  if (code === undefined || asked === undefined) return exitCodes.usage;
  if (!asked.ok) return refused(asked.error);
  if (ends !== undefined && !ends.ok) return refused(ends.error);
  const question = asked.value;
  const values = await measure(question, folder, options);
  if (!values.ok) return refused(values.error);
  const whole = ends?.value ?? [Number.NaN, Number.NaN];
  write(question, values.value, whole, options);
  return values.value.every(Number.isFinite) ? exitCodes.done : exitCodes.failed;
}

function refused(problem: Failure): number {
  printFailures([problem]);
  return exitCodes.usage;
}

/** The metric of every hybrid, by the set of parameters that it has of the second run; what is cached is not run. */
async function measure(question: Question, store: string, options: AttributeOptions): Promise<Result<number[]>> {
  const { before, factors, stage } = question;
  const machine = machineSettings(process.env, machineFlags(options));
  if (!machine.ok) return machine;
  const values: number[] = [];
  const sets = 2 ** factors.length;
  const stops = listenForSignals((line) => process.stderr.write(`${line}\n`));
  try {
    for (let set = 0; set < sets; set++) {
      const params = hybrid(before.params, factors, set);
      const loaded = await loadSelected(before.file, [stage], {
        set: assignments(params),
        force: false,
        from: [],
        until: [],
        store,
        ...(before.profile === 'default' ? {} : { profile: before.profile }),
      });
      if (!loaded.ok) return err(loaded.error[0] as Failure);
      const { pipeline, selected, code, save } = loaded.value;
      const name = factors
        .filter((_, at) => (set >> at) & 1)
        .map((factor) => factor.name)
        .join(', ');
      process.stderr.write(
        `${set + 1} of ${sets}: ${name === '' ? 'as the first run' : `with ${name} of the second`}\n`,
      );
      const reporter = await createReporter({
        mode: terminalMode({ quiet: options.json === true || !process.stderr.isTTY }),
        logLevel: 'info',
        stages: selected.instances.map(({ id }) => id),
        out: process.stderr,
        colors: wantsColors(),
      });
      const outcome = await runPipeline(pipeline, {
        store: loaded.value.store,
        code,
        backend: options.backend,
        build: options.device,
        machine: machine.value,
        executor: pipeline.executor.name,
        program: thisProgram(),
        keepGoing: false,
        selected,
        env: process.env,
        onEvent: reporter.onEvent,
        signal: stops.soon,
        stopNow: stops.now,
      });
      reporter.close();
      if (!outcome.ok) return outcome;
      const { finished, status, failures, store: open } = outcome.value;
      const record = finished.get(stage);
      const value = record === undefined ? undefined : metricOf(open, record, question);
      save(open);
      open.close();
      if (status === 'interrupted') return err(failure('interrupted', 'interrupted: what was done is cached'));
      if (value === undefined)
        return err(failures[0]?.failure ?? failure('attribute-metric', `${stage} has no ${question.metric}`));
      values.push(value);
    }
  } finally {
    stops.release();
  }
  return ok(values);
}

/** All parameters as they are set on the command line: JSON is YAML. */
function assignments(params: JsonObject): string[] {
  return Object.entries(params).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
}

function write(
  { factors, stage, metric, average, before, after }: Question,
  values: readonly number[],
  ends: readonly [number, number],
  { json }: AttributeOptions,
): void {
  const shares = shapleyValues(factors.length, (set) => values[set] as number);
  const explained = (values.at(-1) as number) - (values[0] as number);
  const attribution: Attribution = {
    stage,
    metric,
    average,
    runs: [before.id, after.id],
    before: ends[0],
    after: ends[1],
    factors: factors.map(({ name, before: old, after: now }, at) => ({
      name,
      before: old ?? null,
      after: now ?? null,
      value: shares[at] as number,
    })),
    elsewhere: ends[1] - ends[0] - explained,
    hybrids: values,
  };
  const text =
    json === true
      ? JSON.stringify({ schema: 'pipe.attribution/1', ...attribution }, null, 2)
      : attributionLines(attribution).join('\n');
  process.stdout.write(`${text}\n`);
}
