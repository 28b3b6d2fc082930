import { failure } from '../errors/failure.ts';
import { scoresOfRun } from '../history/run-scores.ts';
import type { Json } from '../util/json.ts';
import { suggestion } from '../util/suggest.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { pickRuns } from './pick-runs.ts';
import { printFailures } from './print-failure.ts';
import { printTable, type TableOptions } from './print-table.ts';

interface MetricsOptions extends TableOptions {
  readonly metric?: readonly string[];
  readonly sort?: string;
  readonly limit: number;
  readonly pipeline?: string;
  readonly store?: string;
}

const usual = ['accuracy', 'macro precision', 'macro recall', 'macro f1'];

/** `pipe metrics`: the scores of runs, an evaluation a row. */
export async function metricsCommand(references: readonly string[], options: MetricsOptions): Promise<number> {
  const code = await withExistingStore(options.store, async (store) => {
    const picked = pickRuns(store, references, options);
    if (!picked.ok) {
      printFailures([picked.error]);
      return exitCodes.usage;
    }
    const evaluations = picked.value.flatMap(({ run, label }) =>
      scoresOfRun(store, run).map((scored) => ({ ...scored, run, label })),
    );
    const known = [...new Set(evaluations.flatMap(({ scores }) => scores.map(({ name }) => name)))];
    const wanted = options.metric ?? usual.filter((name) => known.includes(name));
    const unknown = [...wanted, ...(options.sort === undefined ? [] : [options.sort])].find(
      (name) => !known.includes(name),
    );
    if (unknown !== undefined && evaluations.length > 0) {
      printFailures([
        failure('metric-unknown', `no run has the metric "${unknown}"`, { hint: suggestion(unknown, known) }),
      ]);
      return exitCodes.usage;
    }
    const ranked = [...evaluations];
    const scoreOf = ({ scores }: (typeof evaluations)[number], name: string) => scores.find((one) => one.name === name);
    if (options.sort !== undefined) {
      const by = options.sort;
      ranked.sort((one, other) => (scoreOf(other, by)?.value ?? -1) - (scoreOf(one, by)?.value ?? -1));
    }
    const people = options.csv !== true && options.json !== true;
    const rows = ranked.map((evaluation): Json[] => {
      const values = wanted.flatMap((name): Json[] => {
        const score = scoreOf(evaluation, name);
        const [value, low, high] = [score?.value, score?.low, score?.high].map((one) =>
          one === undefined || Number.isNaN(one) ? null : one,
        );
        if (!people) return [value ?? null, low ?? null, high ?? null];
        if (typeof value !== 'number') return [''];
        return [
          typeof low === 'number' && typeof high === 'number'
            ? `${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`
            : value.toFixed(4),
        ];
      });
      return [
        people ? evaluation.label : evaluation.run.id,
        evaluation.run.pipeline,
        evaluation.run.profile,
        evaluation.stage,
        ...values,
      ];
    });
    const heads = people ? wanted : wanted.flatMap((name) => [name, `${name} low`, `${name} high`]);
    const columns = ['run', 'pipeline', 'profile', 'stage', ...heads];
    const foot = evaluations.length === 0 ? 'No run has scores: they are outputs of type metrics.' : '';
    await printTable({ columns, rows }, options, 'pipe.metrics/1', foot);
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}
