import { type MachineSettings, machineSettings } from '../machine/settings.ts';
import { planPipeline } from '../plan/plan.ts';
import { findCapacity, wantsGpu } from '../run/machine.ts';
import { planTime } from '../schedule/plan-time.ts';
import { planLines } from '../terminal/plan-lines.ts';
import { outputColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { machineFlags } from './machine-flags.ts';
import { printFailures } from './print-failure.ts';
import { type PlanningOptions, withPlanScope } from './with-plan-scope.ts';

interface PlanCommandOptions extends PlanningOptions, MachineSettings {
  readonly exitCode: boolean;
  readonly json?: boolean;
}

/** `pipe plan`. */
export function planCommand(file: string, targets: readonly string[], options: PlanCommandOptions): Promise<number> {
  const notes: string[] = [];
  const planning = {
    signal: new AbortController().signal,
    offline: true,
    note: (line: string) => void notes.push(line),
  };
  const machine = machineSettings(process.env, machineFlags(options));
  if (!machine.ok) {
    printFailures([machine.error]);
    return Promise.resolve(exitCodes.usage);
  }
  return withPlanScope(file, targets, options, planning, async (scope, selected, trainsOnGpu) => {
    const plan = await planPipeline(scope, selected);
    if (!plan.ok) {
      printFailures(plan.error);
      return exitCodes.usage;
    }
    const { name, profile = 'default' } = scope.pipeline;
    const { stages, work } = plan.value;
    const needsGpus = work.length > 0 && selected.instances.some((instance) => wantsGpu(instance, trainsOnGpu));
    const capacity = await findCapacity(machine.value, scope.env, needsGpus);
    const { paths: _, ...expected } = planTime(work, capacity, trainsOnGpu && capacity.gpus.length > 0);
    if (options.json === true) {
      const facts = { schema: 'pipe.plan/1', pipeline: name, profile, stages, expected, notes };
      process.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
    } else {
      const lines = planLines(plan.value, outputColors(), { head: `${name}, profile ${profile}`, expected });
      process.stdout.write(`${[...notes, ...lines].join('\n')}\n`);
    }
    const wouldRun = stages.some(({ status }) => status === 'run');
    return options.exitCode && wouldRun ? exitCodes.failed : exitCodes.done;
  });
}
