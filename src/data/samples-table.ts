import type { Column, TableData } from '../artifact/column.ts';
import type { SourceRows } from './read-source.ts';

/** The kept rows of a data set as an artifact of type `samples` (see src/artifact/artifact-type.ts). */
export function samplesTable(name: string, { dataset, kept, ids }: SourceRows): TableData {
  const size = dataset.height * dataset.width;
  const images = new Uint8Array(kept.length * size);
  kept.forEach((row, position) => {
    images.set(dataset.images.subarray(row * size, (row + 1) * size), position * size);
  });
  const numbers = (values: Int32Array): Int32Array => kept.map((row) => values[row] as number);
  const labels = numbers(dataset.labels);
  const columns: Column[] = [
    { name: 'id', kind: 'number', values: ids },
    { name: 'image', kind: 'tensor', shape: [dataset.height, dataset.width], values: images },
    { name: 'label', kind: 'number', values: dataset.classes.length <= 256 ? Uint8Array.from(labels) : labels },
    { name: 'partition', kind: 'text', values: Array.from(kept, (row) => dataset.partition[row] ?? null) },
  ];
  if (dataset.writers !== undefined) {
    columns.push({ name: 'writer', kind: 'number', values: numbers(dataset.writers) });
  }
  return {
    columns,
    metadata: {
      dataset: name,
      classes: JSON.stringify(dataset.classes),
      source: JSON.stringify(dataset.source),
      scale: '1',
      missing: String(dataset.missing),
    },
  };
}
