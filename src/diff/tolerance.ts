/** Two numbers are close where |a - b| <= absolute + relative * |a|. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/**
 * The tolerance of a type: PyTorch's of the less exact one of the two (`torch.testing`, `_DTYPE_PRECISIONS`: 1.3e-6 and 1e-5 of 32 bits,
 * 1e-7 of 64); none between whole numbers.
 */
export function usualTolerance(elementA: string, elementB: string): Tolerance {
  const both = [elementA, elementB];
  if (both.includes('float32')) return { relative: 1.3e-6, absolute: 1e-5 };
  return both.includes('float64') ? { relative: 1e-7, absolute: 1e-7 } : { relative: 0, absolute: 0 };
}
