import { expect, it } from 'vitest';
import type { TableData } from '../../src/artifact/column.ts';
import type { ReportInputs } from '../../src/report/collect-inputs.ts';
import type { Result } from '../../src/util/result.ts';
import { report } from '../../stages/report.ts';
import { toyStudy } from '../report/study-files.ts';

async function runReport(
  inputs: ReportInputs,
): Promise<{ result: Result<void>; written: TableData[]; lines: string[] }> {
  const written: TableData[] = [];
  const lines: string[] = [];
  const result = await report.run({
    params: { title: 'Toy comparison' },
    inputs,
    outputs: { report: { write: (data) => written.push(data) } },
    seed: 1,
    compute: { backend: 'cpu', version: '4.22.0', device: 'cpu', architecture: process.arch, threads: 1 },
    checkpoint: { read: () => undefined, write: () => {} },
    isExclusive: () => true,
    root: '',
    env: {},
    work: '',
    files: {},
    identity: {},
    parts: [],
    progress: () => {},
    log: (line) => lines.push(line),
    signal: new AbortController().signal,
  });
  return { result, written, lines };
}

it('writes one HTML file as a blob', async () => {
  const { result, written, lines } = await runReport(toyStudy());
  expect(result.ok).toBe(true);
  const values = Object.fromEntries((written[0]?.columns ?? []).map((column) => [column.name, column.values[0]]));
  expect(values['name']).toBe('report.html');
  expect(values['media_type']).toBe('text/html');
  expect(Buffer.from(values['content'] as Uint8Array).toString()).toMatch(/^<!doctype html>.*Toy comparison/s);
  expect(lines[0]).toMatch(/^2 families, \d+ bytes of HTML$/);
});

it('fails without writing when there is nothing to compare', async () => {
  const { result, written } = await runReport({ ...toyStudy(), metrics: [] });
  expect(result).toMatchObject({ ok: false, error: { code: 'report-empty' } });
  expect(written).toEqual([]);
});
