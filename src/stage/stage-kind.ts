import type { ArtifactType } from '../artifact/artifact-type.ts';
import type { TableData } from '../artifact/column.ts';
import type { Artifact } from '../artifact/reader.ts';
import type { JsonObject } from '../util/json.ts';
import type { Result } from '../util/result.ts';

/** A JSON Schema of the subset that draft-07 and 2020-12 share. */
export type JsonSchema = { readonly [keyword: string]: unknown };

declare const described: unique symbol;

/** A JSON Schema that remembers the type of the values that fit it. */
export type ParamsSchema<Params> = JsonSchema & { readonly [described]?: Params };

/** Says which type a schema describes: `params: paramsOf<MyParams>({type: 'object', …})`. */
export function paramsOf<Params>(schema: JsonSchema): ParamsSchema<Params> {
  return schema;
}

/** An input that a stage kind wants. */
export interface InputSlot {
  readonly type: ArtifactType | 'any';
  /** Takes any number of artifacts (all instances of a matrix stage), not just one. */
  readonly many?: boolean;
  readonly optional?: boolean;
  /** Follows from training: it must have been made under the very split that this stage reads, or scores are too good. */
  readonly fitted?: boolean;
  readonly description: string;
}

/** An output that a stage kind writes. The first output is what `from: {slot: stage}` means. */
export interface OutputSlot {
  readonly type: ArtifactType;
  /** Holds measured times: no two runs give the same bytes, so nothing that must be reproducible may read it. */
  readonly measured?: boolean;
  /** Need not be written: whatever reads it must do without. */
  readonly optional?: boolean;
  /** A document for people: the file inside the blob is written out beside the store after a run. */
  readonly document?: boolean;
  readonly description: string;
}

export type InputSlots = Readonly<Record<string, InputSlot>>;
export type OutputSlots = Readonly<Record<string, OutputSlot>>;

/** An opened artifact and where it came from: `matrix` tells the instances of a matrix stage apart. */
export interface Input {
  readonly stage: string;
  readonly matrix: Readonly<Record<string, string>>;
  readonly artifact: Artifact;
}

/** One slot's value in `run`: a list for `many`, possibly undefined for `optional`. */
export type InputOf<Slot extends InputSlot> = Slot extends { readonly many: true }
  ? readonly Input[]
  : Slot extends { readonly optional: true }
    ? Input | undefined
    : Input;

export type InputsOf<Slots extends InputSlots> = { readonly [Name in keyof Slots]: InputOf<Slots[Name]> };

/** Takes the rows of one output. Each output is written exactly once. */
export interface OutputWriter {
  write(data: TableData): void;
}

/** How far a job is; what is undefined is not known. */
export interface Progress {
  /** Share done, 0 to 1. */
  readonly fraction: number;
  /** A few words: "epoch 3 of 10". */
  readonly note?: string;
  /** The score so far, higher is better (for example validation accuracy). */
  readonly score?: number;
  readonly samplesPerSecond?: number;
  /** What people should know of the result beside its score: that a fit diverged. Shown when the job is done. */
  readonly finding?: string;
  /** Of a fit, at the end of an epoch (they count from 1): its point of the learning curve, as far as it is a finite number. */
  readonly epoch?: {
    readonly epoch: number;
    readonly loss?: number;
    readonly accuracy?: number;
    readonly validationLoss?: number;
    readonly validationAccuracy?: number;
  };
}

/** Where the computing happens; part of the fingerprint of kinds that compute with TensorFlow. */
export interface ComputeClass {
  /** `native` is TensorFlow itself, `cpu` is tfjs's pure JavaScript. */
  readonly backend: 'native' | 'cpu';
  /** TensorFlow's version for `native`, tfjs's for `cpu`. */
  readonly version: string;
  readonly device: 'cpu' | 'gpu';
  /** The processor's architecture, as Node names it: the library is another build on each. */
  readonly architecture: string;
  /** Threads inside one operation. */
  readonly threads: number;
}

/** Keeps the state of a job while it runs, so that a killed job can go on where it was. */
export interface Checkpoint {
  /** What was written last, whole. */
  read(): Uint8Array | undefined;
  write(bytes: Uint8Array): void;
  /** What jobs left behind that differ from this one only in how long they go on; of kinds with `goesOn`. */
  readonly shared?: Omit<Checkpoint, 'shared'>;
}

export interface RunContext<Params, Inputs extends InputSlots, Outputs extends OutputSlots> {
  readonly params: Params;
  readonly inputs: InputsOf<Inputs>;
  readonly outputs: { readonly [Name in keyof Outputs]: OutputWriter };
  /** The job's seed: a whole number of 32 bits. */
  readonly seed: number;
  /** The device that the scheduler gave to this job. */
  readonly compute: ComputeClass;
  /**
   * Whether nothing else computed beside this job so far: the run gave the machine to it alone, and other processes were idle.
   * Times that are compared carry it.
   */
  readonly isExclusive: () => boolean;
  /** Files outside the store that `external` named, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** What `external` found out, part of the fingerprint. */
  readonly identity: JsonObject;
  /** What the job wrote before it was killed, if it was; gone when the job is done. */
  readonly checkpoint: Checkpoint;
  /** The project's root, for kinds that run programs there. Not part of the fingerprint: results must not depend on it. */
  readonly root: string;
  /** The pipeline's declared environment variables that are set. */
  readonly env: Readonly<Record<string, string>>;
  /** An empty folder on the store's disk, removed after the job. */
  readonly work: string;
  readonly progress: (progress: Progress) => void;
  /** Writes a line to the job's log. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** One job of a fan-out (for a search: one combination on one fold). */
export interface PartJob<Params> {
  /** A short name, unique in the stage: "3/1 dropout=0.2". Shown to people, not part of the fingerprint. */
  readonly name: string;
  readonly params: Params;
  /** Part of the job's seed. Equal parts get equal seeds, whatever else the stage computes. */
  readonly seedParts: readonly (string | number)[];
  /**
   * What parts that take the same time and memory have in common (of a search: the model, not the fold), so that what was
   * measured of one is expected of the others. Left out, it is the params. Not part of the fingerprint.
   */
  readonly likeness?: object;
  /** Outputs of parts that are done, as inputs of this one, by its slots. */
  readonly inputs?: Readonly<Record<string, { readonly part: string; readonly output: string }>>;
  /** Parts of a later round start after those of an earlier one have started; 0 by default. */
  readonly round?: number;
}

export interface ExternalInputs {
  /** Files to hash before and after the job, by a name that is free of the machine's paths. */
  readonly files: Readonly<Record<string, string>>;
  /** What else determines the result (the source's kind, a generator's version …). */
  readonly identity: JsonObject;
  /** A line for people: which source was used. */
  readonly notice: string;
}

export interface ExternalContext<Params> {
  readonly params: Params;
  /** Folder that relative paths of the pipeline are relative to. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder for what may be kept between runs and thrown away at any time. */
  readonly cache: string;
  /** The store's folder: what lies there is no data of the user's. */
  readonly store: string;
  /** Only what is on this machine may be looked at: a plan fetches nothing. What would be fetched is a failure `not-fetched`. */
  readonly offline: boolean;
  readonly notice: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A stage kind whose own types are not known: as much as scheduling and caching need of it. */
export type AnyStageKind = Pick<
  StageKind,
  'kind' | 'version' | 'description' | 'inputs' | 'outputs' | 'computes' | 'seeded' | 'exclusive'
> & {
  readonly params: JsonSchema;
  readonly goesOn?: (params: never) => JsonObject | undefined;
  readonly run: (context: never) => Promise<Result<void>>;
};

/**
 * A stage kind: parameters, inputs, outputs and how to run. Its module must be cheap to import: heavy things
 * (TensorFlow, Arrow, readers) are imported inside `run`, because the orchestrator imports every kind that
 * a pipeline uses, also when all is cached.
 */
export interface StageKind<
  Params = JsonObject,
  Inputs extends InputSlots = InputSlots,
  Outputs extends OutputSlots = OutputSlots,
  PartParams = JsonObject,
> {
  readonly kind: string;
  readonly version: number;
  readonly description: string;
  /** JSON Schema of `with:`. A property with `refersTo: 'models'` names an entry of the pipeline's `models:`, and is given its definition; one with `filledWith: 'stages'` is given the stages that lead to it. */
  readonly params: ParamsSchema<Params>;
  readonly inputs: Inputs;
  readonly outputs: Outputs;
  /** Computes with TensorFlow: the compute class becomes part of the fingerprint. */
  readonly computes?: boolean;
  /** Uses randomness: the job's seed, made of the pipeline's, becomes part of the fingerprint. */
  readonly seeded?: boolean;
  /** Timings are compared between models, so nothing may compute beside it. */
  readonly exclusive?: boolean;
  /** Finds the files outside the store that the stage reads. Runs in the orchestrator before fingerprints are taken. */
  readonly external?: (context: ExternalContext<Params>) => Promise<Result<ExternalInputs>>;
  /** Checks that the schema cannot express; `path` leads from `with:` to the wrong value. */
  readonly check?: (
    params: Params,
  ) => readonly { readonly path: readonly (string | number)[]; readonly message: string; readonly hint?: string }[];
  /**
   * The params without how long the job goes on: jobs that have these in common share a checkpoint, so that a longer one goes on
   * where a shorter one ended. Undefined where length changes what is done on the way. A job must come to the same bits either way.
   */
  readonly goesOn?: (params: Params) => JsonObject | undefined;
  /** Splits the stage into jobs that are scheduled and cached one by one; `run` then collects them from its input `parts`. */
  readonly fanOut?: {
    /** The kind of each part. Its inputs are a subset of the stage's own, by the same names. */
    readonly part: AnyStageKind;
    /**
     * Names the parts. Of a kind with `rounds` it is called again when all that it named are done, with these as `finished`,
     * until it names no new ones: a search decides by scores what to try next. It must depend on its arguments alone.
     */
    readonly expand: (context: {
      readonly params: Params;
      readonly inputs: InputsOf<Inputs>;
      readonly finished: readonly CollectedPart[];
    }) => Result<readonly PartJob<PartParams>[]>;
    /** Whether more parts may come when the first ones are done; undefined: never. */
    readonly rounds?: (params: Params) => boolean;
  };
  readonly run: (
    context: RunContext<Params, Inputs, Outputs> & { readonly parts: readonly CollectedPart[] },
  ) => Promise<Result<void>>;
}

/** A finished part as the collecting `run` sees it, in the order of `expand`. */
export interface CollectedPart {
  readonly name: string;
  readonly params: JsonObject;
  /** The part's outputs by slot. */
  readonly artifacts: Readonly<Record<string, Artifact>>;
}

/** Declares a stage kind; the types of `run` follow from its params and slots. */
export function defineStage<
  Params,
  const Inputs extends InputSlots,
  const Outputs extends OutputSlots,
  PartParams = JsonObject,
>(kind: StageKind<Params, Inputs, Outputs, PartParams>): StageKind<Params, Inputs, Outputs, PartParams> {
  return kind;
}
