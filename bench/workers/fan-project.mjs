import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const kind = `
const spin = (milliseconds) => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
};
const fold = {
  kind: 'trivial-fold', version: 1, description: 'spins for some milliseconds and writes a number',
  params: { type: 'object', properties: { index: { type: 'integer' }, milliseconds: { type: 'number' } } },
  inputs: {}, outputs: { scores: { type: 'table', description: 'a number' } },
  run: async ({ params, outputs }) => {
    spin(params.milliseconds);
    outputs.scores.write({ columns: [{ name: 'x', kind: 'number', values: Int32Array.of(params.index) }] });
    return { ok: true, value: undefined };
  },
};
export const search = {
  kind: 'trivial-search', version: 1, description: 'many trivial jobs',
  params: { type: 'object', properties: { jobs: { type: 'integer' }, milliseconds: { type: 'number' } } },
  inputs: {}, outputs: { table: { type: 'table', description: 'how many' } },
  fanOut: {
    part: fold,
    expand: ({ params }) => ({ ok: true, value: Array.from({ length: params.jobs }, (_, index) => ({
      name: 'fold ' + (index + 1), params: { index, milliseconds: params.milliseconds }, seedParts: [index],
    })) }),
  },
  run: async ({ parts, outputs }) => {
    outputs.table.write({ columns: [{ name: 'n', kind: 'number', values: Int32Array.of(parts.length) }] });
    return { ok: true, value: undefined };
  },
};
`;

/** A project whose one stage fans out into `jobs` jobs, each of which spins for `milliseconds`. Returns the pipeline's file. */
export function fanProject(folder, jobs, milliseconds) {
  mkdirSync(join(folder, 'kinds'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'kinds/search.js'), kind);
  writeFileSync(
    join(folder, 'fan.yaml'),
    `pipeline: fan\nstages:\n  search: {uses: ./kinds/search.js, with: {jobs: ${jobs}, milliseconds: ${milliseconds}}}\n`,
  );
  return join(folder, 'fan.yaml');
}
