import { readFileSync } from 'node:fs';
import type { Schedule } from '../../src/model/schedules.ts';
import type { OptimizerCase } from './keras-reference.ts';

/** Learning rates of a schedule at some steps. */
interface ScheduleCase {
  readonly type: 'schedule';
  readonly schedule: Schedule;
  readonly steps: readonly number[];
  readonly rates: readonly number[];
}

/** Where early stopping stopped on given losses, and which epoch's weights it restored; epochs count from 1. */
interface StoppingCase {
  readonly type: 'stopping';
  readonly setting: { readonly patience: number; readonly minDelta?: number; readonly startFromEpoch?: number };
  readonly losses: readonly number[];
  readonly last: number;
  readonly stopped: boolean;
  readonly restored: number;
}

/** One step of SGD with rate 0.5 on a dense layer of three classes, with weights of the classes. */
interface ClassWeightsCase {
  readonly type: 'class-weights';
  readonly inputs: readonly number[];
  readonly labels: readonly number[];
  readonly classWeights: readonly number[];
  readonly first: readonly (readonly number[])[];
  readonly loss: number;
  readonly weights: readonly (readonly number[])[];
}

type Line = OptimizerCase | ScheduleCase | StoppingCase | ClassWeightsCase;

/** Reads fixtures/keras-training.jsonl, which fixtures/keras-training.py has written. */
export function readTrainingReference() {
  const text = readFileSync(new URL('./fixtures/keras-training.jsonl', import.meta.url), 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const classWeights = lines.find((line) => line.type === 'class-weights');
  if (classWeights === undefined) throw new Error('the reference has no class weights');
  return {
    optimizers: lines.filter((line) => line.type === 'optimizer'),
    schedules: lines.filter((line) => line.type === 'schedule'),
    stopping: lines.filter((line) => line.type === 'stopping'),
    classWeights,
  };
}
