import { ok, type Result } from '../util/result.ts';
import { type ReportInput, requireColumns } from './collect-inputs.ts';
import type { CalibrationFacts, WriterFacts } from './study.ts';

/** The bins of a `calibration` artifact; undefined where there is none. */
export function calibrationFacts(input: ReportInput | undefined): Result<CalibrationFacts | undefined> {
  if (input === undefined) return ok(undefined);
  const columns = requireColumns(input, ['low', 'high', 'count', 'confidence', 'accuracy']);
  if (!columns.ok) return columns;
  const { artifact } = input;
  const of = (name: string): ArrayLike<number> => artifact.numbers(name);
  const [low, high, count, confidence, accuracy] = [
    of('low'),
    of('high'),
    of('count'),
    of('confidence'),
    of('accuracy'),
  ];
  const number = (list: ArrayLike<number>, row: number): number => list[row] ?? Number.NaN;
  const entry = (key: string): number => Number(artifact.metadata[key] ?? Number.NaN);
  return ok({
    bins: Array.from({ length: artifact.rows }, (_, row) => ({
      low: number(low, row),
      high: number(high, row),
      count: number(count, row),
      confidence: number(confidence, row),
      accuracy: number(accuracy, row),
    })),
    expectedError: entry('expected_calibration_error'),
    logLoss: entry('log_loss'),
    brier: entry('brier'),
  });
}

/** Rows and accuracy of each writer; undefined where there are none. */
export function writerFacts(input: ReportInput | undefined): Result<readonly WriterFacts[] | undefined> {
  if (input === undefined) return ok(undefined);
  const columns = requireColumns(input, ['writer', 'support', 'accuracy']);
  if (!columns.ok) return columns;
  const { artifact } = input;
  const [support, accuracy] = [artifact.numbers('support'), artifact.numbers('accuracy')];
  return ok(
    Array.from(artifact.numbers('writer'), (writer, row) => ({
      writer,
      support: support[row] ?? 0,
      accuracy: accuracy[row] ?? Number.NaN,
    })),
  );
}
