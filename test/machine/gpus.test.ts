import { expect, test } from 'vitest';
import { listGpus, parseTable } from '../../src/machine/gpus.ts';

const mebibyte = 2 ** 20;

/** A driver that answers by the first argument's beginning. */
function driver(answers: Readonly<Record<string, string>>) {
  return async (...args: readonly string[]) =>
    Object.entries(answers).find(([start]) => args[0]?.startsWith(start))?.[1];
}

const two = driver({
  '--query-gpu': `index, uuid, name, memory.total [MiB], memory.used [MiB], mig.mode.current
0, GPU-aaaa1111, NVIDIA H100 80GB HBM3, 81559, 4, Disabled
1, GPU-bbbb2222, NVIDIA H100 80GB HBM3, 81559, 40000, Disabled
`,
});

test('each GPU has its UUID, its name and the memory that is left of it', async () => {
  const [first, second] = await listGpus({}, two);
  expect(first).toEqual({
    id: 'GPU-aaaa1111',
    name: 'NVIDIA H100 80GB HBM3',
    memory: 81559 * mebibyte,
    free: (81559 - 4) * mebibyte - 0.05 * 81559 * mebibyte,
  });
  expect(second?.free).toBeLessThan(0.5 * 81559 * mebibyte);
});

test.each([
  ['1', ['GPU-bbbb2222']],
  ['1,0', ['GPU-bbbb2222', 'GPU-aaaa1111']],
  ['GPU-bbbb2222', ['GPU-bbbb2222']],
  ['GPU-b', ['GPU-bbbb2222']],
  ['0,7,1', ['GPU-aaaa1111']],
  ['0,0', ['GPU-aaaa1111']],
  ['-1', []],
  ['', []],
])('an outer CUDA_VISIBLE_DEVICES of "%s" is obeyed as CUDA does', async (visible, ids) => {
  const gpus = await listGpus({ CUDA_VISIBLE_DEVICES: visible }, two);
  expect(gpus.map(({ id }) => id)).toEqual(ids);
});

test('columns are found by their names, and what a driver does not know is left out', async () => {
  const odd = driver({
    '--query-gpu': `name, mig.mode.current, uuid, memory.used [MiB], index, memory.total [MiB]
NVIDIA Thor, [N/A], GPU-cccc3333, [N/A], 0, [Not Supported]
`,
  });
  expect(await listGpus({}, odd)).toEqual([{ id: 'GPU-cccc3333', name: 'NVIDIA Thor' }]);
});

test('a GPU that is cut into MIG instances gives way to them', async () => {
  const cut = driver({
    '--query-gpu': `index, uuid, name, memory.total [MiB], memory.used [MiB], mig.mode.current
0, GPU-aaaa1111, NVIDIA A100-SXM4-40GB, 40960, 10, Enabled
1, GPU-bbbb2222, NVIDIA A100-SXM4-40GB, 40960, 10, Disabled
`,
    '-L': `GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-aaaa1111)
  MIG 3g.20gb     Device  0: (UUID: MIG-1111)
  MIG 1g.5gb      Device  1: (UUID: MIG-2222)
GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-bbbb2222)
`,
  });
  const all = await listGpus({}, cut);
  expect(all.map(({ id, memory }) => [id, memory])).toEqual([
    ['MIG-1111', 20 * 2 ** 30],
    ['MIG-2222', 5 * 2 ** 30],
    ['GPU-bbbb2222', 40960 * mebibyte],
  ]);
  expect((await listGpus({ CUDA_VISIBLE_DEVICES: 'MIG-2222' }, cut)).map(({ id }) => id)).toEqual(['MIG-2222']);
});

test.each([
  ['no driver', {}],
  ['a driver that prints an error', { '--query-gpu': 'NVIDIA-SMI has failed because it could not communicate' }],
  ['nothing', { '--query-gpu': '' }],
])('%s is no GPU', async (_, answers) => {
  expect(await listGpus({}, driver(answers as Record<string, string>))).toEqual([]);
});

test('units in the head are no part of a name', () => {
  expect(parseTable('a [MiB], b\n1, x\n')).toEqual([{ a: '1', b: 'x' }]);
});
