import type pc from 'picocolors';
import type { Artifact, ColumnType } from '../artifact/reader.ts';
import { columnValues, statisticsOf, typeName } from '../diff/column-diff.ts';
import type { Json } from '../util/json.ts';
import type { WidthOf } from './clip.ts';
import { columns as aligned } from './columns.ts';
import { grouped, harmless, plural } from './format.ts';
import { type GreyPicture, pictureLines } from './picture.ts';
import { tableLines } from './table.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** What of an artifact is shown. */
export interface ShowSetting {
  readonly rows: number;
  readonly pictures: number;
  /** Columns of the terminal. */
  readonly width: number;
  readonly widthOf: WidthOf;
  readonly colors: Colors;
}

/** Longest text of a metadata entry. */
const longest = 100;

/** An artifact for people: what it is, its columns with their statistics, its first rows, and pictures of samples. */
export function showLines(name: string, artifact: Artifact, setting: ShowSetting): string[] {
  const { colors, widthOf } = setting;
  const metadata = Object.entries(artifact.metadata)
    .filter(([key]) => key !== 'type')
    .map(([key, value]) => [
      `  ${harmless(key)}`,
      harmless(value.length > longest ? `${value.slice(0, longest - 1)}…` : value),
    ]);
  const described = artifact.columns.map((column) => {
    const values = columnValues(artifact, column);
    const statistics = statisticsOf(values, artifact.rows);
    const number = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(4))) : '–');
    return [
      `  ${harmless(column)}`,
      typeName(values.type),
      ...(statistics === undefined
        ? ['', '', '', '']
        : [
            number(statistics.minimum),
            number(statistics.mean),
            number(statistics.maximum),
            statistics.missing === 0 ? '' : grouped(statistics.missing),
          ]),
    ];
  });
  const heads = [['  column', 'type', 'least', 'mean', 'most', 'not a number'], ...described];
  const images = picturesOf(artifact, setting);
  return [
    `${colors.bold(harmless(name))}  ${artifact.type}, ${plural(artifact.rows, 'row')}`,
    ...aligned(metadata, new Set(), widthOf).map((line) => colors.dim(line)),
    '',
    ...aligned(heads, new Set([2, 3, 4, 5]), widthOf),
    ...(setting.rows === 0 || artifact.rows === 0
      ? []
      : ['', ...tableLines(firstRows(artifact, setting.rows), widthOf)]),
    ...(artifact.rows > setting.rows && setting.rows > 0
      ? [colors.dim(`… and ${grouped(artifact.rows - setting.rows)} more`)]
      : []),
    ...(images.length === 0 ? [] : ['', ...images]),
  ];
}

/** The first rows as values. */
export function firstRows(artifact: Artifact, most: number): { columns: readonly string[]; rows: Json[][] } {
  const count = Math.min(most, artifact.rows);
  const cells = artifact.columns.map((column): Json[] => {
    const type: ColumnType = artifact.columnType(column);
    switch (type.kind) {
      case 'text':
        return artifact.texts(column).slice(0, count);
      case 'binary':
        return artifact
          .binaries(column)
          .slice(0, count)
          .map((bytes) => `${bytes.length} bytes`);
      default: {
        const values = columnValues(artifact, column);
        const one = type.kind === 'number';
        return Array.from({ length: count }, (_, row): Json => {
          const numbers = Array.from(values.numbers(row), (value) => (Number.isFinite(value) ? value : null));
          return one ? (numbers[0] ?? null) : numbers;
        });
      }
    }
  });
  return {
    columns: artifact.columns,
    rows: Array.from({ length: count }, (_, row) => cells.map((values) => values[row] ?? null)),
  };
}

/** Pictures of the first samples with their classes; none where samples are no pictures. */
function picturesOf(artifact: Artifact, { pictures, width, colors }: ShowSetting): string[] {
  if (artifact.type !== 'samples' || artifact.metadata['features'] !== undefined || pictures === 0) return [];
  const view = artifact.tensor('image');
  const [height = 0, across = 0] = view.shape;
  if (height < 2 || height > 64 || across > 64) return [];
  const classes = JSON.parse(artifact.metadata['classes'] ?? '[]') as string[];
  const labels = artifact.numbers('label');
  const abreast = Math.max(1, Math.min(pictures, Math.floor((width + 2) / (across + 2))));
  const shown = Array.from({ length: Math.min(pictures, view.rows, abreast) }, (_, row): GreyPicture => {
    const values = view.row(row);
    const most = view.type === 'uint8' ? 255 : Math.max(1e-9, ...values);
    return { height, width: across, values: Array.from(values, (value) => value / most) };
  });
  const names = shown.map((_, row) =>
    harmless(classes[labels[row] as number] ?? String(labels[row]))
      .slice(0, across)
      .padEnd(across + 2),
  );
  return [...pictureLines(shown, colors.isColorSupported), names.join('').trimEnd()];
}
