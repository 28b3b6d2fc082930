import { planPipeline } from '../plan/plan.ts';
import { planLines } from '../terminal/plan-lines.ts';
import { outputColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { printFailures } from './print-failure.ts';
import { type PlanningOptions, withPlanScope } from './with-plan-scope.ts';

interface PlanCommandOptions extends PlanningOptions {
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
  return withPlanScope(file, targets, options, planning, async (scope, selected) => {
    const plan = await planPipeline(scope, selected);
    if (!plan.ok) {
      printFailures(plan.error);
      return exitCodes.usage;
    }
    const { name, profile = 'default' } = scope.pipeline;
    if (options.json === true) {
      const facts = { schema: 'pipe.plan/1', pipeline: name, profile, ...plan.value, notes };
      process.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
    } else {
      const lines = planLines(plan.value, outputColors(), { head: `${name}, profile ${profile}` });
      process.stdout.write(`${[...notes, ...lines].join('\n')}\n`);
    }
    const wouldRun = plan.value.stages.some(({ status }) => status === 'run');
    return options.exitCode && wouldRun ? exitCodes.failed : exitCodes.done;
  });
}
