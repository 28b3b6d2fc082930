import type { Tensor } from '@tensorflow/tfjs-core';
import { innerLayer, layerForm } from '../model/layer-form.ts';
import type { Apply, LayerSetting } from './layer.ts';

/**
 * Reads a sequence both ways with two layers of one kind (Schuster and Paliwal, 1997), as keras.layers.Bidirectional. `make`
 * makes the inner layer.
 */
export function bidirectionalLayer(setting: LayerSetting, make: (inner: LayerSetting) => Apply): Apply {
  const inner = innerLayer(setting.config);
  const { shape: outputShape } = layerForm(inner, setting.inputShape);
  const apply = make({ ...setting, ...inner, outputShape });
  const mergeMode = (setting.config['mergeMode'] ?? 'concat') as 'concat' | 'sum' | 'mul' | 'ave';
  return (tensorflow, input, weights, mode) => {
    const { tf } = tensorflow;
    const half = weights.length / 2;
    const forward = apply(tensorflow, input, weights.slice(0, half), mode);
    const turned = apply(tensorflow, tf.reverse(input, 1), weights.slice(half), mode);
    // A sequence of states comes out last step first.
    const backward: Tensor = outputShape.length === 2 ? tf.reverse(turned, 1) : turned;
    switch (mergeMode) {
      case 'concat':
        return tf.concat([forward, backward], -1);
      case 'sum':
        return tf.add(forward, backward);
      case 'mul':
        return tf.mul(forward, backward);
      case 'ave':
        return tf.mul(tf.add(forward, backward), 0.5);
    }
  };
}
