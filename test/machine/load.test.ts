import { expect, test } from 'vitest';
import { createLoadMeter } from '../../src/machine/load.ts';
import { processMemory, resetPeak } from '../../src/machine/process-memory.ts';

test('processors in use are those since the look before, of all that there are', async () => {
  const stat = (busy: number, idle: number): string =>
    `cpu  ${busy} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 0 0 0 0\ncpu1 0 0 0 0\ncpu2 0 0 0 0\ncpu3 0 0 0 0\n`;
  let now = stat(100, 900);
  const meter = createLoadMeter(
    async () => undefined,
    [],
    (path) => (path === '/proc/stat' ? now : 'MemTotal: 1000 kB\nMemAvailable: 250 kB\n'),
  );
  now = stat(400, 1000);
  expect(await meter.look()).toEqual({ cpus: 3, memory: 750 * 1024, gpus: [] });
  expect((await meter.look()).cpus).toBe(0);
});

test("a GPU's use and memory are told where the driver knows them", async () => {
  const ask = async () => 'uuid, utilization.gpu [%], memory.used [MiB]\nGPU-a, 87, 1024\nGPU-b, [N/A], [N/A]\n';
  const meter = createLoadMeter(ask, [{ id: 'GPU-b' }, { id: 'GPU-a' }], () => undefined);
  expect((await meter.look()).gpus).toEqual([{ id: 'GPU-b' }, { id: 'GPU-a', use: 0.87, memory: 2 ** 30 }]);
});

test('the peak of memory is that since it was reset', () => {
  const filled = Buffer.alloc(64 * 2 ** 20, 1);
  expect(processMemory().peak).toBeGreaterThan(filled.length);
  resetPeak();
  const { peak, now } = processMemory();
  // Pages of other kinds than the heap's count a little.
  expect(peak).toBeLessThan(now * 1.5 + 2 ** 25);
  expect(filled[5]).toBe(1);
});
