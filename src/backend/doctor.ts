import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import path from 'node:path';
import type { Failure } from '../errors/failure.ts';
import { backendFolder, cacheFolder, chooseBuild, type Environment, pinsOf } from './choice.ts';
import { findInstalled } from './installed.ts';
import { type Build, TENSORFLOW_VERSION } from './pins.ts';
import { type Probe, probe } from './probe.ts';
import { neededBytes } from './requirements.ts';
import { findCompiler, findNpm, findPip, findPython, runTool, type Tool, type ToolOptions } from './tool.ts';

export { formatDoctor } from './doctor-format.ts';

export interface GpuReport {
  readonly name: string;
  readonly memoryMegabytes: number;
  readonly driver: string;
}

/** What this machine is and has, as far as `pipe` cares. Plain data, fit for JSON. */
export interface DoctorReport {
  readonly node: { readonly version: string; readonly supported: boolean };
  readonly platform: { readonly system: string; readonly architecture: string };
  readonly processor: { readonly model: string; readonly cores: number; readonly usable: number };
  readonly memoryBytes: number;
  readonly gpus: readonly GpuReport[];
  readonly cache: { readonly folder: string; readonly freeBytes: number | null };
  /** The native build that fits this machine, or why there is none. */
  readonly choice:
    | {
        readonly build: Build;
        readonly reason: string;
        readonly folder: string;
        readonly version: string;
        readonly neededBytes: number;
      }
    | { readonly build: null; readonly reason: string };
  /** Null when the native backend is not installed. */
  readonly backend: { readonly probe: Probe } | { readonly problem: Failure } | null;
  /** First line of each program's own version text, null when it was not found. */
  readonly tools: Readonly<Record<'python' | 'pip' | 'npm' | 'compiler', string | null>>;
}

const oldestNode = { major: 20, minor: 19 };

function nodeReport(): DoctorReport['node'] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const supported = major > oldestNode.major || (major === oldestNode.major && minor >= oldestNode.minor);
  return { version: process.versions.node, supported };
}

/** NVIDIA's own listing of its cards; none when its program is not there. */
async function listGpus(options: ToolOptions): Promise<readonly GpuReport[]> {
  const run = await runTool(
    ['nvidia-smi', '--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits'],
    options,
  );
  return run.succeeded ? parseGpus(run.stdout) : [];
}

/** Reads `nvidia-smi`'s lines "name, megabytes, driver". */
export function parseGpus(text: string): readonly GpuReport[] {
  return text.split('\n').flatMap((line) => {
    const [name, memory, driver] = line.split(',').map((cell) => cell.trim());
    if (name === undefined || memory === undefined || driver === undefined) return [];
    return [{ name, memoryMegabytes: Number(memory), driver }];
  });
}

/** Free bytes where the folder is or will be: the nearest part of the path that exists counts. */
async function freeBytes(folder: string): Promise<number | null> {
  for (let place = folder; ; place = path.dirname(place)) {
    try {
      const { bavail, bsize } = await statfs(place);
      return bavail * bsize;
    } catch {
      if (place === path.dirname(place)) return null;
    }
  }
}

function choiceReport(env: Environment): DoctorReport['choice'] {
  const choice = chooseBuild('auto');
  if (!choice.ok) return { build: null, reason: choice.error.message };
  const { build, reason } = choice.value;
  const pins = pinsOf(build);
  return {
    build,
    reason,
    folder: backendFolder(build, env),
    version: TENSORFLOW_VERSION,
    neededBytes: pins.ok ? neededBytes(pins.value) : 0,
  };
}

async function backendReport(choice: DoctorReport['choice'], options: ToolOptions): Promise<DoctorReport['backend']> {
  if (choice.build === null) return null;
  const installed = await findInstalled(choice.build, options.env);
  if (installed === undefined) return null;
  const tried = await probe(installed.folder, options.env, options.signal);
  return tried.ok ? { probe: tried.value } : { problem: tried.error };
}

/**
 * Looks at the machine, the tools and the installed backend (tried in a child process). Downloads and writes
 * nothing. Programs that hang are given up after ten seconds, TensorFlow after a minute.
 */
export async function examine(options: {
  readonly env: Environment;
  readonly signal?: AbortSignal;
}): Promise<DoctorReport> {
  const { env } = options;
  const within = (milliseconds: number): ToolOptions => {
    const deadline = AbortSignal.timeout(milliseconds);
    return { env, signal: options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]) };
  };
  const choice = choiceReport(env);
  const quick = within(10_000);
  const [gpus, free, python, pip, npm, compiler, backend] = await Promise.all([
    listGpus(quick),
    freeBytes(cacheFolder(env)),
    findPython(quick),
    findPip(quick),
    findNpm(quick),
    findCompiler(quick),
    backendReport(choice, within(60_000)),
  ]);
  const versionOf = (tool: Tool | undefined): string | null => tool?.version ?? null;
  return {
    node: nodeReport(),
    platform: { system: process.platform, architecture: process.arch },
    processor: { model: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length, usable: availableParallelism() },
    memoryBytes: totalmem(),
    gpus,
    cache: { folder: cacheFolder(env), freeBytes: free },
    choice,
    backend,
    tools: { python: versionOf(python), pip: versionOf(pip), npm: versionOf(npm), compiler: versionOf(compiler) },
  };
}
