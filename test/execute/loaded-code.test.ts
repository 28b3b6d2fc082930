import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLoadedCode } from '../../src/execute/loaded-code.ts';

const folder = mkdtempSync(join(tmpdir(), 'pipe-loaded-'));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function file(name: string, text: string, lazy: boolean) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return { path, code: { [path]: { digest: sha256(text), lazy } } };
}

test('code that is what the fingerprint was taken of is right', () => {
  const { code } = file('same.js', 'one', false);
  expect(createLoadedCode().checkLoaded(code)).toBeUndefined();
});

test('code that was edited before it was loaded is told', () => {
  const { path, code } = file('edited.js', 'one', false);
  writeFileSync(path, 'two');
  expect(createLoadedCode().checkLoaded(code)?.message).toContain('edited.js was changed');
  rmSync(path);
  expect(createLoadedCode().checkLoaded(code)?.code).toBe('code-changed');
});

test('code that was edited after it was loaded does no harm, to later jobs of the same process either', () => {
  const { path, code } = file('later.js', 'one', false);
  const loaded = createLoadedCode();
  loaded.checkLoaded(code);
  writeFileSync(path, 'two');
  expect(loaded.checkLoaded(code)).toBeUndefined();
});

test('a process that has the old code loaded does no job of the new one', () => {
  const { path, code } = file('renewed.js', 'one', false);
  const loaded = createLoadedCode();
  loaded.checkLoaded(code);
  expect(loaded.checkLoaded({ [path]: { digest: sha256('two'), lazy: false } })?.code).toBe('code-changed');
});

test('what is loaded while a job runs is looked at after it, and each time', () => {
  const { path, code } = file('lazy.js', 'one', true);
  const loaded = createLoadedCode();
  expect([loaded.checkLoaded(code), loaded.checkLazy(code)]).toEqual([undefined, undefined]);
  writeFileSync(path, 'two');
  expect(loaded.checkLazy(code)?.code).toBe('code-changed');
});
