import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSystemError, systemFailure } from '../errors/system.ts';
import { withLock } from '../util/lock.ts';
import { err, ok, type Result } from '../util/result.ts';
import { type Build, backendFolder, type Environment, pinsOf } from './choice.ts';
import { compileBinding } from './compile.ts';
import { describeInstalled, findInstalled, type InstalledBackend, manifestName } from './installed.ts';
import type { PinnedWheel } from './pins.ts';
import { type Probe, probe } from './probe.ts';
import { checkRequirements } from './requirements.ts';
import type { SetUpContext } from './set-up-context.ts';
import { type SetUpEvent, stepEvent } from './set-up-event.ts';
import { interrupted, npmEnvironment, runOrFail } from './tool.ts';
import { unpack } from './unpack.ts';
import { fetchWheels, wheelFile } from './wheel.ts';

export type { InstalledBackend } from './installed.ts';
export type { SetUpEvent } from './set-up-event.ts';

export interface SetUpOptions {
  readonly build: Build;
  readonly env: Environment;
  readonly onEvent: (event: SetUpEvent) => void;
  readonly signal: AbortSignal;
}

/** The folder with the locked packages, in the sources and as published beside the compiled code. */
function nativePackageFolder(): string {
  const candidates = ['./native/', '../../../src/backend/native/'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  const found = candidates.find((folder) => existsSync(path.join(folder, 'package-lock.json')));
  if (found === undefined) throw new Error(`the native backend's package-lock.json is in none of ${candidates}`);
  return found;
}

const marker = (context: SetUpContext, name: string): string => path.join(context.staging, 'done', name);

/** Writes down that a part of the work is done, so that the next start after a kill does not repeat it. */
async function mark(context: SetUpContext, name: string): Promise<void> {
  await mkdir(path.join(context.staging, 'done'), { recursive: true });
  await writeFile(marker(context, name), '');
}

async function installPackages(context: SetUpContext): Promise<Result<void>> {
  const installed = path.join(context.staging, 'node_modules');
  if (existsSync(installed)) return ok();
  const folder = await mkdtemp(path.join(context.temporary, 'packages-'));
  for (const file of ['package.json', 'package-lock.json']) {
    await copyFile(path.join(nativePackageFolder(), file), path.join(folder, file));
  }
  // Install scripts stay off: the package's own would download a TensorFlow of 2022.
  const command = [...context.tools.npm.command, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'] as const;
  const run = await runOrFail('backend-packages', 'npm ci', command as readonly [string, ...string[]], {
    ...context,
    env: npmEnvironment(context.env),
    folder,
    hint: "check the network, and npm's registry and proxy settings (npm config list)",
  });
  if (!run.ok) return run;
  await rename(path.join(folder, 'package.json'), path.join(context.staging, 'package.json'));
  await rename(path.join(folder, 'node_modules'), installed);
  return ok();
}

/** Of TensorFlow its two libraries and the headers of its C API; of NVIDIA's packages all but their headers. */
function isWanted(member: string): boolean {
  if (member.startsWith('nvidia/')) return !member.includes('/include/');
  return /^tensorflow\/(libtensorflow_(cc|framework)\.so\.2$|include\/(tensorflow\/c|tensorflow\/core\/platform|tsl\/platform|xla\/tsl\/c)\/)/.test(
    member,
  );
}

/** Moves the folders `tensorflow` and `nvidia/*` to their places; only whole wheels get there. */
async function placeUnpacked(from: string, context: SetUpContext): Promise<void> {
  for (const top of await readdir(from)) {
    const folders =
      top === 'nvidia' ? (await readdir(path.join(from, top))).map((name) => path.join(top, name)) : [top];
    for (const folder of folders) {
      const source = path.join(from, folder);
      if (!(await stat(source)).isDirectory()) continue;
      const target = path.join(context.staging, folder);
      await rm(target, { recursive: true, force: true });
      await mkdir(path.dirname(target), { recursive: true });
      await rename(source, target);
    }
  }
}

async function unpackWheel(wheel: PinnedWheel, context: SetUpContext): Promise<Result<void>> {
  const folder = await mkdtemp(path.join(context.temporary, 'unpack-'));
  const label = `${wheel.package} ${wheel.version}`;
  const unpacked = await unpack(wheelFile(wheel, context), folder, {
    wanted: isWanted,
    signal: context.signal,
    onProgress: ({ done, total }) => context.onEvent({ type: 'progress', label, done, total }),
  });
  if (!unpacked.ok) return unpacked;
  await placeUnpacked(folder, context);
  await mark(context, `unpacked-${wheel.package}`);
  await rm(wheelFile(wheel, context), { force: true });
  return ok();
}

async function runSteps(context: SetUpContext): Promise<Result<Probe>> {
  const wheels = [context.pins.tensorflow, ...context.pins.cuda];
  const pending = wheels.filter((wheel) => !existsSync(marker(context, `unpacked-${wheel.package}`)));
  const steps = [
    ['packages', () => installPackages(context)],
    ['wheels', () => fetchWheels(pending, context)],
    [
      'unpack',
      async () => {
        for (const wheel of pending) {
          const unpacked = await unpackWheel(wheel, context);
          if (!unpacked.ok) return unpacked;
        }
        return ok();
      },
    ],
    ['compile', () => compileBinding(context)],
  ] as const;
  for (const [step, action] of steps) {
    if (context.signal.aborted) return interrupted();
    context.onEvent(stepEvent(step));
    const done: Result<void> = await action();
    if (!done.ok) return done;
  }
  context.onEvent(stepEvent('try'));
  return probe(context.staging, context.env, context.signal);
}

/** The manifest is the last file, and the rename the last act: the folder is whole or not there. */
async function publish(context: SetUpContext, folder: string, tensorflow: string): Promise<InstalledBackend> {
  for (const leftover of ['temporary', 'done', 'downloads']) {
    await rm(path.join(context.staging, leftover), { recursive: true, force: true });
  }
  const file = await open(path.join(context.staging, manifestName), 'w');
  try {
    await file.writeFile(await describeInstalled(context.staging, context.build, tensorflow));
    await file.sync();
  } finally {
    await file.close();
  }
  if (existsSync(folder)) {
    context.onEvent({ type: 'notice', text: `${folder} was damaged and is replaced` });
    await rm(folder, { recursive: true, force: true });
  }
  await rename(context.staging, folder);
  return { build: context.build, folder, tensorflow };
}

/** Removes what set-ups of other hosts (containers come and go under new names) left more than a day ago. */
async function removeAbandoned(folder: string, own: string): Promise<void> {
  const dayAgo = Date.now() - 24 * 3600 * 1000;
  const prefix = `${path.basename(folder)}.staging-`;
  for (const name of await readdir(path.dirname(folder))) {
    const other = path.join(path.dirname(folder), name);
    if (!name.startsWith(prefix) || other === own) continue;
    if ((await stat(other)).mtimeMs < dayAgo) await rm(other, { recursive: true, force: true });
  }
}

/** Makes the staging folder ready: what an earlier start finished stays, what it left half-done goes. */
async function prepareStaging(folder: string): Promise<{ staging: string; temporary: string }> {
  const staging = `${folder}.staging-${hostname().replace(/[^A-Za-z0-9.-]/g, '_')}`;
  const temporary = path.join(staging, 'temporary');
  await removeAbandoned(folder, staging);
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  const now = new Date();
  await utimes(staging, now, now);
  return { staging, temporary };
}

async function install(options: SetUpOptions, folder: string): Promise<Result<InstalledBackend>> {
  const there = await findInstalled(options.build, options.env);
  if (there !== undefined) return ok(there);
  const pins = pinsOf(options.build);
  if (!pins.ok) return pins;
  try {
    const tools = await checkRequirements(folder, pins.value, options);
    if (!tools.ok) return tools;
    const context = { ...options, pins: pins.value, tools: tools.value, ...(await prepareStaging(folder)) };
    const tried = await runSteps(context);
    return tried.ok ? ok(await publish(context, folder, tried.value.tensorflow)) : tried;
  } catch (problem) {
    if (options.signal.aborted) return interrupted();
    if (isSystemError(problem)) return err(systemFailure(`cannot set up TensorFlow in ${folder}`, problem));
    throw problem;
  }
}

/**
 * Installs the native backend into the user's cache, or finds it there. It may be killed at any moment and started
 * again: finished parts are kept, the folder appears by a rename. Of two that start at once, the second waits.
 *
 * Errors: `backend-platform`, `backend-requirements`, `backend-packages`, `backend-wheel`, `backend-compile`,
 * `backend-probe`, `archive-invalid`, `interrupted`, and those of `download` and of the disk.
 */
export async function setUpBackend(options: SetUpOptions): Promise<Result<InstalledBackend>> {
  const there = await findInstalled(options.build, options.env);
  if (there !== undefined) return ok(there);
  const pins = pinsOf(options.build);
  if (!pins.ok) return pins;
  const folder = backendFolder(options.build, options.env);
  const onWait = () => options.onEvent({ type: 'waiting' });
  return withLock(`backend ${folder}`, { onWait, signal: options.signal }, () => install(options, folder));
}
