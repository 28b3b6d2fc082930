import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { failure } from '../errors/failure.ts';
import type { ComputeClass } from '../stage/stage-kind.ts';
import { err, ok, type Result } from '../util/result.ts';
import {
  type Architecture,
  type Build,
  type BuildPins,
  LAYOUT,
  pins,
  TENSORFLOW_VERSION,
  TFJS_VERSION,
} from './pins.ts';

export type { Build } from './pins.ts';

/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the choice depends on, so that tests can be other machines. */
export interface Host {
  readonly platform: string;
  readonly architecture: string;
  readonly exists: (file: string) => boolean;
}

export interface BuildChoice {
  readonly build: Build;
  /** A few words for people. */
  readonly reason: string;
}

/** The machine that this process runs on. */
export function thisHost(): Host {
  return { platform: process.platform, architecture: process.arch, exists: existsSync };
}

/** Files that show an NVIDIA driver; the last one is Windows' driver as seen from WSL. */
const driverFiles = ['/proc/driver/nvidia/version', '/dev/nvidia0', '/usr/lib/wsl/lib/libcuda.so.1'];

const withoutNative = 'with --backend cpu everything runs in pure JavaScript, tens of times slower';

/** Alpine's C library cannot load what is built for GNU's. */
function usesMusl(host: Host): boolean {
  const gnu = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1'];
  const musl = ['/lib/ld-musl-x86_64.so.1', '/lib/ld-musl-aarch64.so.1'];
  return musl.some(host.exists) && !gnu.some(host.exists);
}

function architectureOf(host: Host): Result<Architecture> {
  const known = host.architecture === 'x64' || host.architecture === 'arm64';
  if (host.platform === 'linux' && known && !usesMusl(host)) return ok(host.architecture as Architecture);
  const got = `${host.platform} ${host.architecture}${usesMusl(host) ? ' with musl' : ''}`;
  return err(
    failure('backend-platform', `there is no native TensorFlow for ${got}`, {
      hint: `the native backend runs on Linux (GNU) x64 and arm64, WSL included; ${withoutNative}`,
    }),
  );
}

/**
 * Which build of TensorFlow to use: the one asked for, or by itself `gpu` where an NVIDIA driver is.
 * Starts no process and reads no file. Errors: `backend-platform`.
 */
export function chooseBuild(wanted: 'auto' | Build, host: Host = thisHost()): Result<BuildChoice> {
  const architecture = architectureOf(host);
  if (!architecture.ok) return architecture;
  const hasGpu = pins[architecture.value].gpu !== undefined;
  if (wanted === 'gpu' && !hasGpu) {
    return err(
      failure('backend-platform', `there is no TensorFlow with CUDA for ${host.platform} ${host.architecture}`, {
        hint: 'use the cpu build of the native backend here; the gpu build is for Linux x64',
      }),
    );
  }
  if (wanted !== 'auto') return ok({ build: wanted, reason: 'asked for' });
  const driver = driverFiles.find(host.exists);
  if (driver === undefined) return ok({ build: 'cpu', reason: 'no NVIDIA driver found' });
  if (!hasGpu) return ok({ build: 'cpu', reason: `there is no TensorFlow with CUDA for ${host.architecture}` });
  return ok({ build: 'gpu', reason: `NVIDIA driver found (${driver})` });
}

/** The pinned wheels of a build. Errors: `backend-platform`. */
export function pinsOf(build: Build, host: Host = thisHost()): Result<BuildPins> {
  const architecture = architectureOf(host);
  if (!architecture.ok) return architecture;
  const found = pins[architecture.value][build];
  if (found !== undefined) return ok(found);
  const refused = chooseBuild(build, host);
  if (refused.ok) throw new Error(`no pins for the build ${build}`);
  return refused;
}

/** Folder for what `pipe` may fetch again at any time: `$XDG_CACHE_HOME/pipe`, `~/.cache/pipe` by default. */
export function cacheFolder(env: Environment): string {
  const base = env['XDG_CACHE_HOME'];
  // The base directory specification: a relative path is to be ignored.
  const cache = base !== undefined && path.isAbsolute(base) ? base : path.join(env['HOME'] ?? homedir(), '.cache');
  return path.join(cache, 'pipe');
}

/** Where a build is installed. Other pins give another folder, so that versions live side by side. */
export function backendFolder(build: Build, env: Environment, host: Host = thisHost()): string {
  const found = pinsOf(build, host);
  const content = [LAYOUT, TFJS_VERSION, host.platform, host.architecture, found.ok ? found.value : null];
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8);
  return path.join(cacheFolder(env), 'tensorflow', `${TENSORFLOW_VERSION}-${build}-${hash}`);
}

/** What of the computing can change its bits, from constants only: nothing is installed or loaded to know it. */
export function computeClass(choice: {
  readonly backend: 'native' | 'cpu';
  readonly build: Build;
  readonly threads: number;
}): ComputeClass {
  // Pure JavaScript computes in one thread, whatever is asked.
  const architecture = process.arch;
  if (choice.backend === 'cpu')
    return { backend: 'cpu', version: TFJS_VERSION, device: 'cpu', architecture, threads: 1 };
  return {
    backend: 'native',
    version: TENSORFLOW_VERSION,
    device: choice.build,
    architecture,
    threads: choice.threads,
  };
}
