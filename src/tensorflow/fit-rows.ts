import type { ModelCore } from '../model/description.ts';
import type { Checkpoint, ComputeClass, Progress } from '../stage/stage-kind.ts';
import { ok, type Result } from '../util/result.ts';
import { buildNetwork } from './network.ts';
import { loadTensorFlow } from './runtime.ts';
import type { StudyData } from './study-data.ts';
import { type Trained, type TrainingRequest, train } from './train.ts';

export interface FitRequest {
  readonly core: ModelCore;
  readonly data: StudyData;
  readonly rows: Int32Array;
  readonly validation?: NonNullable<TrainingRequest['validation']>;
  readonly seed: number;
  readonly compute: ComputeClass;
  readonly checkpoint: Checkpoint;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  readonly log: (line: string) => void;
}

/** Loads the backend, builds the model and trains it on some rows, telling how far it is and logging each epoch. */
export async function fitRows(request: FitRequest): Promise<Result<Trained & { readonly parameters: number }>> {
  const { core, data, rows, validation, seed, signal, log } = request;
  const tensorflow = await loadTensorFlow(request.compute);
  if (!tensorflow.ok) return tensorflow;
  const network = buildNetwork(core, data);
  if (!network.ok) return network;
  const { epochs } = core.training;
  log(
    `${network.value.parameters} parameters, ${rows.length} rows, ${epochs} epochs, batch ${core.training.batchSize}, ${core.training.optimizer.name}`,
  );
  const trained = await train(tensorflow.value, {
    network: network.value,
    training: core.training,
    data,
    rows,
    ...(validation === undefined ? {} : { validation }),
    seed,
    signal,
    checkpoint: request.checkpoint,
    log,
    onProgress: ({ epoch, fraction, samplesPerSecond, validationAccuracy }) =>
      request.progress({
        fraction,
        note: `epoch ${epoch} of ${epochs}`,
        samplesPerSecond,
        ...(validationAccuracy === undefined ? {} : { score: validationAccuracy }),
      }),
  });
  for (const scores of trained.history) {
    const shown = [scores.loss, scores.accuracy, scores.validationLoss, scores.validationAccuracy].map((value) =>
      value.toFixed(4),
    );
    log(
      `epoch ${scores.epoch}: loss ${shown[0]}, accuracy ${shown[1]}, validation loss ${shown[2]}, validation accuracy ${shown[3]}`,
    );
  }
  if (trained.diverged !== undefined) {
    const where = `diverged in epoch ${trained.diverged.epoch}, batch ${trained.diverged.batch}`;
    log(`${where}: the loss is not a finite number any more`);
    request.progress({ fraction: 1, finding: where });
  }
  return ok({ ...trained, parameters: network.value.parameters });
}
