import { createRandom } from '../util/random.ts';
import { cutBatches } from './batches.ts';
import { createTrainer } from './create-trainer.ts';
import type { WeightValues } from './network.ts';
import { scorePrediction } from './predict.ts';
import type { TensorFlow } from './runtime.ts';
import type { Fit, Trainer } from './trainer.ts';
import { createTurns } from './turns.ts';

export interface TrainingRequest extends Fit {
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
  const { training, rows, seed, validation } = request;
  const history: EpochScores[] = [];
  const giveTurn = createTurns(request.signal);
  let trainingSeconds = 0;
  let validationSeconds = 0;
  let diverged: Trained['diverged'];
  let step = 0;
  for (let epoch = 1; epoch <= training.epochs && diverged === undefined; epoch++) {
    const started = performance.now();
    const order = createRandom(seed, 'shuffle', epoch).permutation(rows.length);
    const batches = cutBatches(
      order.map((index) => rows[index] as number),
      training.batchSize,
    );
    let lossSum = 0;
    let right = 0;
    let seen = 0;
    for (const [index, batch] of batches.entries()) {
      const scores = trainer.step(batch, ++step, training.optimizer.learningRate);
      lossSum += scores.loss * batch.length;
      right += scores.right;
      seen += batch.length;
      if (!Number.isFinite(scores.loss)) {
        diverged = { epoch, batch: index + 1 };
        break;
      }
      await giveTurn();
      if (index % 8 === 7) report(request, epoch, seen, (performance.now() - started) / 1000, undefined);
    }
    const seconds = (performance.now() - started) / 1000;
    trainingSeconds += seconds;
    const scored =
      validation !== undefined &&
      diverged === undefined &&
      (validation.when === 'every epoch' || epoch === training.epochs);
    const before = performance.now();
    const score = scored
      ? scorePrediction(await trainer.predict(validation.rows), request.data, validation.rows)
      : { accuracy: Number.NaN, loss: Number.NaN };
    validationSeconds += (performance.now() - before) / 1000;
    history.push({
      epoch,
      loss: lossSum / seen,
      accuracy: right / seen,
      validationLoss: score.loss,
      validationAccuracy: score.accuracy,
    });
    report(request, epoch, rows.length, seconds, scored ? score.accuracy : undefined);
  }
  const weights = trainer.weights();
  return { history, weights, trainingSeconds, validationSeconds, ...(diverged === undefined ? {} : { diverged }) };
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
