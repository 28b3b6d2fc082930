import type { Column, TableData } from '../artifact/column.ts';
import type { Artifact } from '../artifact/reader.ts';
import type { CollectedPart } from '../stage/stage-kind.ts';
import { fitName } from './parts.ts';
import type { SearchOutcome, WantedFit } from './search.ts';
import type { ModelSpace } from './space.ts';

const measures = ['loss', 'accuracy', 'validation_loss', 'validation_accuracy'] as const;

interface FitCurve {
  readonly fit: WantedFit;
  /** A row an epoch, from the first on: a fit that goes on from another brings its epochs along. */
  readonly scores: Artifact;
}

/** The learning curves of a search: of each combination and fold those of the fit that went furthest. */
export function curveTable(space: ModelSpace, outcome: SearchOutcome, parts: readonly CollectedPart[]): TableData {
  const byName = new Map(parts.map((part) => [part.name, part]));
  const furthest = new Map<string, FitCurve>();
  for (const fit of outcome.rows.flatMap(({ fits }) => fits)) {
    const scores = byName.get(fitName(space, fit))?.artifacts['scores'];
    const key = JSON.stringify([fit.combination, fit.fold]);
    const known = furthest.get(key);
    if (scores !== undefined && (known === undefined || known.fit.until < fit.until))
      furthest.set(key, { fit, scores });
  }
  const curves = [...furthest.values()];
  const whole = (name: string, pick: (curve: FitCurve) => Iterable<number>): Column => ({
    name,
    kind: 'number',
    values: Int32Array.from(curves.flatMap((curve) => [...pick(curve)])),
  });
  const ofEach = <Value>({ scores }: FitCurve, value: Value): Value[] =>
    Array.from({ length: scores.rows }, () => value);
  return {
    columns: [
      {
        name: 'params',
        kind: 'text',
        values: curves.flatMap((curve) => ofEach(curve, JSON.stringify(curve.fit.combination))),
      },
      whole('fold', (curve) => ofEach(curve, curve.fit.fold)),
      whole('epoch', ({ scores }) => scores.numbers('epoch')),
      ...measures.map(
        (name): Column => ({
          name,
          kind: 'number',
          values: Float64Array.from(curves.flatMap(({ scores }) => [...scores.numbers(name)])),
        }),
      ),
    ],
  };
}
