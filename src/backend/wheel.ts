import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { failure } from '../errors/failure.ts';
import { download } from '../util/download.ts';
import { isJsonObject, type Json } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { BuildPins, PinnedWheel } from './pins.ts';
import type { SetUpContext } from './set-up-context.ts';
import { interrupted, lastLines, runOrFail, runTool } from './tool.ts';

/** The options by which pip picks a file for another Python than its own. 3.11 is only a name here: no Python code is used. */
function pipTarget(pins: BuildPins): string[] {
  return [
    '--no-deps',
    '--only-binary=:all:',
    '--python-version=3.11',
    '--implementation=cp',
    '--abi=cp311',
    '--abi=none',
    ...pins.platforms.map((platform) => `--platform=${platform}`),
  ];
}

const requirement = (wheel: PinnedWheel): string => `${wheel.package}==${wheel.version}`;
const canonicalName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** URLs by package, from pip's installation report (packaging.python.org, "pip install --report", format version 1). */
export function parseReport(text: string): Map<string, { url: string; sha256: string | undefined }> {
  const found = new Map<string, { url: string; sha256: string | undefined }>();
  let report: Json;
  try {
    report = JSON.parse(text) as Json;
  } catch {
    return found;
  }
  const installs = isJsonObject(report) && Array.isArray(report['install']) ? report['install'] : [];
  for (const install of installs as readonly Json[]) {
    if (!isJsonObject(install)) continue;
    const { metadata, download_info: info } = install;
    if (!isJsonObject(metadata) || !isJsonObject(info)) continue;
    const { name } = metadata;
    const { url, archive_info: archive } = info;
    if (typeof name !== 'string' || typeof url !== 'string') continue;
    const hashes = isJsonObject(archive) ? archive['hashes'] : undefined;
    const sha256 = isJsonObject(hashes) && typeof hashes['sha256'] === 'string' ? hashes['sha256'] : undefined;
    found.set(canonicalName(name), { url, sha256 });
  }
  return found;
}

/**
 * Asks pip where the wheels are, so that the user's index, mirror and proxy settings hold.
 * Empty when this pip cannot say (before 22.2), or does not find them.
 */
async function locate(wheels: readonly PinnedWheel[], context: SetUpContext): Promise<ReturnType<typeof parseReport>> {
  const target = await mkdtemp(path.join(context.temporary, 'report-'));
  const run = await runTool(
    [
      ...context.tools.pip.command,
      'install',
      '--dry-run',
      '--ignore-installed',
      '--quiet',
      '--report=-',
      `--target=${target}`,
      ...pipTarget(context.pins),
      ...wheels.map(requirement),
    ],
    context,
  );
  if (run.succeeded) return parseReport(run.stdout);
  context.onEvent({
    type: 'notice',
    text: `pip did not tell the addresses (${lastLines(run, 1)}); pip itself downloads, without a bar`,
  });
  return new Map();
}

async function sha256Of(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20, signal })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Lets pip itself download: no bar and no resuming, but it gets through wherever pip does. */
async function downloadByPip(wheel: PinnedWheel, destination: string, context: SetUpContext): Promise<Result<void>> {
  const folder = await mkdtemp(path.join(context.temporary, 'pip-'));
  const run = await runOrFail(
    'backend-wheel',
    `pip download ${requirement(wheel)}`,
    [
      ...context.tools.pip.command,
      'download',
      '--quiet',
      `--dest=${folder}`,
      ...pipTarget(context.pins),
      requirement(wheel),
    ],
    { ...context, hint: "check the network, and pip's index and proxy settings (pip config list)" },
  );
  if (!run.ok) return run;
  const name = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (name === undefined) return err(failure('backend-wheel', `pip brought no wheel for ${requirement(wheel)}`));
  const digest = await sha256Of(path.join(folder, name), context.signal);
  if (digest !== wheel.sha256) return err(otherFile(wheel, digest));
  await rename(path.join(folder, name), destination);
  return ok();
}

function otherFile(wheel: PinnedWheel, got: string) {
  return failure(
    'backend-wheel',
    `pip's index offers another file for ${requirement(wheel)} than the one this was made for`,
    {
      detail: `sha256 expected ${wheel.sha256}\nsha256 got      ${got}`,
      hint: 'use an index that mirrors the original files (pip config list shows the one in use)',
    },
  );
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function fetchWheel(
  wheel: PinnedWheel,
  place: { url: string; sha256: string | undefined } | undefined,
  destination: string,
  context: SetUpContext,
): Promise<Result<void>> {
  if (place?.sha256 !== undefined && place.sha256 !== wheel.sha256) return err(otherFile(wheel, place.sha256));
  if (place === undefined || !/^https?:/.test(place.url)) return downloadByPip(wheel, destination, context);
  const label = requirement(wheel);
  const fetched = await download({
    url: place.url,
    destination,
    sha256: wheel.sha256,
    attempts: 4,
    signal: context.signal,
    onProgress: ({ received, total }) => context.onEvent({ type: 'progress', label, done: received, total }),
  });
  if (fetched.ok || !['download-network', 'download-status'].includes(fetched.error.code)) return fetched;
  // Bytes came, so the way is open: a lost connection is to be resumed, not started anew by another program.
  if (await exists(`${destination}.part`)) return fetched;
  context.onEvent({ type: 'notice', text: `${fetched.error.message}; trying pip download instead, without a bar` });
  return downloadByPip(wheel, destination, context);
}

/** Where a wheel lies once it is downloaded and its checksum was right. */
export function wheelFile(wheel: PinnedWheel, staging: string): string {
  return path.join(staging, 'downloads', `${wheel.package}-${wheel.version}.whl`);
}

/**
 * Downloads the wheels that are not there yet. Errors: `backend-wheel` (not in the index, or another file),
 * `interrupted`, and those of `download`.
 */
export async function fetchWheels(wheels: readonly PinnedWheel[], context: SetUpContext): Promise<Result<void>> {
  const wanted: PinnedWheel[] = [];
  for (const wheel of wheels) if (!(await exists(wheelFile(wheel, context.staging)))) wanted.push(wheel);
  if (wanted.length === 0) return ok();
  await mkdir(path.join(context.staging, 'downloads'), { recursive: true });
  const places = await locate(wanted, context);
  for (const wheel of wanted) {
    if (context.signal.aborted) return interrupted();
    const fetched = await fetchWheel(wheel, places.get(wheel.package), wheelFile(wheel, context.staging), context);
    if (!fetched.ok) return fetched;
  }
  return ok();
}
