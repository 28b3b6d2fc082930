import { evaluation } from '../predict.ts';
import { typeOf } from './graph-definition.ts';
import { addImages } from './input-graph.ts';
import { names } from './names.ts';
import { createStandIns } from './stand-ins.ts';
import type { GraphContext } from './training-graph.ts';

/** Adds the probabilities [rows, classes] of a batch of images. */
export function addScoring(context: GraphContext): void {
  const { tensorflow, plan, definition } = context;
  const { network, scoredAtOnce } = plan;
  tensorflow.tf.tidy(() => {
    const standIns = createStandIns(context);
    const images = addImages(context, names.scorePixels, scoredAtOnce);
    const input = standIns.for(images, [scoredAtOnce, ...network.inputShape]);
    const weights = standIns.weights();
    const [probabilities = ''] = standIns.trace(() => [
      tensorflow.tf.softmax(network.logits(tensorflow, input, weights, evaluation)),
    ]);
    definition.add('Identity', [probabilities], { T: typeOf('float32') }, { name: names.probabilities });
  });
}
