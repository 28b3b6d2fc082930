import { computeClass } from '../../../src/backend/choice.ts';
import { loadTensorFlow, type TensorFlow } from '../../../src/tensorflow/runtime.ts';

/** Native TensorFlow on one thread of the CPU. */
export async function loadNative(): Promise<TensorFlow> {
  const loaded = await loadTensorFlow(computeClass({ backend: 'native', build: 'cpu', threads: 1 }));
  if (!loaded.ok) throw new Error(`${loaded.error.message}: ${loaded.error.hint ?? ''}`);
  return loaded.value;
}
