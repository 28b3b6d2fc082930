/** Colours of the report: as many families as it tells apart. */
const familyColors = 8;

/**
 * The colour class of each stage: instances for the same value of a matrix (a model) have the same colour, in the order in which
 * the pipeline names them, as in the report. Stages without a matrix have none.
 */
export function familiesOf(stages: Iterable<string>): Map<string, string> {
  const values = new Map<string, number>();
  const families = new Map<string, string>();
  for (const stage of stages) {
    const value = /\[(.*)\]$/s.exec(stage)?.[1];
    if (value === undefined) continue;
    if (!values.has(value)) values.set(value, values.size);
    families.set(stage, `family-${(values.get(value) ?? 0) % familyColors}`);
  }
  return families;
}
