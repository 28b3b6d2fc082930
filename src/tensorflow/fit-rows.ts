import { failure } from '../errors/failure.ts';
import type { ModelCore } from '../model/description.ts';
import { pickRows } from '../split/assign.ts';
import type { Checkpoint, ComputeClass, Progress } from '../stage/stage-kind.ts';
import { createRandom } from '../util/random.ts';
import { err, ok, type Result } from '../util/result.ts';
import { classWeightsOf } from './class-weights.ts';
import { embeddingMisfit } from './embedding.ts';
import { buildNetwork } from './network.ts';
import { loadTensorFlow } from './runtime.ts';
import type { StudyData } from './study-data.ts';
import { type EpochScores, type Trained, type TrainingRequest, train } from './train.ts';

export interface FitRequest {
  readonly core: ModelCore;
  readonly data: StudyData;
  readonly rows: Int32Array;
  readonly validation?: NonNullable<TrainingRequest['validation']>;
  /** The epoch after which it ends for now. */
  readonly until?: number;
  readonly keepsPosition?: boolean;
  readonly seed: number;
  readonly compute: ComputeClass;
  readonly checkpoint: Checkpoint;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  readonly log: (line: string) => void;
}

/** Loads the backend, builds the model and trains it on some rows, telling how far it is and logging each epoch. */
export async function fitRows(request: FitRequest): Promise<Result<Trained & { readonly parameters: number }>> {
  const { core, data, validation, seed, signal, log } = request;
  const { training } = core;
  const tensorflow = await loadTensorFlow(request.compute);
  if (!tensorflow.ok) return tensorflow;
  const network = buildNetwork(core, data);
  if (!network.ok) return network;
  const misfit = embeddingMisfit(core, data);
  if (misfit !== undefined) return err(misfit);
  const held = heldOut(request);
  if (!held.ok) return held;
  const { rows, watched } = held.value;
  const classWeights =
    training.classWeights === undefined
      ? ok(undefined)
      : classWeightsOf(training.classWeights, { names: data.classNames, labels: data.labels, rows });
  if (!classWeights.ok) return classWeights;
  const { parameters } = network.value;
  const { epochs, batchSize, optimizer } = training;
  log(`${parameters} parameters, ${rows.length} rows, ${epochs} epochs, batch ${batchSize}, ${optimizer.name}`);
  if (watched !== undefined) log(`early stopping watches ${watched.length} rows that are held out of training`);
  const trained = await train(tensorflow.value, {
    network: network.value,
    training,
    data,
    rows,
    ...(validation === undefined ? {} : { validation }),
    ...(request.until === undefined ? {} : { until: request.until }),
    ...(request.keepsPosition === undefined ? {} : { keepsPosition: request.keepsPosition }),
    ...(watched === undefined ? {} : { watched }),
    ...(classWeights.value === undefined ? {} : { classWeights: classWeights.value }),
    seed,
    signal,
    checkpoint: request.checkpoint,
    log,
    onProgress: ({ epoch, fraction, samplesPerSecond, validationAccuracy, scores }) =>
      request.progress({
        fraction,
        note: `epoch ${epoch} of ${epochs}`,
        ...(samplesPerSecond === undefined ? {} : { samplesPerSecond }),
        ...(validationAccuracy === undefined ? {} : { score: validationAccuracy }),
        ...(scores === undefined ? {} : { epoch: knownScores(scores) }),
      }),
  });
  if (trained.diverged !== undefined) {
    const where = `diverged in epoch ${trained.diverged.epoch}, batch ${trained.diverged.batch}`;
    log(`${where}: the loss is not a finite number any more`);
    request.progress({ fraction: 1, finding: where });
  }
  return ok({ ...trained, parameters });
}

/** The scores of an epoch that were taken, as those who watch are told of them. */
function knownScores({ epoch, ...scores }: EpochScores): NonNullable<Progress['epoch']> {
  const known = Object.entries(scores).filter(([, value]) => Number.isFinite(value));
  return { epoch, ...Object.fromEntries(known) };
}

/**
 * The rows to train on and, where early stopping needs rows of its own, those it watches: a seeded, stratified share.
 * Rows that are scored once at the end are never watched: the score would be too good. Errors: `early-stopping` where
 * the share leaves no row to train on.
 */
function heldOut({
  core,
  data,
  rows,
  validation,
  seed,
}: FitRequest): Result<{ readonly rows: Int32Array; readonly watched?: Int32Array }> {
  const { earlyStopping } = core.training;
  if (earlyStopping === undefined || validation?.when === 'every epoch') return ok({ rows });
  const count = Math.max(1, Math.round(earlyStopping.validationFraction * rows.length));
  if (count >= rows.length) {
    const message = `early stopping would watch all ${rows.length} training rows and leave none to train on`;
    const hint = `validationFraction is ${earlyStopping.validationFraction}: set it lower, or take more samples`;
    return err(failure('early-stopping', message, { hint }));
  }
  const watched = pickRows(rows, count, data.labels, createRandom(seed, 'early stopping'));
  const gone = new Set(watched);
  return ok({ rows: rows.filter((row) => !gone.has(row)), watched });
}
