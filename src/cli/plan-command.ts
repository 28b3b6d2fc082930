import pc from 'picocolors';
import { type Build, chooseBuild } from '../backend/choice.ts';
import { planPipeline } from '../plan/plan.ts';
import { planScope } from '../plan/scope.ts';
import { openStore } from '../store/store.ts';
import { planLines } from '../terminal/plan-lines.ts';
import { exitCodes } from './command-line.ts';
import { loadSelected, type PipelineOptions } from './load-selected.ts';
import { printFailures } from './print-failure.ts';

interface PlanCommandOptions extends PipelineOptions {
  readonly backend: 'native' | 'cpu';
  readonly device: 'auto' | Build;
  readonly exitCode: boolean;
  readonly json?: boolean;
}

/** `pipe plan`. */
export async function planCommand(
  file: string,
  targets: readonly string[],
  options: PlanCommandOptions,
): Promise<number> {
  const loaded = await loadSelected(file, targets, options);
  if (!loaded.ok) {
    printFailures(loaded.error);
    return exitCodes.usage;
  }
  const { pipeline, selected, code, save } = loaded.value;
  const build = options.backend === 'cpu' ? 'cpu' : options.device;
  const choice = chooseBuild(build);
  const notes: string[] = [];
  const store = openStore(loaded.value.store, (what) => notes.push(what));
  if (!choice.ok || !store.ok) {
    printFailures([...(choice.ok ? [] : [choice.error]), ...(store.ok ? [] : [store.error])]);
    return exitCodes.usage;
  }
  const scope = planScope(pipeline, store.value, {
    code,
    backend: options.backend,
    build: choice.value.build,
    env: process.env,
    signal: new AbortController().signal,
    offline: true,
    note: (stage, text) => notes.push(`${stage}: ${text}`),
  });
  const plan = await planPipeline(scope, selected);
  save(store.value);
  store.value.close();
  if (!plan.ok) {
    printFailures(plan.error);
    return exitCodes.usage;
  }
  const profile = pipeline.profile ?? 'default';
  if (options.json === true) {
    const facts = { schema: 'pipe.plan/1', pipeline: pipeline.name, profile, ...plan.value, notes };
    process.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
  } else {
    const colors = pc.createColors(process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined);
    const lines = planLines(plan.value, colors, { head: `${pipeline.name}, profile ${profile}` });
    process.stdout.write(`${[...notes, ...lines].join('\n')}\n`);
  }
  const wouldRun = plan.value.stages.some(({ status }) => status === 'run');
  return options.exitCode && wouldRun ? exitCodes.failed : exitCodes.done;
}
