import { expect, test } from 'vitest';
import { cutOffs, fixture, fixtureImages, fixtureLabels, folderWith, problemOf, read, withFile } from './reading.ts';

const name = 'emnist-byclass.mat';

test.each(['packed.mat', 'plain.mat'])("EMNIST's MATLAB file comes upright, with writers (%s)", async (file) => {
  const dataset = await read({ path: folderWith(file, name) });
  expect([...dataset.images]).toEqual([...fixtureImages(5), ...fixtureImages(2)]);
  expect([...dataset.labels]).toEqual([...fixtureLabels, 0, 10]);
  expect([...(dataset.writers ?? [])]).toEqual([3, 3, 4, 5, 900, 3, 3]);
  expect(dataset.partition.join()).toBe('train,train,train,train,train,test,test');
  expect(dataset.classes).toHaveLength(62);
  expect(dataset.source).toMatchObject({ format: 'mat', orientation: 'transposed, made upright', files: [name] });
});

test('one partition can be read alone', async () => {
  const dataset = await read({ path: folderWith('packed.mat', name), subset: 'test' });
  expect([...dataset.labels]).toEqual([0, 10]);
});

test('another content, and files that are no MATLAB 5 files, are told', async () => {
  expect((await problemOf({ path: folderWith('cells.mat', name) })).message).toContain(
    'has nothing as dataset.train.images',
  );
  const hdf5 = Buffer.concat([Buffer.from('MATLAB 7.3 MAT-file'.padEnd(124)), Buffer.from([0, 2]), Buffer.from('IM')]);
  const newer = await problemOf({ path: withFile(name, hdf5) });
  expect(newer.message).toContain('is of MATLAB file version 0x200');
  expect(newer.hint).toContain('-v7');
  expect((await problemOf({ path: withFile(name, Buffer.alloc(200)) })).message).toContain('no byte-order mark');
});

test('a file that is cut off anywhere is a failure that names it', async () => {
  await cutOffs(name, fixture('packed.mat'));
  await cutOffs(name, fixture('plain.mat'), 13);
});

test('any changed byte ends in a data set or a failure', async () => {
  for (const file of ['packed.mat', 'plain.mat']) {
    const whole = fixture(file);
    for (let at = 124; at < Math.min(whole.length, 700); at++) {
      const changed = Buffer.from(whole);
      changed[at] = 0xff - (whole[at] as number);
      await read({ path: withFile(name, changed) }).catch((problem: Error) => expect(problem.message).toContain(name));
    }
  }
});
