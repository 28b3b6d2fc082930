import { learningRateAt } from '../model/schedules.ts';
import { createRandom } from '../util/random.ts';
import { cutBatches } from './batches.ts';
import { atStart, createKeeper, type FitPosition, type KeepRequest } from './checkpoint.ts';
import { createTrainer } from './create-trainer.ts';
import { afterEpoch, type StoppingState, wasStopped } from './early-stopping.ts';
import type { WeightValues } from './network.ts';
import { scorePrediction } from './predict.ts';
import type { TensorFlow } from './runtime.ts';
import type { Fit, Trainer } from './trainer.ts';
import { createTurns } from './turns.ts';

export interface TrainingRequest extends Fit, KeepRequest {
  /** Rows to score: after every epoch, or once with the final weights. */
  readonly validation?: { readonly rows: Int32Array; readonly when: 'every epoch' | 'end' };
  /** The epoch after which it ends for now; all of them by default. What the fit does until then is the same. */
  readonly until?: number;
  /** Tell the position after the last epoch. */
  readonly keepsPosition?: boolean;
  /** Rows that early stopping watches in the place of validation rows. */
  readonly watched?: Int32Array;
  readonly onProgress: (progress: {
    readonly epoch: number;
    readonly fraction: number;
    readonly samplesPerSecond?: number;
    readonly validationAccuracy?: number;
    /** At the end of an epoch: its scores. */
    readonly scores?: EpochScores;
  }) => void;
}

/** Means over one epoch. Training figures are those of the moving network, as Keras reports them. NaN where not taken. */
export interface EpochScores {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
}

export interface Trained {
  readonly history: readonly EpochScores[];
  readonly weights: readonly WeightValues[];
  /** Where the loss stopped being a finite number; training ended there. */
  readonly diverged?: { readonly epoch: number; readonly batch: number };
  /** The best epoch by early stopping, and the last one if it stopped there. */
  readonly bestEpoch?: number;
  readonly stoppedEpoch?: number;
  /** Scores of the validation rows with the final weights. NaN without any. */
  readonly score: { readonly accuracy: number; readonly loss: number };
  readonly trainingSeconds: number;
  readonly trainedSamples: number;
  readonly validationSeconds: number;
  readonly scoredSamples: number;
  /** Where a fit stands that did not diverge and was not stopped: it can go on from there. Of one that was asked to keep it. */
  readonly position?: FitPosition;
}

const notTaken = { accuracy: Number.NaN, loss: Number.NaN };

/**
 * Trains a network from its seeded first weights: each epoch in a seeded order of its own, the last smaller batch
 * kept, mean cross-entropy from logits. Same request, same bits, on the same compute class. Everything it puts on
 * the device is freed. Rejects with the signal's reason when aborted.
 */
export async function train(tensorflow: TensorFlow, request: TrainingRequest): Promise<Trained> {
  const trainer = createTrainer(tensorflow, request);
  try {
    return await trainEpochs(trainer, request);
  } finally {
    trainer.dispose();
  }
}

async function trainEpochs(trainer: Trainer, request: TrainingRequest): Promise<Trained> {
  const { training, rows } = request;
  const keeper = createKeeper(trainer, request);
  // One for all epochs: they may be shorter than a turn.
  const giveTurn = createTurns(request.signal);
  const resumed = keeper.resume();
  const history: EpochScores[] = [...(resumed?.history ?? [])];
  let { epoch, step, trainingSeconds, validationSeconds, scoredSamples, stopping } = resumed ?? atStart;
  let diverged: Trained['diverged'];
  let stopped = wasStopped(training.earlyStopping, stopping, epoch);
  const scoreRows = async (scored: Int32Array | undefined) => {
    const before = performance.now();
    if (scored === undefined || diverged !== undefined) return notTaken;
    const score = scorePrediction(await trainer.predict(scored), request.data, scored);
    validationSeconds += (performance.now() - before) / 1000;
    scoredSamples += scored.length;
    return score;
  };
  const { until = training.epochs } = request;
  while (epoch < until && diverged === undefined && !stopped) {
    epoch++;
    const trained = await trainEpoch(trainer, request, { epoch, stepsBefore: step, giveTurn });
    step += trained.batches;
    trainingSeconds += trained.seconds;
    if (!trained.isFinite) diverged = { epoch, batch: trained.batches };
    const score = await scoreRows(watchedRows(request));
    const { loss, accuracy } = trained;
    const scores = { epoch, loss, accuracy, validationLoss: score.loss, validationAccuracy: score.accuracy };
    history.push(scores);
    request.log?.(logLine(scores));
    report(request, { epoch, seen: rows.length, seconds: trained.seconds, accuracy: score.accuracy, scores });
    if (diverged !== undefined) break;
    if (training.earlyStopping !== undefined) {
      const weights = (): Float32Array[] => trainer.weights().map(({ values }) => values);
      const after = afterEpoch(training.earlyStopping, stopping, scores, weights);
      stopping = after.state;
      stopped = after.stop;
    }
    if (epoch < until && !stopped)
      keeper.keep({ epoch, step, history, trainingSeconds, validationSeconds, scoredSamples, stopping });
  }
  const position = { epoch, step, history, trainingSeconds, validationSeconds, scoredSamples, stopping };
  // Before the best weights are restored: a fit that goes on does so from its last ones.
  const state = isToGoOn(request, { diverged, stopped }) ? trainer.state() : undefined;
  const restores = diverged === undefined && restoreBest(trainer, stopping, epoch);
  const last = history.at(-1);
  const isScored = request.watched === undefined && request.validation?.when === 'every epoch' && !restores;
  const score =
    isScored && last !== undefined
      ? { accuracy: last.validationAccuracy, loss: last.validationLoss }
      : await scoreRows(request.validation?.rows);
  const { bestEpoch } = stopping;
  if (bestEpoch !== undefined)
    request.log?.(`best epoch ${bestEpoch}${stopped ? `, stopped after epoch ${epoch}` : ''}`);
  report(request, { epoch: until, seen: rows.length, seconds: 0, accuracy: score.accuracy });
  return {
    history,
    weights: trainer.weights(),
    score,
    trainingSeconds,
    trainedSamples: rows.length * history.length,
    validationSeconds,
    scoredSamples,
    ...(bestEpoch === undefined ? {} : { bestEpoch }),
    ...(stopped ? { stoppedEpoch: epoch } : {}),
    ...(diverged === undefined ? {} : { diverged }),
    ...(state === undefined ? {} : { position: { ...position, state } }),
  };
}

/** Whether another fit may want to go on from where this one ends. */
function isToGoOn(
  { until, training, keepsPosition }: TrainingRequest,
  { diverged, stopped }: { readonly diverged: Trained['diverged']; readonly stopped: boolean },
): boolean {
  if (until !== undefined && until < training.epochs) return true;
  return keepsPosition === true && diverged === undefined && !stopped;
}

/** Puts the best weights back, as Keras does at the end of every fit, stopped early or not; whether they were others. */
function restoreBest(trainer: Trainer, { weights, bestEpoch }: StoppingState, epoch: number): boolean {
  if (weights === undefined || bestEpoch === epoch) return false;
  trainer.restore({ ...trainer.state(), weights });
  return true;
}

/** Rows that are scored after each epoch. */
function watchedRows({ watched, validation }: TrainingRequest): Int32Array | undefined {
  return watched ?? (validation?.when === 'every epoch' ? validation.rows : undefined);
}

function logLine({ epoch, loss, accuracy, validationLoss, validationAccuracy }: EpochScores): string {
  const trained = `epoch ${epoch}: loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(4)}`;
  if (Number.isNaN(validationLoss)) return trained;
  return `${trained}, validation loss ${validationLoss.toFixed(4)}, validation accuracy ${validationAccuracy.toFixed(4)}`;
}

/** One pass over the rows, in the epoch's own order. It ends early where the loss is not a finite number any more. */
async function trainEpoch(
  trainer: Trainer,
  request: TrainingRequest,
  position: { readonly epoch: number; readonly stepsBefore: number; readonly giveTurn: () => Promise<void> },
): Promise<{ loss: number; accuracy: number; batches: number; seconds: number; isFinite: boolean }> {
  const { training, rows, seed } = request;
  const { epoch, stepsBefore, giveTurn } = position;
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const order = createRandom(seed, 'shuffle', epoch).permutation(rows.length);
  const shuffled = order.map((index) => rows[index] as number);
  let lossSum = 0;
  let right = 0;
  let seen = 0;
  let batches = 0;
  for (const batch of cutBatches(shuffled, training.batchSize)) {
    const step = stepsBefore + ++batches;
    const scores = trainer.step(batch, step, learningRateOf(request, step));
    lossSum += scores.loss * batch.length;
    right += scores.right;
    seen += batch.length;
    if (!Number.isFinite(scores.loss)) break;
    await giveTurn();
    if (batches % 8 === 0) report(request, { epoch, seen, seconds: seconds() });
  }
  const loss = lossSum / seen;
  return { loss, accuracy: right / seen, batches, seconds: seconds(), isFinite: Number.isFinite(loss) };
}

/** Learning rate of a step, which counts from 1. */
function learningRateOf({ training, rows }: TrainingRequest, step: number): number {
  const { schedule, optimizer, epochs, batchSize } = training;
  if (schedule === undefined) return optimizer.learningRate;
  return learningRateAt(schedule, step - 1, epochs * Math.ceil(rows.length / batchSize));
}

function report(
  { rows, training, until, onProgress }: TrainingRequest,
  now: {
    readonly epoch: number;
    readonly seen: number;
    readonly seconds: number;
    readonly accuracy?: number;
    readonly scores?: EpochScores;
  },
): void {
  const { epoch, seen, seconds, accuracy = Number.NaN, scores } = now;
  const fraction = (epoch - 1 + seen / rows.length) / (until ?? training.epochs);
  onProgress({
    epoch,
    fraction,
    ...(seconds > 0 ? { samplesPerSecond: seen / seconds } : {}),
    ...(Number.isNaN(accuracy) ? {} : { validationAccuracy: accuracy }),
    ...(scores === undefined ? {} : { scores }),
  });
}
