import { expect, test } from 'vitest';
import { programEnvironment, variableName } from '../../src/command/environment.ts';

test('a program sees what is declared, what is ours, and what every program needs; nothing else', () => {
  const own = { PATH: '/bin', HOME: '/home/x', SECRET: 's', PYTHONPATH: '/x', LC_ALL: 'C', OMP_NUM_THREADS: '1' };
  expect(programEnvironment(own, { MODE: 'fast' }, { PIPE_SEED: '7' })).toEqual({
    PATH: '/bin',
    HOME: '/home/x',
    LC_ALL: 'C',
    OMP_NUM_THREADS: '1',
    MODE: 'fast',
    PIPE_SEED: '7',
  });
});

test.each([
  [['split'], 'PIPE_INPUT_SPLIT'],
  [['fit', 'cnn-lstm'], 'PIPE_INPUT_FIT_CNN_LSTM'],
  [['fit', '0.1'], 'PIPE_INPUT_FIT_0_1'],
  [['fit', '-1'], 'PIPE_INPUT_FIT__1'],
])('%j is %s', (parts, name) => {
  expect(variableName(parts)).toBe(name);
});
