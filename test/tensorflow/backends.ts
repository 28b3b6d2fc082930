import { beforeAll, describe, expect, vi } from 'vitest';
import { computeClass } from '../../src/backend/choice.ts';
import { findInstalled } from '../../src/backend/installed.ts';
import { loadTensorFlow, type TensorFlow } from '../../src/tensorflow/runtime.ts';

/**
 * Describes behaviour on each backend: pure JavaScript everywhere, TensorFlow itself where `pipe setup` has been run
 * (elsewhere it is skipped, and the title says so). All copies of tfjs in a process share one current backend, so
 * pure JavaScript comes first and native TensorFlow is loaded after its last test.
 */
export async function describeOnBackends(
  title: string,
  define: (tensorflow: () => TensorFlow, backend: 'cpu' | 'native') => void,
  only?: 'native',
): Promise<void> {
  const installed = await findInstalled('cpu', process.env);
  const backends = [
    { backend: 'cpu', name: 'pure JavaScript', skip: false },
    { backend: 'native', name: 'native TensorFlow', skip: installed === undefined },
  ] as const;
  const wanted = backends.filter(({ backend }) => only === undefined || backend === only);
  for (const { backend, name, skip } of wanted) {
    const reason = skip ? ' (skipped: not installed, "pipe setup" installs it)' : '';
    describe.skipIf(skip)(`${title} on ${name}${reason}`, () => {
      let loaded: TensorFlow | undefined;
      beforeAll(async () => {
        // A second copy of tfjs finds the kernels of the first one registered, and warns of each.
        const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
        const result = await loadTensorFlow(computeClass({ backend, build: 'cpu', threads: 1 }));
        warn.mockRestore();
        if (!result.ok) throw new Error(result.error.message);
        loaded = result.value;
        expect(loaded.tf.getBackend()).toBe(backend === 'cpu' ? 'cpu' : 'tensorflow');
      }, 60_000);
      define(() => {
        if (loaded === undefined) throw new Error('the backend is loaded before the tests');
        return loaded;
      }, backend);
    });
  }
}
