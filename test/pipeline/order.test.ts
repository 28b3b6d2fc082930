import fc from 'fast-check';
import { expect, test } from 'vitest';
import { topologicalOrder } from '../../src/pipeline/order.ts';

test('every node comes after what it needs', () => {
  const graph = fc
    .integer({ min: 1, max: 30 })
    .chain((size) =>
      fc.tuple(
        ...Array.from({ length: size }, (_, node) =>
          fc.subarray(Array.from({ length: node }, (__, other) => String(other))),
        ),
      ),
    );
  fc.assert(
    fc.property(graph, (needs) => {
      const nodes = needs.map((after, id) => ({ id: String(id), after })).reverse();
      const sorted = topologicalOrder(nodes);
      if (!('order' in sorted)) return false;
      const place = new Map(sorted.order.map((node, index) => [node.id, index]));
      return (
        sorted.order.length === nodes.length &&
        nodes.every((node) => node.after.every((before) => (place.get(before) ?? 99) < (place.get(node.id) ?? -1)))
      );
    }),
    { seed: 2 },
  );
});

test('a cycle is told by its shortest path', () => {
  const nodes = [
    { id: 'a', after: ['b'] },
    { id: 'b', after: ['c'] },
    { id: 'c', after: ['a', 'd'] },
    { id: 'd', after: ['c'] },
  ];
  expect(topologicalOrder(nodes)).toEqual({ cycle: ['c', 'd', 'c'] });
});
