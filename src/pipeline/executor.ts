import type { JsonSchema } from '../stage/stage-kind.ts';
import { parseDuration } from '../util/duration.ts';
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { parseSize } from '../util/size.ts';
import { show } from './validate.ts';

/** Where the jobs of a pipeline run: worker processes on this machine, or pilot jobs of a Slurm cluster. */
export type ExecutorName = 'local' | 'slurm';
export const executorNames: readonly ExecutorName[] = ['local', 'slurm'];

/** What one pilot job asks of a Slurm cluster, and how many there are. What is undefined is left to the site. */
export interface SlurmSettings {
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  readonly constraint?: string;
  /** Seconds that a pilot may take. */
  readonly time: number;
  readonly cpus: number;
  /** Bytes. */
  readonly memory?: number;
  /** As `--gpus-per-node` takes it: `1`, `a100:2`. */
  readonly gpus?: string;
  /** Pilots at most at once. */
  readonly pilots: number;
  /** `many`: a pilot takes job after job; `one`: a task of the array for each job, where a site wants that. */
  readonly jobs: 'many' | 'one';
  /** Seconds that a pilot waits for a next job before it ends. */
  readonly idle: number;
  /** Further arguments of `sbatch`. */
  readonly flags: readonly string[];
  /** Lines of the batch script that make the node ready: `module load cuda`. */
  readonly setup: readonly string[];
  /** What a job that ran out of time or memory may be given at most. */
  readonly most: { readonly time: number; readonly memory?: number };
  /** Address of a remote that results go by, where nodes share no file system with this machine. */
  readonly remote?: string;
}

/** Of a pipeline: who runs its jobs unless the command line says otherwise, and what it says of each. */
export interface ExecutorSettings {
  readonly name: ExecutorName;
  readonly slurm: SlurmSettings;
}

export const defaultSlurm: SlurmSettings = {
  time: 3600,
  cpus: 1,
  pilots: 4,
  jobs: 'many',
  idle: 60,
  flags: [],
  setup: [],
  most: { time: 4 * 3600 },
};

interface Mistake {
  readonly path: readonly string[];
  readonly message: string;
  readonly hint?: string;
}

/** A job that ran out of memory or time may have this many times what pilots have, where the pipeline does not say. */
const usualMost = 4;

const line = { type: 'string', pattern: '^[^\\n\\r\\0]+$' };
// What is too small is told by what reads it, in better words than those of a choice of types.
const durationSchema = { anyOf: [{ type: 'number' }, { type: 'string' }] };
const sizeSchema = { anyOf: [{ type: 'integer' }, { type: 'string' }] };
const countSchema = { anyOf: [{ type: 'integer' }, { type: 'string' }] };

/** Schema of `executor:`. */
export const executorSchema: JsonSchema = {
  type: 'string',
  description: 'Who runs the jobs: local (the default) or slurm. `--executor` of the command line goes before it.',
};

/** Schema of `executors:`. */
export const executorsSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'What the executors are to do.',
  properties: {
    slurm: {
      type: 'object',
      additionalProperties: false,
      description: 'Jobs run in pilot jobs of a Slurm cluster; what is left out is left to the site.',
      properties: {
        partition: { ...line, description: 'Partition of the pilots.' },
        account: { ...line, description: 'Account that pays.' },
        qos: { ...line, description: 'Quality of service.' },
        constraint: { ...line, description: 'Features that nodes must have.' },
        time: {
          ...durationSchema,
          description: 'Time limit of a pilot: 2h, 30min, 1-12:00:00 or seconds. Default: 1h.',
        },
        cpus: {
          ...countSchema,
          description: 'Processors of a pilot: so many jobs of one thread run in it. Default: 1.',
        },
        memory: { ...sizeSchema, description: 'Main memory of a pilot: 16GB.' },
        gpus: {
          anyOf: [{ type: 'integer', minimum: 0 }, line],
          description: 'GPUs of a pilot: 1, or with their type a100:2.',
        },
        pilots: { ...countSchema, description: 'Pilots at most at once. Default: 4.' },
        jobs: {
          enum: ['many', 'one'],
          description: 'many (the default): a pilot takes job after job; one: an array task for each job.',
        },
        idle: {
          ...durationSchema,
          description: 'Seconds that a pilot waits for a next job before it ends. Default: 60.',
        },
        flags: { type: 'array', items: line, description: 'Further arguments of sbatch.' },
        setup: { type: 'array', items: line, description: 'Shell lines that make a node ready: module load cuda.' },
        most: {
          type: 'object',
          additionalProperties: false,
          description: 'What a job that ran out of time or memory may be given. Default: four times what pilots have.',
          properties: { time: durationSchema, memory: sizeSchema },
        },
        remote: {
          ...line,
          description:
            'Remote that jobs and results go by, where nodes share no file system: /mnt/x, s3://…, https://…',
        },
      },
    },
  },
};

/** Reads `executor:` and `executors:` after their references were filled in. */
export function readExecutor(name: Json | undefined, executors: Json | undefined): Result<ExecutorSettings, Mistake[]> {
  const mistakes: Mistake[] = [];
  const chosen = name ?? 'local';
  if (!executorNames.includes(chosen as ExecutorName))
    mistakes.push({
      path: ['executor'],
      message: `executor cannot be ${show(chosen)}`,
      hint: `it is one of ${executorNames.join(', ')}`,
    });
  const written = isJsonObject(executors) ? executors['slurm'] : undefined;
  const slurm = readSlurm(isJsonObject(written) ? written : {}, mistakes);
  return mistakes.length > 0 ? err(mistakes) : ok({ name: chosen as ExecutorName, slurm });
}

function readSlurm(written: JsonObject, mistakes: Mistake[]): SlurmSettings {
  const wrong = (path: readonly string[], message: string, hint: string): undefined => {
    mistakes.push({ path: ['executors', 'slurm', ...path], message, hint });
    return undefined;
  };
  const duration = (value: Json | undefined, path: readonly string[]): number | undefined => {
    if (value === undefined) return undefined;
    const seconds = typeof value === 'number' ? (value > 0 ? value : undefined) : parseDuration(String(value));
    return (
      seconds ?? wrong(path, `${path.at(-1)} must be a duration, got ${show(value)}`, 'for example 2h, 30min or 90')
    );
  };
  const size = (value: Json | undefined, path: readonly string[]): number | undefined => {
    if (value === undefined) return undefined;
    const bytes = typeof value === 'number' ? value : parseSize(String(value));
    const good = bytes !== undefined && bytes >= 2 ** 20 && Number.isFinite(bytes);
    return good
      ? bytes
      : wrong(path, `${path.at(-1)} must be a size of at least 1 MiB, got ${show(value)}`, 'for example 16GB');
  };
  const count = (name: string): number | undefined => {
    const value = written[name];
    if (value === undefined) return undefined;
    return Number.isInteger(value) && Number(value) >= 1
      ? Number(value)
      : wrong([name], `${name} must be a whole number of at least 1, got ${show(value)}`, 'for example 4');
  };
  const text = (name: string): { [key: string]: string } =>
    written[name] === undefined ? {} : { [name]: String(written[name]) };
  const most = isJsonObject(written['most']) ? written['most'] : {};
  const time = duration(written['time'], ['time']) ?? defaultSlurm.time;
  const memory = size(written['memory'], ['memory']);
  const mostMemory =
    size(most['memory'], ['most', 'memory']) ?? (memory === undefined ? undefined : usualMost * memory);
  const gpus = written['gpus'];
  if (gpus !== undefined && !/^([\w.-]+:)?\d+$/.test(String(gpus)))
    wrong(['gpus'], `gpus must be a number of GPUs, with their type or without, got ${show(gpus)}`, '1, or a100:2');
  return {
    ...text('partition'),
    ...text('account'),
    ...text('qos'),
    ...text('constraint'),
    ...text('remote'),
    time,
    cpus: count('cpus') ?? defaultSlurm.cpus,
    ...(memory === undefined ? {} : { memory }),
    ...(gpus === undefined || /^0*$/.test(String(gpus)) ? {} : { gpus: String(gpus) }),
    pilots: count('pilots') ?? defaultSlurm.pilots,
    jobs: written['jobs'] === 'one' ? 'one' : 'many',
    idle: duration(written['idle'], ['idle']) ?? defaultSlurm.idle,
    flags: (written['flags'] as string[] | undefined) ?? [],
    setup: (written['setup'] as string[] | undefined) ?? [],
    most: {
      time: Math.max(time, duration(most['time'], ['most', 'time']) ?? usualMost * time),
      ...(mostMemory === undefined ? {} : { memory: Math.max(memory ?? 0, mostMemory) }),
    },
  };
}
