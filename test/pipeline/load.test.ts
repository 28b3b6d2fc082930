import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatFailure } from '../../src/errors/failure.ts';
import { type LoadOptions, loadPipeline } from '../../src/pipeline/load.ts';

const sound = `pipeline: small
params: {seed: 7, folds: 3, families: [mlp, wide], grid: {mlp: {units: [4, 8]}, wide: {units: [16]}}}
profiles:
  deep: {folds: 5}
models:
  mlp: &model
    input: flat
    layers:
      - dense: {units: "\${hyper.units}", activation: relu}
      - dense: {units: "\${data.classes}", activation: softmax}
    training: {optimizer: adam, batchSize: 32, epochs: 1}
    hyperparameters: {units: 4}
  wide: *model
stages:
  ingest: {uses: ingest, with: {dataset: emnist-byclass}}
  split:
    uses: split
    from: {samples: ingest}
    with: {folds: "\${params.folds}"}
  search:
    matrix: {model: "\${params.families}"}
    uses: grid-search
    from: {samples: ingest, split: split}
    with: {model: "\${matrix.model}", grid: "\${params.grid[matrix.model]}"}
`;

async function load(text: string, options: Partial<LoadOptions> = {}) {
  const file = join(mkdtempSync(join(tmpdir(), 'pipe-load-')), 'p.yaml');
  writeFileSync(file, text);
  return loadPipeline(file, { env: {}, ...options });
}

/** All messages, without the path of the file: "line:column: message | hint". */
async function mistakes(text: string, options: Partial<LoadOptions> = {}): Promise<string[]> {
  const loaded = await load(text, options);
  if (loaded.ok) return [];
  return loaded.error.map(({ location, ...rest }) => {
    const where = location === undefined ? '' : `${location.line}:${location.column}: `;
    return `${where}${formatFailure(rest).replace('\n  ', ' | ')}`;
  });
}

function edited(from: string, to: string): string {
  if (!sound.includes(from)) throw new Error(`the pipeline has no ${from}`);
  return sound.replace(from, to);
}

test('a sound pipeline becomes checked stage instances in an order in which they can run', async () => {
  const loaded = await load(sound);
  if (!loaded.ok) throw new Error(loaded.error.map(formatFailure).join('\n'));
  expect(loaded.value.instances.map((instance) => instance.id)).toEqual([
    'ingest',
    'split',
    'search[mlp]',
    'search[wide]',
  ]);
  const search = loaded.value.instances[3];
  expect(search?.params).toMatchObject({
    grid: { units: [16] },
    strategy: 'grid',
    model: { name: 'wide', input: 'flat' },
  });
  expect(search?.inputs).toMatchObject({ samples: [{ instance: 'ingest', output: 'samples' }] });
  expect(loaded.value.instances[1]?.params).toMatchObject({ folds: 3, stratify: true });
});

test('profiles, a params file and --set are laid over each other in this order', async () => {
  const params = join(mkdtempSync(join(tmpdir(), 'pipe-load-')), 'params.yaml');
  writeFileSync(params, 'folds: 6\nseed: 9\n');
  const folds = async (options: Partial<LoadOptions>) => {
    const loaded = await load(sound, options);
    return loaded.ok ? [loaded.value.params['folds'], loaded.value.seed] : loaded.error;
  };
  expect(await folds({ profile: 'deep' })).toEqual([5, 7]);
  expect(await folds({ profile: 'deep', paramsFile: params })).toEqual([6, 9]);
  expect(await folds({ profile: 'deep', paramsFile: params, set: ['params.folds=4', 'seed=1'] })).toEqual([4, 1]);
});

test.each<[string, string, string, string]>([
  [
    'an unknown top-level key',
    'pipeline: small',
    'pipeline: small\nstage: {}',
    '2:1: "stage" is not known here | did you mean "stages"?',
  ],
  [
    'an unknown kind',
    'uses: split',
    'uses: splitt',
    '17:11: there is no stage kind "splitt" | did you mean "split"? A kind of your own starts with "./".',
  ],
  [
    'an unknown parameter',
    'folds: "${params.folds}"',
    'fold: 3',
    '19:12: "fold" is not known here | did you mean "folds"?',
  ],
  ['a wrong type', '"${params.folds}"', 'three', '19:19: "folds" must be a whole number, got "three"'],
  [
    'an unknown reference',
    '${params.folds}',
    '${params.flods}',
    '19:20: ${params.flods}: there is no "flods" in params | did you mean "folds"?',
  ],
  [
    'an unknown stage',
    'samples: ingest}\n    with',
    'samples: ingset}\n    with',
    '18:21: there is no stage "ingset" | did you mean "ingest"?',
  ],
  [
    'an unknown input',
    'from: {samples: ingest}',
    'from: {sample: ingest}',
    '18:12: the kind "split" has no input "sample" | did you mean "samples"?',
  ],
  [
    'an output of another type',
    'samples: ingest, split: split',
    'samples: split, split: split',
    '23:21: split is of type split, the input wants samples | "split" has no such output',
  ],
  [
    'an unknown layer',
    '- dense: {units: "${hyper.units}"',
    '- dens: {units: "${hyper.units}"',
    '9:15: there is no layer "dens" | did you mean "dense"?',
  ],
  [
    'an unknown hyperparameter',
    '${hyper.units}',
    '${hyper.unit}',
    '9:24: there is no hyperparameter "unit" | did you mean "units"?',
  ],
  ['an unknown model', 'families: [mlp, wide]', 'families: [mlp]', ''],
  [
    'a duplicate key',
    'seed: 7, folds: 3',
    'seed: 7, folds: 3, seed: 8',
    '2:29: the key "seed" stands twice | first on line 2; remove one of them',
  ],
  [
    'a number that would be rounded',
    'seed: 7',
    'seed: 12345678901234567890',
    '2:16: 12345678901234567890 cannot be kept exactly',
  ],
  [
    'a seed that is none',
    'seed: 7',
    'seed: -1',
    '2:16: params.seed must be a whole number from 0 to 4294967295, got -1',
  ],
  ['a custom tag', 'seed: 7', 'seed: !!js/function x', '2:16: Unresolved tag'],
])('%s is told with its place', async (_, from, to, expected) => {
  const found = await mistakes(edited(from, to));
  if (expected === '') expect(found).toEqual([]);
  else expect(found.join('\n')).toContain(expected);
});

test('a missing input names its slot and type', async () => {
  const found = await mistakes(edited('    from: {samples: ingest}\n', ''));
  expect(found).toEqual([
    '16:3: stage "split" lacks its input "samples" (the samples to divide) | add from: {samples: …} with an artifact of type samples',
  ]);
});

test('an axis of a grid that is no hyperparameter is told, with the reference it came from', async () => {
  const found = await mistakes(edited('mlp: {units: [4, 8]}', 'mlp: {unit: [4, 8]}'));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain('has no hyperparameter "unit"');
  expect(found[0]).toContain('did you mean "units"?');
});

test('all mistakes are told at once', async () => {
  const text = edited('uses: split', 'uses: splitt').replace('uses: ingest,', 'uses: ingestt,');
  expect(await mistakes(text)).toHaveLength(2);
});

test('stages that wait for each other are told with the line of each', async () => {
  const text = sound.replace('uses: ingest, with', 'uses: ingest, needs: [split], with');
  const [found = ''] = await mistakes(text);
  expect(found).toContain('the stages wait for each other');
  expect(found).toMatch(/split \(line 16\) needs ingest/);
});

test('mistakes of the command line name what is there', async () => {
  expect(await mistakes(sound, { profile: 'dep' })).toEqual([expect.stringContaining('did you mean "deep"?')]);
  expect(await mistakes(sound, { set: ['fold=3'] })).toEqual([expect.stringContaining('did you mean "folds"?')]);
  expect(await mistakes(sound, { set: ['folds'] })).toEqual([expect.stringContaining('there is no "="')]);
  expect(await mistakes(sound, { set: ['__proto__.x=1'] })).toEqual([
    expect.stringContaining('no parameter "__proto__"'),
  ]);
});

test('a file that is not there, too large or not YAML is a failure', async () => {
  expect(await loadPipeline('/nowhere/p.yaml', { env: {} })).toMatchObject({
    ok: false,
    error: [{ code: 'system-enoent' }],
  });
  expect(await mistakes(`a: "${'x'.repeat(1100000)}"`)).toEqual([expect.stringContaining('at most 1048576 are read')]);
  expect(await mistakes('stages: [1, 2')).toEqual([expect.stringMatching(/^1:\d+: /)]);
  expect(await mistakes('')).toEqual([expect.stringContaining('the value must be a map')]);
});

test('a bomb of aliases is refused quickly', async () => {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `l${level + 1}: &l${level + 1} [${new Array(9).fill(`*l${level}`).join(', ')}]`,
  );
  expect(await mistakes(`l0: &l0 [x]\n${levels.join('\n')}\n`)).toEqual([expect.stringContaining('alias')]);
});

test('thousands of keys are checked in less than linear patience', async () => {
  const text = `pipeline: x\nparams: {${Array.from({ length: 20000 }, (_, key) => `k${key}: 1`).join(', ')}}\nstages: {}\n`;
  expect((await mistakes(text)).join()).toContain('stages');
});

const fitted = `${sound}  other: {uses: split, from: {samples: ingest}, with: {folds: 4}}
  fit: {uses: fit, from: {samples: ingest, split: split, search: "search[mlp]"}, with: {model: mlp}}
  evaluate: {uses: evaluate, from: {weights: fit, samples: ingest, split: split}}
`;

test('scoring under another split than the one that was trained under is a mistake of the pipeline, at its place', async () => {
  expect(await mistakes(fitted)).toEqual([]);
  expect(
    await mistakes(
      fitted.replace('{weights: fit, samples: ingest, split: split}', '{weights: fit, samples: ingest, split: other}'),
    ),
  ).toEqual([
    '27:75: evaluate takes its rows from other, but fit was fitted by split: it may have been trained on the rows that are scored here | give both the same split, for example from: {split: split}',
  ]);
});

test('choosing by a search that was made under another split is a mistake too', async () => {
  const [first] = await mistakes(
    fitted.replace('fit, from: {samples: ingest, split: split', 'fit, from: {samples: ingest, split: other'),
  );
  expect(first).toContain('fit takes its rows from other, but search[mlp] was fitted by split');
});

test('splits of unrelated samples do not meet: a model may be scored on another data set', async () => {
  const elsewhere = `${fitted.replace('{weights: fit, samples: ingest, split: split}', '{weights: fit, samples: beside, split: apart}')}  beside: {uses: ingest, with: {dataset: emnist-byclass, limit: 500}}
  apart: {uses: split, from: {samples: beside}}
`;
  expect(await mistakes(elsewhere)).toEqual([]);
});
