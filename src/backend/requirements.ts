import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { BuildPins } from './pins.ts';
import { findCompiler, findNpm, findPip, interrupted, type Tool, type ToolOptions } from './tool.ts';

/** The programs that set-up calls. */
export interface Tools {
  readonly pip: Tool;
  readonly npm: Tool;
  readonly compiler: Tool;
}

/** Bytes of the npm packages, their cache and the compiler's output. */
export const packagesBytes = 450e6;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** Bytes that a set-up from nothing needs at its peak: every wheel as it came, and unpacked. */
export function neededBytes(pins: BuildPins): number {
  const wheels = [pins.tensorflow, ...pins.cuda];
  return wheels.reduce((sum, wheel) => sum + wheel.bytes + wheel.unpacked, packagesBytes);
}

interface Missing {
  readonly what: string;
  readonly debian?: string;
  readonly fedora?: string;
}

const missingTools = {
  pip: { what: 'pip (python3 -m pip)', debian: 'python3-pip', fedora: 'python3-pip' },
  npm: { what: 'npm (comes with Node)', debian: 'npm', fedora: 'nodejs-npm' },
  compiler: { what: 'a C++17 compiler (g++, c++ or clang++)', debian: 'g++', fedora: 'gcc-c++' },
} as const satisfies Record<keyof Tools, Missing>;

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function installHint(missing: readonly Missing[]): string {
  const debian = missing.flatMap((one) => one.debian ?? []);
  const fedora = missing.flatMap((one) => one.fedora ?? []);
  const lines: string[] = [];
  if (debian.length > 0) {
    lines.push(`Debian, Ubuntu: sudo apt install ${debian.join(' ')}`);
    lines.push(`Fedora: sudo dnf install ${fedora.join(' ')}`);
  }
  lines.push('or use --backend cpu: pure JavaScript, needs none of this, tens of times slower');
  return lines.join('\n  ');
}

async function diskProblem(folder: string, needed: number): Promise<Missing | undefined> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= needed) return undefined;
  return {
    what: `disk space in ${folder} (${gigabytes(needed)} needed, ${gigabytes(bavail * bsize)} free; XDG_CACHE_HOME moves the cache)`,
  };
}

/**
 * Looks for everything that set-up needs before it downloads anything, and names all that is missing at once.
 * `staged` are bytes that an earlier, interrupted start has on the disk already.
 * Errors: `backend-requirements`, `interrupted`.
 */
export async function checkRequirements(
  folder: string,
  pins: BuildPins,
  staged: number,
  options: ToolOptions,
): Promise<Result<Tools>> {
  const cache = path.dirname(folder);
  const [pip, npm, compiler, disk] = await Promise.all([
    findPip(options),
    findNpm(options),
    findCompiler(options),
    diskProblem(cache, neededBytes(pins) - staged),
  ]);
  if (options.signal.aborted) return interrupted();
  if (pip !== undefined && npm !== undefined && compiler !== undefined && disk === undefined) {
    return ok({ pip, npm, compiler });
  }
  const missing: Missing[] = [];
  if (pip === undefined) missing.push(missingTools.pip);
  if (npm === undefined) missing.push(missingTools.npm);
  if (compiler === undefined) missing.push(compilerMissing(options));
  if (disk !== undefined) missing.push(disk);
  return err(
    failure('backend-requirements', `cannot set up TensorFlow, missing: ${listOf(missing.map((one) => one.what))}`, {
      hint: installHint(missing),
    }),
  );
}

function compilerMissing(options: ToolOptions): Missing {
  const asked = options.env['CXX']?.trim();
  if (asked === undefined || asked === '') return missingTools.compiler;
  return { ...missingTools.compiler, what: `a C++17 compiler (CXX is "${asked}", which does not work)` };
}
