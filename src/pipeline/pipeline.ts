import type { Location } from '../errors/failure.ts';
import type { LoadedKind } from '../stage/registry.ts';
import type { JsonObject } from '../util/json.ts';
import type { ExecutorSettings } from './executor.ts';

/** One output of one stage instance. */
export interface InputReference {
  readonly instance: string;
  readonly stage: string;
  readonly matrix: Readonly<Record<string, string>>;
  readonly output: string;
}

/** What one job takes of the machine. */
export interface Resources {
  readonly cpus: number;
  /** Share of one GPU. Undefined: kinds that compute take what was measured, others none. */
  readonly gpu?: number;
  /** Bytes of main memory. Undefined: what was measured. */
  readonly memory?: number;
}

/** How the jobs of a stage are run; nothing of it can change a result. */
export interface Execution {
  /** Seconds after which a job is stopped; undefined for no limit. */
  readonly timeout?: number;
  /** How often a job that failed or took too long is tried again. */
  readonly retries: number;
  /** `process`: each job has a process of its own. */
  readonly isolate: 'worker' | 'process';
}

/** A stage with one combination of its matrix values: "search[cnn]", or just "split" where there is no matrix. */
export interface StageInstance {
  readonly id: string;
  readonly stage: string;
  readonly matrix: Readonly<Record<string, string>>;
  readonly loaded: LoadedKind;
  readonly params: JsonObject;
  readonly inputs: Readonly<Record<string, readonly InputReference[]>>;
  /** Ids of the instances that must be done before: its inputs' and those named by `needs`. */
  readonly after: readonly string[];
  readonly resources: Resources;
  readonly execution: Execution;
  readonly location: Location;
}

/** A pipeline whose references are all resolved and checked. */
export interface Pipeline {
  readonly name: string;
  readonly file: string;
  /** Folder that relative paths are relative to: the nearest one above the file with a package.json or .git, else the file's. */
  readonly root: string;
  readonly profile: string | undefined;
  readonly params: JsonObject;
  /** Names of the declared environment variables. */
  readonly declaredEnv: readonly string[];
  /** Those of them that are set. */
  readonly env: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly executor: ExecutorSettings;
  /** In an order in which each stage comes after what it needs. */
  readonly instances: readonly StageInstance[];
}
