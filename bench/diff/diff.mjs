// How long a whole comparison of two samples artifacts of the study's size takes, and how much memory beyond the files: 100,000
// images of 784 pixels against a copy in which some rows are changed, removed, added and moved. npm run bench:diff
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeArtifact } from '../../dist/src/artifact/writer.js';
import { machine, root, writeResult } from '../common.mjs';

const rows = 100_000;
const size = 784;
const rounds = Number(process.argv[2] ?? 5);
const work = mkdtempSync(join(tmpdir(), 'pipe-diff-'));

function write(name, ids, edited) {
  const values = new Uint8Array(ids.length * size);
  ids.forEach((id, row) => {
    for (let pixel = 0; pixel < size; pixel++) values[row * size + pixel] = (id * 31 + pixel * 7) % 251;
    if (edited.has(id)) values[row * size + 5] = 255;
  });
  const path = join(work, name);
  const written = writeArtifact(path, 'samples', {
    metadata: { scale: '255' },
    columns: [
      { name: 'id', kind: 'number', values: Int32Array.from(ids) },
      { name: 'image', kind: 'tensor', shape: [28, 28], values },
      { name: 'label', kind: 'number', values: Uint8Array.from(ids, (id) => id % 62) },
    ],
  });
  if (!written.ok) throw new Error(written.error.message);
  return path;
}

const ids = Array.from({ length: rows }, (_, row) => row);
const kept = ids.filter((id) => id % 1000 !== 3);
const moved = [...kept.slice(500), ...kept.slice(0, 500), ...Array.from({ length: 100 }, (_, extra) => rows + extra)];
const edited = new Set(kept.filter((id) => id % 50 === 1));
try {
  const [before, after] = [write('a.arrow', ids, new Set()), write('b.arrow', moved, edited)];
  const bytes = statSync(before).size + statSync(after).size;
  const script = `
    import { openArtifact } from '${join(root, 'dist/src/artifact/reader.js')}';
    import { diffArtifacts } from '${join(root, 'dist/src/diff/artifact-diff.js')}';
    const started = performance.now();
    const [a, b] = [openArtifact(process.argv[1]), openArtifact(process.argv[2])];
    const { table } = diffArtifacts(a.value, b.value, { absolute: 0, relative: 0 });
    console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, peak: process.resourceUsage().maxRSS * 1024, table }));`;
  const measurements = [];
  for (let round = 0; round < rounds; round++) {
    const { seconds, peak, table } = JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', script, before, after], { encoding: 'utf8' }),
    );
    const { added, removed, changed, moved: count } = table;
    if (added !== 100 || removed !== 100 || changed !== edited.size || count !== 500)
      throw new Error(`reported ${JSON.stringify({ added, removed, changed, count })}`);
    measurements.push({ seconds: Number(seconds.toFixed(3)), beyondFilesMiB: Math.round((peak - bytes) / 2 ** 20) });
    console.error(JSON.stringify(measurements.at(-1)));
  }
  writeResult(join(root, 'bench/results/diff.json'), {
    machine: machine(),
    versions: { node: process.versions.node },
    measurements,
  });
} finally {
  rmSync(work, { recursive: true, force: true });
}
