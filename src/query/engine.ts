import type { DuckDBDataChunk, DuckDBType } from '@duckdb/node-api';
import { type Artifact, type ColumnType, type NumberType, openArtifact } from '../artifact/reader.ts';
import { failure } from '../errors/failure.ts';
import type { Store } from '../store/store.ts';
import type { Json } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { StageTable, TablePart } from './stage-tables.ts';

type Duck = typeof import('@duckdb/node-api');

/** Rows with their names; values as JSON has them, whole numbers beyond 2^53 as texts. */
export interface QueryAnswer {
  readonly columns: readonly string[];
  /** SQL's names of the columns' types. */
  readonly types: readonly string[];
  readonly rows: readonly (readonly Json[])[];
  /** There are more rows than were asked for. */
  readonly hasMore: boolean;
}

/** What a question may take; without limits it may have all. */
export interface QueryLimits {
  /** Rows of the answer: those beyond are not computed, where that can be. */
  readonly rows: number;
  /** Bytes of main memory; the disk is not used beside it. */
  readonly memory: number;
  readonly threads: number;
}

/** A table that is made of plain values. */
export interface ValueTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: 'VARCHAR' | 'DOUBLE' | 'INTEGER' | 'TIMESTAMP' }[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Rows that DuckDB takes at once. */
const vectorRows = 2048;

interface Column {
  readonly name: string;
  readonly type: DuckDBType;
  write(chunk: DuckDBDataChunk, place: number, part: OpenPart, first: number, count: number): void;
}

interface OpenPart extends TablePart {
  readonly artifact: Artifact;
  /** Columns that were read as a whole: they are handed out piece by piece. */
  readonly read: Map<string, unknown>;
}

/** A whole column, read once. */
function whole<Values>({ read }: OpenPart, name: string, values: () => Values): Values {
  const known = read.get(name) as Values | undefined;
  if (known !== undefined) return known;
  const made = values();
  read.set(name, made);
  return made;
}

/**
 * Answers SQL over the artifacts of a store (DuckDB, in this process, over the memory-mapped files). SQL can neither reach files and
 * the network nor load extensions. Errors: the engine is not installed; DuckDB's own words for SQL that it does not take.
 */
export async function answerQuery(
  sql: string,
  store: Store,
  { stages, values }: { readonly stages: readonly StageTable[]; readonly values: readonly ValueTable[] },
  limits?: QueryLimits,
): Promise<Result<QueryAnswer>> {
  const duck = await loadDuck();
  if (!duck.ok) return duck;
  const { DuckDBInstance } = duck.value;
  // Extensions would be fetched from the network, files be read and written: a question about artifacts needs none of them.
  const instance = await DuckDBInstance.create(':memory:', {
    enable_external_access: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(limits === undefined
      ? {}
      : {
          memory_limit: `${Math.round(limits.memory / 1e6)}MB`,
          threads: String(limits.threads),
          max_temp_directory_size: '0KB',
        }),
  });
  const connection = await instance.connect();
  try {
    for (const table of values) await connection.run(valueTableSql(table));
    for (const table of stages) {
      connection.registerTableFunction(tableFunction(duck.value, store, table));
      await connection.run(`CREATE VIEW ${quoted(table.name)} AS SELECT * FROM ${quoted(functionName(table))}()`);
    }
    await connection.run('SET lock_configuration = true');
    const reader =
      limits === undefined
        ? await connection.runAndReadAll(sql)
        : await connection.streamAndReadUntil(sql, limits.rows + 1);
    const rows = reader.getRowsJson() as Json[][];
    const most = limits?.rows ?? rows.length;
    return ok({
      columns: reader.deduplicatedColumnNames(),
      types: reader.columnTypes().map(String),
      rows: rows.slice(0, most),
      hasMore: rows.length > most,
    });
  } catch (problem) {
    const message = problem instanceof Error ? problem.message : String(problem);
    return err(
      failure('query', message.trimEnd(), {
        hint: 'pipe query without SQL lists the tables',
      }),
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function loadDuck(): Promise<Result<Duck>> {
  try {
    return ok(await import('@duckdb/node-api'));
  } catch (problem) {
    const why = problem instanceof Error ? (problem.message.split('\n')[0] ?? '') : String(problem);
    return err(
      failure('query-engine', `DuckDB is not installed: ${why}`, {
        hint: 'it is an optional dependency: npm install @duckdb/node-api (it has builds for Linux, macOS and Windows)',
      }),
    );
  }
}

const functionName = ({ name }: StageTable): string => `artifacts of ${name}`;

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function valueTableSql({ name, columns, rows }: ValueTable): string {
  const literal = (value: string | number | null): string => {
    if (value === null) return 'NULL';
    return typeof value === 'number'
      ? Number.isFinite(value)
        ? String(value)
        : 'NULL'
      : `'${value.replaceAll("'", "''")}'`;
  };
  const heads = columns.map((column) => `${quoted(column.name)} ${column.type}`).join(', ');
  const create = `CREATE TABLE ${quoted(name)} (${heads})`;
  if (rows.length === 0) return create;
  const tuples = rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ');
  return `${create}; INSERT INTO ${quoted(name)} VALUES ${tuples}`;
}

function tableFunction(duck: Duck, store: Store, table: StageTable) {
  return duck.DuckDBTableFunction.create({
    name: functionName(table),
    parameterTypes: [],
    supportsProjectionPushdown: true,
    bindFunction: (info) => {
      const parts = table.parts.flatMap((part): OpenPart[] => {
        // What was collected to save space is left out, as a run that never was.
        if (!store.isWhole(part.output)) return [];
        const artifact = openArtifact(store.layout.blob(part.output.digest));
        return artifact.ok ? [{ ...part, artifact: artifact.value, read: new Map() }] : [];
      });
      const columns = columnsOf(duck, parts);
      for (const { name, type } of columns) info.addResultColumn(name, type);
      info.setCardinality(
        parts.reduce((sum, { artifact }) => sum + artifact.rows, 0),
        true,
      );
      info.setBindData({ parts, columns });
    },
    initFunction: (info) => {
      info.setMaxThreads(1);
      info.setInitData({ part: 0, row: 0, wanted: info.getColumnIndexes() });
    },
    mainFunction: (info, chunk) => {
      const { parts, columns } = info.getBindData() as { parts: OpenPart[]; columns: Column[] };
      const state = info.getInitData() as { part: number; row: number; wanted: number[] };
      while ((parts[state.part]?.artifact.rows ?? Number.POSITIVE_INFINITY) <= state.row) {
        state.part++;
        state.row = 0;
      }
      const part = parts[state.part];
      const count = part === undefined ? 0 : Math.min(vectorRows, part.artifact.rows - state.row);
      chunk.rowCount = count;
      if (part === undefined) return;
      for (const [place, column] of state.wanted.entries())
        columns[column]?.write(chunk, place, part, state.row, count);
      state.row += count;
    },
  });
}

/** run, stage, the axes of the matrix, job and fold, then the columns of the artifacts: those of all parts, by name. */
function columnsOf(duck: Duck, parts: readonly OpenPart[]): Column[] {
  const constant = (name: string, value: (part: OpenPart) => string | null): Column => ({
    name,
    type: duck.VARCHAR,
    write: (chunk, place, part, _, count) => chunk.setColumnValues(place, new Array(count).fill(value(part))),
  });
  const fromJobs = parts.some(({ job }) => job !== undefined);
  const fold: Column = {
    name: 'fold',
    type: duck.INTEGER,
    write: (chunk, place, part, _, count) => chunk.setColumnValues(place, new Array(count).fill(part.fold ?? null)),
  };
  const own = new Map<string, ColumnType>();
  for (const { artifact } of parts)
    for (const column of artifact.columns) if (!own.has(column)) own.set(column, artifact.columnType(column));
  const of = [
    constant('run', ({ run }) => run),
    constant('stage', ({ stage }) => stage),
    ...(fromJobs ? [constant('job', ({ job }) => job ?? null)] : []),
    fold,
  ];
  // A column of the artifact's own goes before ours of that name: a split has its own folds.
  const ours = of.filter(({ name }) => !own.has(name));
  return [...ours, ...[...own].map(([name, type]) => artifactColumn(duck, name, type))];
}

/** What is used of a vector beside its public methods: whole columns are copied at once, not value by value. */
interface FastVector {
  readonly items: { set(values: ArrayLike<number>): void };
  readonly childData: FastVector;
  flush(): void;
}

function artifactColumn(duck: Duck, name: string, type: ColumnType): Column {
  const same = ({ artifact }: OpenPart): boolean =>
    artifact.has(name) && JSON.stringify(artifact.columnType(name)) === JSON.stringify(type);
  const nothing = (chunk: DuckDBDataChunk, place: number, count: number): void =>
    chunk.setColumnValues(place, new Array(count).fill(null));
  const column = (sql: DuckDBType, write: Column['write']): Column => ({
    name,
    type: sql,
    // An artifact of another version may lack the column, or have it of another type: its rows have nothing there.
    write: (chunk, place, part, first, count) =>
      same(part) ? write(chunk, place, part, first, count) : nothing(chunk, place, count),
  });
  const vectorOf = (chunk: DuckDBDataChunk, place: number): FastVector =>
    chunk.getColumnVector(place) as unknown as FastVector;
  switch (type.kind) {
    case 'number':
      return column(numberType(duck, type.type), (chunk, place, part, first, count) => {
        const vector = vectorOf(chunk, place);
        vector.items.set(whole(part, name, () => part.artifact.numbers(name)).subarray(first, first + count));
        vector.flush();
      });
    case 'tensor': {
      const size = type.shape.reduce((product, extent) => product * extent, 1);
      return column(duck.ARRAY(numberType(duck, type.type), size), (chunk, place, { artifact }, first, count) => {
        const vector = vectorOf(chunk, place);
        const rows = Int32Array.from({ length: count }, (_, row) => first + row);
        vector.childData.items.set(artifact.tensor(name).gather(rows));
        vector.flush();
      });
    }
    case 'list':
      return column(duck.LIST(numberType(duck, type.type)), (chunk, place, part, first, count) =>
        chunk.setColumnValues(
          place,
          whole(part, name, () => part.artifact.lists(name))
            .slice(first, first + count)
            .map((values) => duck.listValue(Array.from(values))),
        ),
      );
    case 'text':
      return column(duck.VARCHAR, (chunk, place, part, first, count) =>
        chunk.setColumnValues(place, whole(part, name, () => part.artifact.texts(name)).slice(first, first + count)),
      );
    case 'binary':
      return column(duck.BLOB, (chunk, place, part, first, count) =>
        chunk.setColumnValues(
          place,
          whole(part, name, () => part.artifact.binaries(name))
            .slice(first, first + count)
            .map((bytes) => duck.blobValue(bytes)),
        ),
      );
  }
}

function numberType(duck: Duck, type: NumberType): DuckDBType {
  const types = {
    uint8: duck.UTINYINT,
    int32: duck.INTEGER,
    uint32: duck.UINTEGER,
    float32: duck.FLOAT,
    float64: duck.DOUBLE,
  };
  return types[type];
}
