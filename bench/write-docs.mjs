// Puts the tables of bench/results/*.json between the markers of docs/benchmarks.md: npm run bench:docs
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './common.mjs';
import { circumstancesLine, gridTable, noopTable, planTable, trainTable } from './tables.mjs';

const file = join(root, 'docs/benchmarks.md');
let text = readFileSync(file, 'utf8');
for (const [name, table] of Object.entries({ train: trainTable, grid: gridTable, noop: noopTable, plan: planTable })) {
  const results = join(root, `bench/results/${name === 'plan' ? 'noop' : name}.json`);
  if (!existsSync(results)) continue;
  const result = JSON.parse(readFileSync(results, 'utf8'));
  const [before, , after] = text.split(new RegExp(`(?<=<!-- ${name} -->\n)([^]*?)(?=<!-- end -->)`));
  if (after === undefined) throw new Error(`docs/benchmarks.md has no markers for ${name}`);
  text = `${before}${table(result)}\n\n${circumstancesLine(result)}\n${after}`;
}
writeFileSync(file, text);
