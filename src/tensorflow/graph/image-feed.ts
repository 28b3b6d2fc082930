import { cutBatches, type TrainingData } from '../batches.ts';
import { mostProbable, type Prediction } from '../predict.ts';
import { createTurns } from '../turns.ts';
import type { LoadedGraph } from './graph-cache.ts';
import { names } from './names.ts';
import type { Feed } from './session.ts';

/** What a graph takes of the images. */
export interface ImageFeed {
  readonly scale: Feed;
  /** The images of some rows, filled up to `count`. */
  feed(rows: Int32Array, count: number): Feed;
}

/** Feeds the pixels of each batch or, where all images are on the device, puts them there and feeds rows. */
export function createImageFeed({ session, plan }: LoadedGraph, data: TrainingData): ImageFeed {
  const { type, size, rows: stored } = data.images;
  const scale: Feed = { type: 'float32', shape: [], values: Float32Array.of(data.scale) };
  const filled = (rows: Int32Array, count: number): Feed => {
    const values = data.images.gather(rows);
    if (rows.length === count) return { type, shape: [count, size], values };
    const full = type === 'uint8' ? new Uint8Array(count * size) : new Float32Array(count * size);
    full.set(values);
    return { type, shape: [count, size], values: full };
  };
  if (plan.images.on === 'host') return { scale, feed: filled };
  const all = filled(
    Int32Array.from({ length: stored }, (_, row) => row),
    stored,
  );
  session.run({ [names.set(names.images)]: all }, [names.imagesAssigned]);
  return {
    scale,
    feed: (rows, count) => {
      const indices = new Int32Array(count);
      indices.set(rows);
      return { type: 'int32', shape: [count], values: indices };
    },
  };
}

/** Probabilities of rows, batch by batch; the last, smaller batch is filled up with empty images. */
export async function scoreRows(
  { session, plan }: LoadedGraph,
  images: ImageFeed,
  { data, rows, signal }: { readonly data: TrainingData; readonly rows: Int32Array; readonly signal: AbortSignal },
): Promise<Prediction> {
  const { classes } = data;
  const { scoredAtOnce } = plan;
  const probabilities = new Float32Array(rows.length * classes);
  const giveTurn = createTurns(signal);
  let done = 0;
  for (const batch of cutBatches(rows, scoredAtOnce)) {
    const feeds = { [names.scorePixels]: images.feed(batch, scoredAtOnce), [names.scale]: images.scale };
    const [values] = session.run(feeds, [names.probabilities]);
    probabilities.set((values as Float32Array).subarray(0, batch.length * classes), done * classes);
    done += batch.length;
    await giveTurn();
  }
  return { probabilities, predicted: mostProbable(probabilities, classes) };
}
