import type { Markup } from './html.ts';

/** A job as the timeline draws it; seconds since the run's beginning. */
export interface TimelineJob {
  readonly lane: number;
  readonly from: number;
  readonly to: number;
  readonly stage: string;
  readonly job: string;
}

/** How a run went: what a report of it shows beside its results. */
export interface RunFacts {
  readonly id: string;
  readonly pipeline: string;
  readonly profile: string;
  /** ISO 8601. */
  readonly started: string;
  readonly seconds?: number;
  readonly status: string;
  readonly commit?: string;
  /** Processor, Node, TensorFlow: what the jobs that trained ran on. */
  readonly machine: readonly (readonly [name: string, value: string])[];
  readonly graph: { readonly width: number; readonly height: number; readonly body: Markup };
  readonly timeline: { readonly lanes: readonly string[]; readonly jobs: readonly TimelineJob[] };
}
