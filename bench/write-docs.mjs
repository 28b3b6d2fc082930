// Puts the tables of bench/results/*.json between the markers of docs/benchmarks.md: npm run bench:docs
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './common.mjs';
import {
  circumstancesLine,
  diffTable,
  finishedTable,
  gridTable,
  noopTable,
  overheadTable,
  planTable,
  scalingTable,
  searchTable,
  trainTable,
} from './tables.mjs';

const page = join(root, 'docs/benchmarks.md');
let text = readFileSync(page, 'utf8');
/** By the marker in the document: the table, and the results that it is made of. */
const tables = {
  train: [trainTable, 'train'],
  grid: [gridTable, 'grid'],
  noop: [noopTable, 'noop'],
  plan: [planTable, 'noop'],
  finished: [finishedTable, 'plan'],
  overhead: [overheadTable, 'workers'],
  scaling: [scalingTable, 'workers'],
  search: [searchTable, 'search'],
  diff: [diffTable, 'diff'],
};
for (const [name, [table, file]] of Object.entries(tables)) {
  const results = join(root, `bench/results/${file}.json`);
  if (!existsSync(results)) continue;
  const result = JSON.parse(readFileSync(results, 'utf8'));
  const [before, , after] = text.split(new RegExp(`(?<=<!-- ${name} -->\n)([^]*?)(?=<!-- end -->)`));
  if (after === undefined) throw new Error(`docs/benchmarks.md has no markers for ${name}`);
  text = `${before}${table(result)}\n\n${circumstancesLine(result)}\n${after}`;
}
writeFileSync(page, text);
