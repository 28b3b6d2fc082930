import type { Artifact } from '../artifact/reader.ts';
import type { Meaning, Versions } from './meaning.ts';
import { type NamedTensor, unitOrder } from './unit-order.ts';

/** How far weights moved, tensor by tensor, and whether only the order of hidden units differs. */
export function weightsMeaning({ before, after, compared }: Versions): Meaning {
  const [one, other] = [before.lists('values'), after.lists('values')];
  const names = before.texts('name');
  const { pairs } = compared.aligned;
  const tensors: { name: string; norm: number; normAfter: number; cosine: number | null; largest: number }[] = [];
  for (let pair = 0; pair < pairs.count; pair++) {
    if (compared.changedPairs[pair] !== 1) continue;
    const [a, b] = [one[pairs.before[pair] as number], other[pairs.after[pair] as number]];
    if (a === undefined || b === undefined || a.length !== b.length) continue;
    let [aa, bb, ab, largest] = [0, 0, 0, 0];
    for (let at = 0; at < a.length; at++) {
      const [x, y] = [a[at] as number, b[at] as number];
      aa += x * x;
      bb += y * y;
      ab += x * y;
      largest = Math.max(largest, Math.abs(x - y));
    }
    tensors.push({
      name: names[pairs.before[pair] as number] ?? '',
      norm: Math.sqrt(aa),
      normAfter: Math.sqrt(bb),
      // Between weights that are all 0 there is no angle.
      cosine: aa === 0 || bb === 0 ? null : ab / Math.sqrt(aa * bb),
      largest,
    });
  }
  tensors.sort((left, right) => (left.cosine ?? 1) - (right.cosine ?? 1));
  const lines = tensors
    .slice(0, 4)
    .map(
      ({ name, norm, normAfter, cosine, largest }) =>
        `${name}: norm ${norm.toPrecision(4)} → ${normAfter.toPrecision(4)}, cosine ${cosine?.toFixed(3) ?? 'unknown'}, largest change ${largest.toPrecision(3)}`,
    );
  if (tensors.length > 4) lines.push(`${tensors.length - 4} other tensors moved less`);
  const order = unitOrder(tensorsOf(before), tensorsOf(after));
  if (order !== undefined) {
    const layers = order.layers.map(({ layer, moved, units }) => `${layer} (${moved} of ${units})`).join(', ');
    lines.unshift(`the same network: only its hidden units stand in another order: ${layers}`);
  }
  return { lines, facts: { tensors, permuted: order !== undefined, ...(order === undefined ? {} : { order }) } };
}

function tensorsOf(artifact: Artifact): NamedTensor[] {
  const [shapes, values] = [artifact.lists('shape'), artifact.lists('values')];
  return artifact.texts('name').map((name, row) => ({
    name: name ?? '',
    shape: [...(shapes[row] ?? [])],
    values: values[row] ?? new Float32Array(),
  }));
}
