import { ok, type Result } from '../util/result.ts';
import { type ReportInput, requireColumns } from './collect-inputs.ts';
import type { RefitFacts } from './study.ts';

/** The scores of one model trained with several seeds, from a `refits` artifact; undefined where there is none. */
export function refitFacts(input: ReportInput | undefined): Result<RefitFacts | undefined> {
  if (input === undefined) return ok(undefined);
  const columns = requireColumns(input, ['refit', 'accuracy', 'macro_f1']);
  if (!columns.ok) return columns;
  const { artifact } = input;
  // One training alone says nothing of another one.
  if (artifact.rows < 2) return ok(undefined);
  return ok({
    title: artifact.metadata['title'] ?? artifact.metadata['model'] ?? 'the model',
    accuracy: Array.from(artifact.numbers('accuracy')),
    macroF1: Array.from(artifact.numbers('macro_f1')),
  });
}
