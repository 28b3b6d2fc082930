import type { JobView } from './run-model.ts';

/** The jobs of a stage as a table: a row for each combination, a column for each fold (or seed). */
export interface Matrix {
  readonly rows: MatrixRow[];
  readonly byLabel: Map<string, MatrixRow>;
  /** In their order; '' where jobs have no place. */
  columns: string[];
  /** The least and the greatest score so far. */
  low: number;
  high: number;
}

/** A combination and its jobs by column. */
export interface MatrixRow {
  readonly label: string;
  readonly cells: Map<string, JobView>;
}

/** More columns are not foreseen, whatever a job's name says. */
const mostColumns = 100;

/** A stage without jobs yet. */
export function createMatrix(): Matrix {
  return { rows: [], byLabel: new Map(), columns: [], low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
}

/**
 * Where a job stands: "search[cnn] fold 2/3 dropout=0.2" is in the row "dropout=0.2" and the column "fold 2/3". The stage's own job
 * has neither.
 */
export function placeOf({ job, stage }: Pick<JobView, 'job' | 'stage'>): {
  readonly row: string;
  readonly column: string;
} {
  const part = job.startsWith(`${stage} `) ? job.slice(stage.length + 1) : '';
  const [, column = '', rest = part] = /^((?:without fold \d+, )?[a-z]+ \d+\/\d+) ?(.*)$/s.exec(part) ?? [];
  return { row: rest, column };
}

/** Whether a job is the one that stands for its stage: all of it, or what collects its parts. */
export function isOwnJob({ job, stage }: Pick<JobView, 'job' | 'stage'>): boolean {
  return job === stage;
}

/** Takes a job that is new or has changed into the table. */
export function putJob(matrix: Matrix, job: JobView): void {
  if (isOwnJob(job)) return;
  const { row: label, column } = placeOf(job);
  let row = matrix.byLabel.get(label);
  if (row === undefined) {
    row = { label, cells: new Map() };
    matrix.byLabel.set(label, row);
    matrix.rows.push(row);
  }
  row.cells.set(column, job);
  if (!matrix.columns.includes(column))
    matrix.columns = [...new Set([...matrix.columns, ...siblings(column)])].sort((left, right) =>
      left.localeCompare(right, 'en', { numeric: true }),
    );
  if (job.score === undefined || !Number.isFinite(job.score)) return;
  matrix.low = Math.min(matrix.low, job.score);
  matrix.high = Math.max(matrix.high, job.score);
}

/** A column tells how many there are of its kind: "fold 2/3" has "fold 1/3" and "fold 3/3" beside it. */
function siblings(column: string): string[] {
  const [, start = '', , total = '0'] = /^(.* )(\d+)\/(\d+)$/s.exec(column) ?? [];
  const count = Number(total);
  if (!(count > 0 && count <= mostColumns)) return [column];
  return Array.from({ length: count }, (_, index) => `${start}${index + 1}/${count}`);
}

/** The mean of a row's scores; undefined where it has none yet. Jobs that run count as far as they tell. */
export function meanOf({ cells }: MatrixRow): number | undefined {
  let sum = 0;
  let count = 0;
  for (const { score } of cells.values())
    if (score !== undefined && Number.isFinite(score)) {
      sum += score;
      count++;
    }
  return count === 0 ? undefined : sum / count;
}

/** Rows with the best mean first, those without one last, in their order. */
export function bestFirst(rows: readonly MatrixRow[]): MatrixRow[] {
  return rows
    .map((row) => ({ row, mean: meanOf(row) ?? Number.NEGATIVE_INFINITY }))
    .sort((left, right) => (left.mean === right.mean ? 0 : right.mean - left.mean))
    .map(({ row }) => row);
}
