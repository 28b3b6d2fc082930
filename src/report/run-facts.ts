import type { JsonObject } from '../util/json.ts';
import type { Markup } from './html.ts';

/** A job as the timeline draws it; seconds since the run's beginning. */
export interface TimelineJob {
  readonly lane: number;
  readonly from: number;
  readonly to: number;
  readonly stage: string;
  readonly job: string;
}

/** What became of a stage instance. */
export interface RunStage {
  readonly id: string;
  readonly status: 'ran' | 'cached' | 'failed';
  /** Jobs that it is made of, and those of them that were taken from the store. */
  readonly jobs: number;
  readonly cachedJobs: number;
  /** Computing that its jobs took when they were made, in this run or an earlier one. */
  readonly seconds: number;
  readonly fingerprint?: string;
  /** Why it failed. */
  readonly failure?: string;
}

/** How a run went: what a report of it shows beside its results. */
export interface RunFacts {
  readonly id: string;
  readonly pipeline: string;
  readonly profile: string;
  /** ISO 8601. */
  readonly started: string;
  readonly seconds?: number;
  /** Jobs that ran and jobs that were taken from the store; of a run that was killed not known. */
  readonly counts?: { readonly ran: number; readonly cached: number };
  readonly status: string;
  readonly commit?: string;
  /** Values of the pipeline's parameters, with those of the profile and the command line. */
  readonly params: JsonObject;
  /** Processor, Node, TensorFlow: what the jobs that trained ran on. */
  readonly machine: readonly (readonly [name: string, value: string])[];
  readonly stages: readonly RunStage[];
  readonly graph: { readonly width: number; readonly height: number; readonly body: Markup };
  /** The same graph in Mermaid's language. */
  readonly mermaid: string;
  readonly timeline: { readonly lanes: readonly string[]; readonly jobs: readonly TimelineJob[] };
}
