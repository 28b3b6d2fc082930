import type { Numbers } from './column-view.ts';
import type { TableView } from './table-view.ts';
import { textsOf, vectorsOf } from './typed-columns.ts';

/** A weight with its values. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Numbers;
}

/** The tensors of a `weights` artifact, views of its file; undefined where a column is missing. */
export function tensorsOf(view: TableView): NamedTensor[] | undefined {
  const names = textsOf(view, 'name');
  const [shapes, values] = [vectorsOf(view, 'shape'), vectorsOf(view, 'values')];
  if (names === undefined || shapes === undefined || values === undefined) return undefined;
  return names.map((name, row) => ({ name, shape: [...shapes.numbers(row)], values: values.numbers(row) }));
}

/** Whether two tensors can be compared value by value. */
export function sameShape(a: NamedTensor, b: NamedTensor): boolean {
  return a.values.length === b.values.length && a.shape.join() === b.shape.join();
}

/** Length of the difference of two tensors, and of the first, squared. */
export function squaredDistance(a: Numbers, b: Numbers): { readonly difference: number; readonly first: number } {
  let [difference, first] = [0, 0];
  for (let at = 0; at < a.length; at++) {
    const one = a[at] as number;
    difference += ((b[at] as number) - one) ** 2;
    first += one * one;
  }
  return { difference, first };
}
