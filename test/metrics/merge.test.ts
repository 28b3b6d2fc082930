import { expect, test } from 'vitest';
import { mergedClasses } from '../../src/metrics/merge.ts';

const byClass = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];

function merged(rule: Parameters<typeof mergedClasses>[0], classes: readonly string[] = byClass) {
  const result = mergedClasses(rule, classes);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

test('ByMerge has 47 classes: c and C are one, a and A are not', () => {
  const { of, count } = merged('emnist-bymerge');
  const at = (name: string): number => of[byClass.indexOf(name)] as number;
  expect(count).toBe(47);
  expect(at('c')).toBe(at('C'));
  expect(at('a')).not.toBe(at('A'));
  expect(at('0')).not.toBe(at('O'));
});

test('without their case letters are 36 classes with the digits', () => {
  expect(merged('case').count).toBe(36);
});

test('lists join the classes that they name and leave the others', () => {
  const { of, count } = merged([
    ['0', 'O', 'o'],
    ['1', 'I', 'l'],
  ]);
  expect(count).toBe(58);
  expect(of[byClass.indexOf('o')]).toBe(of[0]);
});

test('a class that is not there, or is in two lists, is said', () => {
  expect(mergedClasses([['0', 'oo']], byClass)).toMatchObject({ ok: false, error: { code: 'merge-unknown' } });
  expect(
    mergedClasses(
      [
        ['0', 'O'],
        ['O', 'o'],
      ],
      byClass,
    ),
  ).toMatchObject({ ok: false, error: { code: 'merge-twice' } });
});
