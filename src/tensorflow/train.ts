import { createRandom } from '../util/random.ts';
import { cutBatches } from './batches.ts';
import { atStart, createKeeper, type KeepRequest } from './checkpoint.ts';
import { createTrainer } from './create-trainer.ts';
import type { WeightValues } from './network.ts';
import { scorePrediction } from './predict.ts';
import type { TensorFlow } from './runtime.ts';
import type { Fit, Trainer } from './trainer.ts';
import { createTurns } from './turns.ts';

export interface TrainingRequest extends Fit, KeepRequest {
  /** Rows to score: after every epoch, or after the last one only. */
  readonly validation?: { readonly rows: Int32Array; readonly when: 'every epoch' | 'end' };
  readonly onProgress: (progress: {
    readonly epoch: number;
    readonly fraction: number;
    readonly samplesPerSecond: number;
    readonly validationAccuracy: number | undefined;
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
  readonly trainingSeconds: number;
  readonly validationSeconds: number;
}

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
  const { training, rows, validation } = request;
  const keeper = createKeeper(trainer, request);
  // One for all epochs: they may be shorter than a turn.
  const giveTurn = createTurns(request.signal);
  const resumed = keeper.resume();
  const history: EpochScores[] = [...(resumed?.history ?? [])];
  let { epoch, step, trainingSeconds, validationSeconds } = resumed ?? atStart;
  let diverged: Trained['diverged'];
  while (epoch < training.epochs && diverged === undefined) {
    epoch++;
    const trained = await trainEpoch(trainer, request, { epoch, stepsBefore: step, giveTurn });
    step += trained.batches;
    trainingSeconds += trained.seconds;
    if (!trained.isFinite) diverged = { epoch, batch: trained.batches };
    const scored =
      validation !== undefined &&
      diverged === undefined &&
      (validation.when === 'every epoch' || epoch === training.epochs);
    const before = performance.now();
    const score = scored
      ? scorePrediction(await trainer.predict(validation.rows), request.data, validation.rows)
      : { accuracy: Number.NaN, loss: Number.NaN };
    validationSeconds += (performance.now() - before) / 1000;
    const { loss, accuracy } = trained;
    history.push({ epoch, loss, accuracy, validationLoss: score.loss, validationAccuracy: score.accuracy });
    report(request, epoch, rows.length, trained.seconds, scored ? score.accuracy : undefined);
    if (diverged === undefined && epoch < training.epochs)
      keeper.keep({ epoch, step, history, trainingSeconds, validationSeconds });
  }
  const weights = trainer.weights();
  return { history, weights, trainingSeconds, validationSeconds, ...(diverged === undefined ? {} : { diverged }) };
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
    const scores = trainer.step(batch, stepsBefore + ++batches, training.optimizer.learningRate);
    lossSum += scores.loss * batch.length;
    right += scores.right;
    seen += batch.length;
    if (!Number.isFinite(scores.loss)) break;
    await giveTurn();
    if (batches % 8 === 0) report(request, epoch, seen, seconds(), undefined);
  }
  const loss = lossSum / seen;
  return { loss, accuracy: right / seen, batches, seconds: seconds(), isFinite: Number.isFinite(loss) };
}

function report(
  request: TrainingRequest,
  epoch: number,
  seen: number,
  seconds: number,
  validationAccuracy: number | undefined,
): void {
  const fraction = (epoch - 1 + seen / request.rows.length) / request.training.epochs;
  request.onProgress({ epoch, fraction, samplesPerSecond: seen / seconds, validationAccuracy });
}
