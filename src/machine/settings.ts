import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { parseSize } from '../util/size.ts';
import { suggestion } from '../util/suggest.ts';

/** What people let runs have of the machine; what is undefined is not limited. */
export interface MachineSettings {
  /** CPU slots. */
  readonly workers?: number;
  /** Bytes of main memory. */
  readonly memory?: number;
  /** UUIDs or indices of GPUs; empty for none. */
  readonly gpus?: readonly string[];
  /** Start NVIDIA's multi-process service for jobs that share a GPU. */
  readonly mps?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A number of CPU slots as it is written; undefined where it is none. */
export function parseWorkers(text: string): number | undefined {
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 ? value : undefined;
}

/** A list of GPUs as it is written: "0,1", "GPU-8f3…", or "none". */
export function parseGpus(text: string): readonly string[] | undefined {
  if (text.trim() === 'none') return [];
  const names = text.split(',').map((name) => name.trim());
  return names.every((name) => /^[\w-]+$/.test(name)) ? names : undefined;
}

const readers = {
  workers: { read: parseWorkers, right: 'a whole number of at least 1' },
  memory: { read: parseSize, right: 'a size like 12GB or 512MiB' },
  gpus: { read: parseGpus, right: 'indices or UUIDs, or none: 0,1' },
  mps: {
    read: (text: string) =>
      text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined,
    right: 'true or false',
  },
} as const;

/** File of a user's settings for this machine: `$XDG_CONFIG_HOME/pipe/machine`, `~/.config/pipe/machine` by default. */
export function machineSettingsFile(env: Environment): string {
  const base = env['XDG_CONFIG_HOME'];
  const folder = base !== undefined && isAbsolute(base) ? base : join(env['HOME'] ?? homedir(), '.config');
  return join(folder, 'pipe', 'machine');
}

/**
 * What the user set for this machine in its file (lines like `memory = 12GB`, `#` begins a comment), over that the variables
 * PIPE_WORKERS, PIPE_MEMORY, PIPE_GPUS and PIPE_MPS, over that the flags. Errors: a name or a value that is none.
 */
export function machineSettings(
  env: Environment,
  flags: MachineSettings,
  read: (file: string) => string | undefined = readIfThere,
): Result<MachineSettings> {
  const file = machineSettingsFile(env);
  let settings: MachineSettings = {};
  for (const [index, line] of (read(file) ?? '').split('\n').entries()) {
    const text = line.replace(/#.*$/, '').trim();
    if (text === '') continue;
    const [, name = text, value = ''] = /^([^=]*?)\s*=\s*(.*)$/.exec(text) ?? [];
    const location = { file, line: index + 1, column: 1 };
    const set = readOne(name, value, name);
    if (!set.ok) return err({ ...set.error, location });
    settings = { ...settings, ...set.value };
  }
  for (const name of Object.keys(readers)) {
    const variable = `PIPE_${name.toUpperCase()}`;
    const value = env[variable];
    if (value === undefined || value === '') continue;
    const set = readOne(name, value, variable);
    if (!set.ok) return set;
    settings = { ...settings, ...set.value };
  }
  return ok({ ...settings, ...flags });
}

function readOne(name: string, value: string, shown: string): Result<MachineSettings> {
  const reader = Object.hasOwn(readers, name) ? readers[name as keyof typeof readers] : undefined;
  if (reader === undefined) {
    const hint = suggestion(name, Object.keys(readers)) ?? `there are ${Object.keys(readers).join(', ')}`;
    return err(failure('setting-unknown', `there is no setting "${name}"`, { hint }));
  }
  const found = reader.read(value);
  if (found === undefined) return err(failure('setting', `${shown} must be ${reader.right}, got "${value}"`));
  return ok({ [name]: found });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
