import { failure } from '../errors/failure.ts';
import { err, type Result } from '../util/result.ts';
import { type FitRequest, fitRows } from './fit-rows.ts';
import type { Trained } from './train.ts';

/** Trains a model on all training rows, watching the validation rows where there are any. Errors: a fit that diverged. */
export async function finalFit(
  request: Omit<FitRequest, 'rows' | 'validation' | 'until'> & { readonly title: string },
): Promise<Result<Trained & { readonly parameters: number }>> {
  const validationRows = request.data.rowsOf('validation');
  const validation =
    validationRows.length === 0 ? {} : { validation: { rows: validationRows, when: 'every epoch' as const } };
  const fitted = await fitRows({ ...request, rows: request.data.rowsOf('train'), ...validation });
  if (!fitted.ok || fitted.value.diverged === undefined) return fitted;
  const { epoch, batch } = fitted.value.diverged;
  const hint = 'try a smaller learning rate, or another optimizer';
  return err(failure('fit-diverged', `${request.title} diverged in epoch ${epoch}, batch ${batch}`, { hint }));
}
