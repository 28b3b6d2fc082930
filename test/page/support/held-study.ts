import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeChain } from '../../end-to-end/support/chain.ts';

/** A search whose folds do what the test says, and nothing before. */
export interface HeldStudy {
  readonly folder: string;
  readonly file: string;
  readonly store: string;
  /** Variables that its runs must be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Tells a fold what to do next: `epoch 0.5` (its accuracy so far), `end 0.6`, or `fail` and why. */
  tell(fold: number, what: `epoch ${number}` | `end ${number}` | `fail ${string}`): void;
  /** Forgets what was told, for another run. */
  forget(): void;
}

const text = (names: readonly string[]): string => `pipeline: held
stages:
  make: {uses: ./kinds/make.js, with: {rows: 3}}
  search: {uses: ./kinds/search.js, from: {table: make}, with: {names: ${JSON.stringify(names)}}}
  scale: {uses: ./kinds/scale.js, from: {table: search}, with: {factor: 2}}
`;

// A fold waits for files: <fold>.1 says what it does first, <fold>.2 what then.
const searchKind = `
const told = async (fold, step) => {
  const { existsSync, readFileSync } = await import('node:fs');
  const path = process.env.PIPE_TEST_HELD + '/' + fold + '.' + step;
  while (!existsSync(path)) await new Promise((next) => setTimeout(next, 10));
  return readFileSync(path, 'utf8').split(/ (.*)/s);
};
const fold = {
  kind: 'held-fold', version: 1, description: 'does what it is told',
  params: { type: 'object', additionalProperties: false, properties: { fold: { type: 'integer' } } },
  inputs: { table: { type: 'table', description: 'numbers' } },
  outputs: { scores: { type: 'fold-scores', description: 'scores' } },
  run: async ({ params, outputs, progress, log }) => {
    const accuracy = [];
    for (let step = 1; ; step++) {
      const [what, value] = await told(params.fold, step);
      log('told: ' + what + ' ' + value);
      if (what === 'fail') return { ok: false, error: { code: 'told-so', message: value } };
      accuracy.push(Number(value));
      progress({ fraction: step / 4, note: 'epoch ' + step + ' of 4', score: Number(value), epoch: { epoch: step, accuracy: Number(value), loss: 1 - Number(value) } });
      if (what !== 'end') continue;
      const numbers = (name, values) => ({ name, kind: 'number', values });
      outputs.scores.write({ columns: [
        numbers('epoch', Int32Array.from(accuracy, (_, index) => index + 1)),
        numbers('accuracy', Float64Array.from(accuracy)), numbers('loss', Float64Array.from(accuracy, (one) => 1 - one)),
      ] });
      return { ok: true, value: undefined };
    }
  },
};
export const search = {
  kind: 'held-search', version: 1, description: 'folds that wait',
  params: { type: 'object', additionalProperties: false, properties: { names: { type: 'array', items: { type: 'string' } } } },
  inputs: { table: { type: 'table', description: 'numbers' } },
  outputs: { table: { type: 'table', description: 'how many there were' } },
  fanOut: {
    part: fold,
    expand: ({ params }) => ({ ok: true, value: params.names.map((name, fold) => ({ name, params: { fold }, seedParts: [fold] })) }),
  },
  run: async ({ parts, outputs }) => {
    outputs.table.write({ columns: [{ name: 'x', kind: 'number', values: Int32Array.of(parts.length) }] });
    return { ok: true, value: undefined };
  },
};
`;

/** A project with such a search in a folder of its own; its folds have these names. */
export function makeHeldStudy(names: readonly string[]): HeldStudy {
  const { folder, file, store } = makeChain({ 'chain.yaml': text(names), 'kinds/search.js': searchKind });
  const steps = new Map<number, number>();
  const env = { PIPE_TEST_HELD: join(folder, 'held') };
  mkdirSync(env.PIPE_TEST_HELD);
  return {
    folder,
    file,
    store,
    env,
    tell: (fold, what) => {
      const step = (steps.get(fold) ?? 0) + 1;
      steps.set(fold, step);
      const place = join(env.PIPE_TEST_HELD, `${fold}.${step}`);
      writeFileSync(`${place}.new`, what);
      renameSync(`${place}.new`, place);
    },
    forget: () => {
      rmSync(env.PIPE_TEST_HELD, { recursive: true });
      mkdirSync(env.PIPE_TEST_HELD);
      steps.clear();
    },
  };
}
