import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { isJsonObject } from '../util/json.ts';
import { backendFolder, type Environment } from './choice.ts';
import type { Build } from './pins.ts';

/** An installed native backend: plain data, so that it can be sent to a worker. */
export interface InstalledBackend {
  readonly build: Build;
  readonly folder: string;
  /** TensorFlow's version as its library reported it. */
  readonly tensorflow: string;
}

const addon = 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node';

/** Files without which nothing works, with their sizes in the manifest, so that a half-cleaned cache is noticed. */
export const essentialFiles = [
  addon,
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
] as const;

export const manifestName = 'backend.json';

interface Manifest {
  readonly format: 1;
  readonly build: Build;
  readonly tensorflow: string;
  readonly sizes: Readonly<Record<string, number>>;
}

/** The manifest's text: what is installed, by what version, and how large the essential files are. */
export async function describeInstalled(folder: string, build: Build, tensorflow: string): Promise<string> {
  const sizes: Record<string, number> = {};
  for (const file of essentialFiles) sizes[file] = (await stat(path.join(folder, file))).size;
  const manifest: Manifest = { format: 1, build, tensorflow, sizes };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The installed backend of a build, by one read and three stats; undefined when it is not (wholly) there. */
export async function findInstalled(build: Build, env: Environment): Promise<InstalledBackend | undefined> {
  const folder = backendFolder(build, env);
  try {
    const manifest: unknown = JSON.parse(await readFile(path.join(folder, manifestName), 'utf8'));
    if (!isJsonObject(manifest)) return undefined;
    const { sizes, tensorflow } = manifest;
    if (!isJsonObject(sizes) || typeof tensorflow !== 'string') return undefined;
    for (const file of essentialFiles) {
      if ((await stat(path.join(folder, file))).size !== sizes[file]) return undefined;
    }
    return { build, folder, tensorflow };
  } catch {
    return undefined;
  }
}
