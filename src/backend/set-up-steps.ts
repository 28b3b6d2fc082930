import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result } from '../util/result.ts';
import { unpack } from '../util/unpack.ts';
import { compileBinding } from './compile.ts';
import type { PinnedWheel } from './pins.ts';
import { type Probe, probe } from './probe.ts';
import type { SetUpContext } from './set-up-context.ts';
import { stepEvent } from './set-up-event.ts';
import { interrupted, npmEnvironment, runOrFail } from './tool.ts';
import { fetchWheels, wheelFile } from './wheel.ts';

/** The folder with the locked packages, in the sources and as published beside the compiled code. */
function nativePackageFolder(): string {
  const candidates = ['./native/', '../../../src/backend/native/'].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  const found = candidates.find((folder) => existsSync(path.join(folder, 'package-lock.json')));
  if (found === undefined) throw new Error(`the native backend's package-lock.json is in none of ${candidates}`);
  return found;
}

/** A file that says that a wheel is unpacked, so that the next start after a kill does not repeat it. */
export const marker = (staging: string, wheel: PinnedWheel): string => path.join(staging, 'done', wheel.package);

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
  const unpacked = await unpack(wheelFile(wheel, context.staging), folder, {
    wanted: isWanted,
    signal: context.signal,
    onProgress: ({ done, total }) => context.onEvent({ type: 'progress', label, done, total }),
  });
  if (!unpacked.ok) return unpacked;
  await placeUnpacked(folder, context);
  await mkdir(path.join(context.staging, 'done'), { recursive: true });
  await writeFile(marker(context.staging, wheel), '');
  await rm(wheelFile(wheel, context.staging), { force: true });
  return ok();
}

/**
 * Brings the staging folder from whatever an earlier start left to a backend that works. Each step does what is
 * missing only. Errors: those of the steps.
 */
export async function runSteps(context: SetUpContext): Promise<Result<Probe>> {
  const wheels = [context.pins.tensorflow, ...context.pins.cuda];
  const pending = wheels.filter((wheel) => !existsSync(marker(context.staging, wheel)));
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
