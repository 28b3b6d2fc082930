import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { findDatasetFiles, lookedFor } from '../../src/data/read-dataset.ts';
import { writeEmnist } from './idx.ts';
import { fixture, folderWith, problemOf, read, temporaryFolder } from './reading.ts';

async function found(path: string, dataset = 'emnist-byclass', subset: 'train' | 'test' | 'all' = 'all') {
  const result = await findDatasetFiles({ path, dataset, subset });
  if (!result.ok) throw new Error(result.error.message);
  const { value } = result;
  return value === undefined ? undefined : { format: value.format, files: value.files.map((file) => basename(file)) };
}

test('finding names all files that reading depends on, the mapping too', async () => {
  const folder = temporaryFolder();
  writeEmnist(folder, 'test', [1]);
  writeFileSync(join(folder, 'emnist-byclass-mapping.txt'), '');
  expect(await found(folder)).toEqual({
    format: 'idx',
    files: [
      'emnist-byclass-test-images-idx3-ubyte.gz',
      'emnist-byclass-test-labels-idx1-ubyte.gz',
      'emnist-byclass-mapping.txt',
    ],
  });
  expect(await found(folder, 'emnist-byclass', 'train')).toBeUndefined();
  expect(await found(folder, 'emnist-letters')).toBeUndefined();
  expect(await found(temporaryFolder())).toBeUndefined();
});

test('IDX comes before the other formats, and a data set of another name is not taken', async () => {
  const folder = folderWith('packed.mat', 'emnist-byclass.mat');
  writeFileSync(join(folder, 'emnist-letters.npz'), fixture('stored.npz'));
  writeFileSync(join(folder, 'mnist_train.csv'), '');
  expect(await found(folder)).toEqual({ format: 'mat', files: ['emnist-byclass.mat'] });
  expect((await found(folder, 'emnist-letters'))?.files).toEqual(['emnist-letters.npz']);
  expect((await found(folder, 'mnist'))?.files).toEqual(['mnist_train.csv']);
  expect(await found(folder, 'emnist-digits')).toBeUndefined();
  writeEmnist(folder, 'train', [1]);
  expect((await found(folder))?.format).toBe('idx');
});

test('files with names of their own are taken by their partition, and told apart when there are too many', async () => {
  const folder = folderWith('arrays-4.pkl', 'train.pkl');
  writeFileSync(join(folder, 'held_out_test.pkl'), fixture('arrays-2.pkl'));
  expect((await found(folder))?.files).toEqual(['train.pkl', 'held_out_test.pkl']);
  const dataset = await read({ path: folder });
  expect(dataset.partition.join()).toBe([...Array(5).fill('train'), ...Array(5).fill('test')].join());
  writeFileSync(join(folder, 'other_train.pkl'), fixture('arrays-2.pkl'));
  const problem = await problemOf({ path: folder });
  expect(problem.code).toBe('dataset-ambiguous');
  expect(problem.message).toContain('several files that may hold the train rows: other_train.pkl, train.pkl');
  expect((await read({ path: join(folder, 'train.pkl') })).rows).toBe(5);
});

test('a file without partitions is training data', async () => {
  const folder = folderWith('arrays-4.pkl', 'samples.pkl');
  expect(new Set((await read({ path: folder })).partition)).toEqual(new Set(['train']));
  const problem = await problemOf({ path: folder, subset: 'test' });
  expect(problem.message).toBe('samples.pkl has no test rows: it holds data, label');
});

test('with the data set "any", classes are the numbers of the labels', async () => {
  const folder = folderWith('arrays-4.pkl', 'samples.pkl');
  const dataset = await read({ path: folder, dataset: 'any' });
  expect(dataset.classes).toHaveLength(62);
  expect(dataset.classes[61]).toBe('61');
  expect(dataset.source.title).toBe('images of samples.pkl, train split');
});

test('nothing found lists what was looked for, and an unknown data set is asked about', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'notes'));
  const problem = await problemOf({ path: folder, subset: 'test' });
  expect(problem.message).toBe(`${basename(folder)} holds nothing of emnist-byclass (test)`);
  expect(problem.detail?.split('\n')).toEqual(lookedFor('emnist-byclass', 'test'));
  expect(problem.detail).toContain('emnist-byclass-test-images-idx3-ubyte[.gz]');
  const unknown = await problemOf({ path: folder, dataset: 'emnist-byclas' });
  expect(unknown).toMatchObject({ code: 'dataset-unknown', hint: 'did you mean "emnist-byclass"?' });
  const nowhere = await problemOf({ path: join(folder, 'nowhere') });
  expect(nowhere.code).toBe('system-enoent');
});
