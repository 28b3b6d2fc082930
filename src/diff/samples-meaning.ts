import { linearRelation } from './linear-relation.ts';
import { type Meaning, plural, type Versions } from './meaning.ts';

/** By which rule all pixels changed, where there is one; else which samples changed most. */
export function samplesMeaning({ before, after, compared }: Versions): Meaning {
  const [one, other] = [before.tensor('image'), after.tensor('image')];
  const scales = [before, after].map(({ metadata }) => Number(metadata['scale'] ?? 1));
  const lines: string[] = [];
  const facts: Record<string, unknown> = {};
  if (scales[0] !== scales[1]) {
    lines.push(`pixels are divided by ${scales[1]} instead of ${scales[0]} before training`);
    facts['scale'] = scales;
  }
  const { pairs } = compared.aligned;
  const relation = one.size === other.size ? linearRelation(one, other, pairs) : undefined;
  if (relation !== undefined) {
    lines.push(`all pixels changed by one rule: ${relation.rule}`);
    facts['rule'] = relation;
  }
  const worst: { id: number; difference: number }[] = [];
  if (one.size === other.size)
    for (let pair = 0; pair < pairs.count; pair++) {
      if (compared.changedPairs[pair] !== 1) continue;
      const [a, b] = [one.row(pairs.before[pair] as number), other.row(pairs.after[pair] as number)];
      let sum = 0;
      for (let at = 0; at < a.length; at++) sum += Math.abs((a[at] as number) - (b[at] as number));
      if (sum > 0)
        worst.push({ id: before.numbers('id')[pairs.before[pair] as number] as number, difference: sum / a.length });
    }
  if (worst.length > 0 && relation === undefined) {
    worst.sort((left, right) => right.difference - left.difference);
    const top = worst.slice(0, 5);
    lines.push(
      `${plural(worst.length, 'image')} changed, most: ${top.map(({ id, difference }) => `id ${id} (by ${difference.toPrecision(3)} a pixel)`).join(', ')}`,
    );
    facts['images'] = { changed: worst.length, worst: top };
  }
  return { lines, facts };
}
