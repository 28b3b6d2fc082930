import { describe, expect, it } from 'vitest';
import { combinations } from '../../src/model/description.ts';

describe('the combinations of a grid', () => {
  it("come in the order of scikit-learn's ParameterGrid: axes by name, the last one fastest", () => {
    expect(combinations({ b: [1, 2], a: ['x', 'y'] })).toEqual([
      { a: 'x', b: 1 },
      { a: 'x', b: 2 },
      { a: 'y', b: 1 },
      { a: 'y', b: 2 },
    ]);
  });

  it('are one empty combination where there is nothing to vary', () => {
    expect(combinations({})).toEqual([{}]);
  });

  it("are as many as in the study's grid of the MLP", () => {
    const grid = {
      units1: [500, 784],
      units2: [392, 261, 196],
      activation: ['relu', 'sigmoid', 'tanh'],
      optimizer: ['adam', 'sgd'],
    };
    expect(combinations(grid)).toHaveLength(36);
  });
});
