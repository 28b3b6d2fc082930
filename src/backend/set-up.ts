import { existsSync } from 'node:fs';
import { open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { isSystemError, systemFailure } from '../errors/system.ts';
import { withLock } from '../util/lock.ts';
import { makeFolder } from '../util/make-folder.ts';
import { err, ok, type Result } from '../util/result.ts';
import { type Build, backendFolder, type Environment, pinsOf } from './choice.ts';
import { describeInstalled, findInstalled, type InstalledBackend, manifestName } from './installed.ts';
import type { BuildPins, PinnedWheel } from './pins.ts';
import { checkRequirements, packagesBytes } from './requirements.ts';
import type { SetUpContext } from './set-up-context.ts';
import type { SetUpEvent } from './set-up-event.ts';
import { marker, runSteps } from './set-up-steps.ts';
import { interrupted } from './tool.ts';
import { wheelFile } from './wheel.ts';

export type { InstalledBackend } from './installed.ts';
export type { SetUpEvent } from './set-up-event.ts';

export interface SetUpOptions {
  readonly build: Build;
  readonly env: Environment;
  readonly onEvent: (event: SetUpEvent) => void;
  readonly signal: AbortSignal;
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
  await rm(temporary, { recursive: true, force: true });
  await makeFolder(temporary);
  await removeAbandoned(folder, staging);
  const now = new Date();
  await utimes(staging, now, now);
  return { staging, temporary };
}

/** Bytes of the needed disk space that an earlier start has taken already. */
async function stagedBytes(staging: string, wheels: readonly PinnedWheel[]): Promise<number> {
  let bytes = existsSync(path.join(staging, 'node_modules')) ? packagesBytes : 0;
  for (const wheel of wheels) {
    if (existsSync(marker(staging, wheel))) {
      bytes += wheel.bytes + wheel.unpacked;
      continue;
    }
    const file = wheelFile(wheel, staging);
    for (const name of [file, `${file}.part`]) bytes += existsSync(name) ? (await stat(name)).size : 0;
  }
  return bytes;
}

async function install(options: SetUpOptions, folder: string, pins: BuildPins): Promise<Result<InstalledBackend>> {
  const there = await findInstalled(options.build, options.env);
  if (there !== undefined) return ok(there);
  try {
    const places = await prepareStaging(folder);
    const staged = await stagedBytes(places.staging, [pins.tensorflow, ...pins.cuda]);
    const tools = await checkRequirements(folder, pins, staged, options);
    if (!tools.ok) return tools;
    const context = { ...options, pins, tools: tools.value, ...places };
    const tried = await runSteps(context);
    return tried.ok ? ok(await publish(context, folder, tried.value.tensorflow)) : tried;
  } catch (problem) {
    if (options.signal.aborted) return interrupted();
    if (!isSystemError(problem)) throw problem;
    const hint = 'XDG_CACHE_HOME can name another folder for the cache; --backend cpu works without';
    return err(systemFailure(`cannot set up TensorFlow in ${folder}`, problem, hint));
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
  return withLock(`backend ${folder}`, { onWait, signal: options.signal }, () => install(options, folder, pins.value));
}
