import type pc from 'picocolors';
import { sizeText } from '../util/size.ts';
import { columnsOf } from './clip.ts';
import { bar, duration, harmlessLine, plural } from './format.ts';
import type { Space } from './layout.ts';
import { fitParts, partsOf } from './parts.ts';
import type { RunState } from './state.ts';
import { runSecondsLeft } from './time-left.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** What stands above everything: the pipeline, and how many jobs run side by side. */
export function headerText({ started }: Pick<RunState, 'started'>): string {
  if (started === undefined) return '';
  const slow = started.backend === 'cpu' ? ', pure JavaScript (slow)' : '';
  const where = started.executor === undefined ? '' : ` on ${started.executor}`;
  return harmlessLine(
    `${started.pipeline}, profile ${started.profile}, ${plural(started.workers, 'worker')}${where}${slow}`,
  );
}

/** "GPUs: 2 × NVIDIA H100 (85.0 GB)"; nothing where there is none. */
export function gpuText({ devices }: Pick<RunState, 'devices'>): string {
  const kinds = new Map<string, number>();
  for (const { name, memory } of devices?.gpus ?? []) {
    const text = `${name}${memory === undefined ? '' : ` (${sizeText(memory)})`}`;
    kinds.set(text, (kinds.get(text) ?? 0) + 1);
  }
  const names = [...kinds].map(([text, count]) => (count === 1 ? text : `${count} × ${text}`));
  return names.length === 0 ? '' : harmlessLine(`${devices?.gpus.length === 1 ? 'GPU' : 'GPUs'}: ${names.join(', ')}`);
}

/** Below the tree: how far the run is, and how busy the machine. Nothing once the run ended: the last lines tell it all. */
export function footerLines(state: RunState, space: Space, now: number, colors: Colors): string[] {
  if (state.started === undefined || state.finished !== undefined) return [];
  const stages = [...state.stages.values()];
  const known = stages.filter(({ status }) => status !== 'waiting' && status !== 'skipped');
  const jobs = known.reduce((sum, stage) => sum + stage.jobs, 0);
  const done = known.reduce((sum, stage) => sum + Math.min(stage.finishedJobs, stage.jobs), 0);
  const left = runSecondsLeft(state, now);
  const parts = partsOf(
    [`${done} of ${plural(jobs, 'job')}${stages.some(({ status }) => status === 'waiting') ? ' so far' : ''}`, 3],
    [`${duration(Math.max(0, (now - (state.startedAt ?? now)) / 1000))} passed`, 1],
    [left === undefined ? '' : `about ${duration(Math.max(1, Math.round(left)))} left`, 2],
  );
  const progress = `  ${colors.bold(fitParts(parts, space.columns - 2, space.widthOf))}`;
  return [progress, ...machineLines(state, space).map((line) => `  ${colors.dim(line)}`)];
}

const machineBar = 8;

/** CPU, memory and each GPU on one line where they have room; else GPUs below, without bars where there are many. */
function machineLines(state: RunState, space: Space): string[] {
  const room = space.columns - 2;
  const texts = machineTexts(state, machineBar);
  const all = packed(texts.all, room, space);
  if (all.length <= 1) return all;
  const withBars = packed(texts.gpus, room, space);
  const gpus = withBars.length <= gpuLines ? withBars : packed(machineTexts(state, 0).gpus, room, space);
  return [...packed(texts.system, room, space), ...gpus.slice(0, gpuLines)];
}

const gpuLines = 3;
const between = '   ';

function packed(texts: readonly string[], room: number, { widthOf }: Space): string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.at(-1);
    const longer = last === undefined ? text : `${last}${between}${text}`;
    if (last !== undefined && columnsOf(longer, widthOf) <= room) lines[lines.length - 1] = longer;
    else lines.push(text);
  }
  return lines;
}

interface MachineTexts {
  readonly system: readonly string[];
  readonly gpus: readonly string[];
  readonly all: readonly string[];
}

function machineTexts({ machine, devices }: RunState, barWidth: number): MachineTexts {
  if (machine === undefined || devices === undefined) return { system: [], gpus: [], all: [] };
  const filled = (share: number): string => (barWidth === 0 ? '' : `${bar(share, barWidth)} `);
  const cpu = `CPU ${filled(machine.cpus / devices.cpus)}${machine.cpus.toFixed(1)} of ${devices.cpus}`;
  // In use by all processes, while jobs may take a share of what was free: one is no part of the other.
  const memory = `memory ${sizeText(machine.memory)}`;
  const gpus = machine.gpus.map(({ id, use, memory: held }, index) => {
    const all = devices.gpus.find((gpu) => gpu.id === id)?.memory;
    const percent = use === undefined ? '' : ` ${filled(use)}${Math.round(100 * use)} %`;
    const bytes = held === undefined ? '' : ` ${sizeText(held)}${all === undefined ? '' : ` of ${sizeText(all)}`}`;
    return `GPU ${index}${percent}${bytes}`;
  });
  return { system: [cpu, memory], gpus, all: [cpu, memory, ...gpus] };
}
