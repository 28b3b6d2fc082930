import type { Emit, UntimedEvent } from '../events/event.ts';
import type { LookedUpJob } from '../plan/job.ts';
import type { JobRecord } from '../store/record.ts';
import type { FollowedPilot } from './follow-pilots.ts';

/** Tells a run's own events of what pilots tell of theirs: with its names of jobs, and with numbers of workers that are unique in it. */
export interface Relay {
  /** Something of a pilot itself. */
  ofPilot(pilot: FollowedPilot, event: UntimedEvent): void;
  /** Something of a job; its end is told by `finished`, when its result is seen. */
  ofJob(looked: LookedUpJob, attempt: number, pilot: FollowedPilot, event: UntimedEvent): void;
  finished(looked: LookedUpJob, record: JobRecord, worker: number | undefined): void;
  worker(pilot: FollowedPilot, worker: number): number;
}

export function createRelay(emit: Emit): Relay {
  const workers = new Map<string, number>();
  const workerOf: Relay['worker'] = (pilot, worker) => {
    const key = `${pilot.id} ${worker}`;
    const known = workers.get(key) ?? workers.size + 1;
    workers.set(key, known);
    return known;
  };
  return {
    worker: workerOf,
    ofPilot: (pilot, event) => {
      const { host } = pilot.description;
      switch (event.type) {
        case 'worker-started':
          emit({ ...event, worker: workerOf(pilot, event.worker), host });
          break;
        case 'worker-ended':
          emit({ ...event, worker: workerOf(pilot, event.worker) });
          break;
        case 'notice':
          emit({ ...event, text: `${host}: ${event.text}` });
          break;
        case 'set-up':
          emit(event.step === '' ? event : { ...event, step: `${host}: ${event.step}` });
          break;
        default:
          break;
      }
    },
    ofJob: ({ job }, attempt, pilot, event) => {
      const mine = { stage: job.stage, job: job.id };
      switch (event.type) {
        case 'job-started': {
          const { host } = pilot.description;
          emit({ ...event, ...mine, attempt, worker: workerOf(pilot, event.worker), host });
          break;
        }
        case 'job-progress':
        case 'job-log':
          emit({ ...event, ...mine });
          break;
        case 'notice':
          emit(event.stage === undefined ? event : { ...event, stage: job.stage });
          break;
        default:
          break;
      }
    },
    finished: ({ job, fingerprint }, record, worker) => {
      const { seconds, memory, gpuMemory, score, finding } = record;
      emit({
        type: 'job-finished',
        stage: job.stage,
        job: job.id,
        fingerprint,
        seconds,
        cached: false,
        ...(worker === undefined ? {} : { worker }),
        ...(memory === undefined ? {} : { memory }),
        ...(gpuMemory === undefined ? {} : { gpuMemory }),
        ...(score === undefined ? {} : { score }),
        ...(finding === undefined ? {} : { finding }),
      });
    },
  };
}
