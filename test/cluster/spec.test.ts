import { expect, test } from 'vitest';
import { classOf, pilotOverhead, specFor, wantedPilots } from '../../src/cluster/spec.ts';
import { defaultSlurm } from '../../src/pipeline/executor.ts';

const gibibyte = 2 ** 30;
const settings = { ...defaultSlurm, memory: 2 * gibibyte, cpus: 2, most: { time: 4 * 3600, memory: 8 * gibibyte } };

test('jobs that fit into what the pipeline asks for share one class, whatever the number of pilots', () => {
  const small = specFor(settings, { cpus: 1, memory: gibibyte }, undefined);
  const other = specFor({ ...settings, pilots: 50 }, { cpus: 2, memory: 0 }, 10);
  expect(classOf(small)).toBe(classOf(other));
  expect(small).toMatchObject({ cpus: 2, memory: 2 * gibibyte, time: 3600 });
});

test('a job that wants more memory gets a pilot that has it beside its own, up to the bound', () => {
  const more = specFor(settings, { cpus: 1, memory: 3 * gibibyte }, undefined);
  expect(more.memory).toBeGreaterThanOrEqual(3 * gibibyte + pilotOverhead);
  expect(specFor(settings, { cpus: 1, memory: 100 * gibibyte }, undefined).memory).toBe(8 * gibibyte);
  expect(classOf(more)).not.toBe(classOf(specFor(settings, { cpus: 1, memory: 0 }, undefined)));
});

test('jobs of almost the same size share a class', () => {
  const one = specFor(settings, { cpus: 1, memory: 3 * gibibyte }, undefined);
  const other = specFor(settings, { cpus: 1, memory: 3 * gibibyte + 1 }, undefined);
  expect(classOf(one)).toBe(classOf(other));
});

test('where memory is left to the site it stays so', () => {
  const { memory: _, ...open } = settings;
  expect(specFor(open, { cpus: 1, memory: 64 * gibibyte }, undefined).memory).toBeUndefined();
});

test('a job that takes longer gets a pilot with twice the time, and again, up to the bound', () => {
  const time = (seconds: number): number => specFor(settings, { cpus: 1, memory: 0 }, seconds).time;
  expect([time(3600), time(3601), time(7201), time(100_000)]).toEqual([3600, 7200, 14_400, 14_400]);
});

test('a job with more threads gets a pilot with as many processors', () => {
  expect(specFor(settings, { cpus: 8, memory: 0 }, undefined).cpus).toBe(8);
});

test('as many pilots are wanted as could be busy, by processors or by memory', () => {
  const spec = { ...defaultSlurm, cpus: 2, memory: 2 * gibibyte + pilotOverhead };
  const jobs = (count: number, memory: number) => Array.from({ length: count }, () => ({ cpus: 1, memory }));
  expect(wantedPilots(spec, jobs(10, 0))).toBe(5);
  expect(wantedPilots(spec, jobs(10, 2 * gibibyte))).toBe(10);
  expect(wantedPilots(spec, jobs(1, 0))).toBe(1);
  expect(wantedPilots({ ...spec, jobs: 'one' }, jobs(10, 0))).toBe(10);
});
