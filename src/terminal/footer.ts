import type pc from 'picocolors';
import { sizeText } from '../util/size.ts';
import { bar, duration, plural } from './format.ts';
import type { RunState } from './state.ts';
import { runSecondsLeft } from './time-left.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** What stands above everything: the pipeline, and what it may take of the machine. */
export function headerText({ started, devices }: Pick<RunState, 'started' | 'devices'>): string {
  if (started === undefined) return '';
  const slow = started.backend === 'cpu' ? ', pure JavaScript (slow)' : '';
  const gpus = devices === undefined || devices.gpus.length === 0 ? '' : `, ${gpuNames(devices.gpus)}`;
  return `${started.pipeline}, profile ${started.profile}, ${plural(started.workers, 'worker')}${gpus}${slow}`;
}

/** "2 × NVIDIA H100 (85.0 GB)". */
function gpuNames(gpus: readonly { readonly name: string; readonly memory?: number }[]): string {
  const kinds = new Map<string, number>();
  for (const { name, memory } of gpus) {
    const text = `${name}${memory === undefined ? '' : ` (${sizeText(memory)})`}`;
    kinds.set(text, (kinds.get(text) ?? 0) + 1);
  }
  return [...kinds].map(([text, count]) => (count === 1 ? text : `${count} × ${text}`)).join(', ');
}

/** Below the tree: how far the run is, and how busy the machine. */
export function footerLines(state: RunState, colors: Colors, now: number): string[] {
  // In the end the last lines tell it all.
  if (state.started === undefined || state.finished !== undefined) return [];
  const stages = [...state.stages.values()];
  const known = stages.filter(({ status }) => status !== 'waiting' && status !== 'skipped');
  const jobs = known.reduce((sum, stage) => sum + stage.jobs, 0);
  const done = known.reduce((sum, stage) => sum + Math.min(stage.finishedJobs, stage.jobs), 0);
  const left = runSecondsLeft(state, now);
  const parts = [
    `${done} of ${plural(jobs, 'job')}${known.length < stages.length ? ' so far' : ''}`,
    `${duration(Math.max(0, (now - (state.startedAt ?? now)) / 1000))} passed`,
    left === undefined ? '' : `about ${duration(Math.max(1, Math.round(left)))} left`,
  ];
  return ['', `  ${colors.bold(parts.filter((part) => part !== '').join('  '))}`, ...machineLine(state, colors)];
}

function machineLine({ machine, devices }: RunState, colors: Colors): string[] {
  if (machine === undefined || devices === undefined) return [];
  const cpu = `CPU ${bar(machine.cpus / devices.cpus, 8)} ${machine.cpus.toFixed(1)} of ${devices.cpus}`;
  const memory = `memory ${sizeText(machine.memory)}`;
  const gpus = machine.gpus.map(({ id, use, memory: held }, index) => {
    const all = devices.gpus.find((gpu) => gpu.id === id)?.memory;
    const percent = use === undefined ? '' : ` ${bar(use, 8)} ${Math.round(100 * use)} %`;
    const bytes = held === undefined ? '' : ` ${sizeText(held)}${all === undefined ? '' : ` of ${sizeText(all)}`}`;
    return `GPU ${index}${percent}${bytes}`;
  });
  return [`  ${colors.dim([cpu, memory, ...gpus].join('   '))}`];
}
