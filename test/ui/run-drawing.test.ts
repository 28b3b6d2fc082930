import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drawRun, type RunDrawing } from '../../src/ui/run-drawing.ts';
import { startOf, writeRun } from '../page/support/written-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'drawing-'));

/** The drawing of a run that told this order at its start. */
function drawn(after: Readonly<Record<string, readonly string[]>>): RunDrawing {
  const { run, store, write, end } = writeRun(folder);
  write({ ...startOf(run, 'study', Object.keys(after)), after } as ReturnType<typeof startOf>);
  const drawing = drawRun(store, run);
  end();
  return drawing;
}

const arrows = ({ edges }: RunDrawing): string[] => edges.map(({ from, to }) => `${from} ${to}`);

test('stages stand from left to right as they need each other, in the order of the pipeline from top to bottom', () => {
  const { nodes, width, height } = drawn({
    a: [],
    'b[1]': ['a'],
    'b[2]': ['a'],
    'b[3]': ['a'],
    c: ['b[1]', 'b[2]', 'b[3]'],
  });
  const at = new Map(nodes.map((node) => [node.id, node]));
  const x = (id: string): number => at.get(id)?.x ?? Number.NaN;
  const y = (id: string): number => at.get(id)?.y ?? Number.NaN;
  expect(x('a')).toBeLessThan(x('b[1]'));
  expect(x('b[1]')).toBeLessThan(x('c'));
  expect(y('b[1]')).toBeLessThan(y('b[2]'));
  expect(y('b[2]')).toBeLessThan(y('b[3]'));
  expect(nodes.every((node) => node.x >= 0 && node.y >= 0 && node.x < width && node.y < height)).toBe(true);
});

test('an arrow that follows from others is left out', () => {
  expect(arrows(drawn({ a: [], b: ['a'], c: ['a', 'b'] }))).toEqual(['a b', 'b c']);
});

test('a journal that tells a circle, or stages that it does not have, is drawn all the same', () => {
  const { nodes } = drawn({ a: ['b', 'a', 'nowhere'], b: ['a'] });
  expect(nodes.map(({ id }) => id).sort()).toEqual(['a', 'b']);
});

test('hundreds of instances are listed at once instead of laid out for seconds', () => {
  const many = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`fit[${index}]`, ['split']]));
  const { nodes, edges } = drawn({ split: [], ...many, report: Object.keys(many) });
  expect([nodes.length, edges.length]).toEqual([2002, 0]);
});
