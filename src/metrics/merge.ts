import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';

/** Classes that count as one: by a name of a known rule, or as lists of class names. */
export type MergeRule = 'emnist-bymerge' | 'case' | readonly (readonly string[])[];

/**
 * Letters whose capital and small forms look alike, which EMNIST's ByMerge joins to 47 classes (G. Cohen and others, "EMNIST: an extension of
 * MNIST to handwritten letters", 2017, section II.B).
 */
const alike = [...'cijklmopsuvwxyz'];

/**
 * The merged class of each class, numbered from 0 in the order in which they first appear, and how many there are. Errors: a list names
 * a class that there is none of, or one twice.
 */
export function mergedClasses(
  rule: MergeRule,
  classes: readonly string[],
): Result<{ readonly of: Int32Array; readonly count: number }> {
  const key = keysOf(rule, classes);
  if (!key.ok) return key;
  const numbers = new Map<string, number>();
  const of = Int32Array.from(classes, (name) => {
    const wanted = key.value(name);
    const known = numbers.get(wanted) ?? numbers.size;
    numbers.set(wanted, known);
    return known;
  });
  return ok({ of, count: numbers.size });
}

function keysOf(rule: MergeRule, classes: readonly string[]): Result<(name: string) => string> {
  if (rule === 'case') return ok((name) => name.toLowerCase());
  if (rule === 'emnist-bymerge') return ok((name) => (alike.includes(name.toLowerCase()) ? name.toLowerCase() : name));
  const group = new Map<string, string>();
  for (const list of rule)
    for (const name of list) {
      if (!classes.includes(name))
        return err(failure('merge-unknown', `merge: there is no class "${name}"`, { hint: suggestion(name, classes) }));
      if (group.has(name))
        return err(
          failure('merge-twice', `merge: the class "${name}" is in two lists`, { hint: 'a class is merged once' }),
        );
      group.set(name, list[0] as string);
    }
  return ok((name) => group.get(name) ?? name);
}
