import { lstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '../util/sha256.ts';
import { eraseTypes, type ModuleSummary, summarise } from './module-summary.ts';
import { type Manifest, manifestOf } from './package-manifest.ts';

/** What is remembered of a file, with what tells that it is still the same. */
interface Remembered {
  readonly stamp: string;
  readonly digest?: string;
  readonly summary?: ModuleSummary;
  readonly manifest?: Manifest;
  /** Of a hidden lock file: what tells two packages of one version apart, by folder. */
  readonly origins?: Readonly<Record<string, string>>;
}

/** What was read before, by path. Kept between runs; what another version of pipe wrote is not used. */
export type SummaryMemo = Record<string, Remembered>;

/** Raised when a summary of an older pipe must not be taken for this one's. */
const summaryFormat = 3;

/** A file that was changed this short a time ago could change again without another time stamp. */
const settledAfterMs = 100;

/** A project file that was visited: SHA-256 of its bytes. */
export interface VisitedModule {
  readonly summary: ModuleSummary;
  readonly digest: string;
}

/** Reads the files that a code closure is made of, each once, with the memo's help. */
export class CodeFiles {
  readonly #memo: SummaryMemo;
  readonly #fresh = new Map<string, Remembered>();
  readonly #stats = new Map<string, Stats>();
  readonly #realFolders = new Map<string, string>();

  constructor(memo: SummaryMemo) {
    this.#memo = memo;
  }

  /** The path of a file or folder without links. Throws the system's error where there is none. */
  realPath(path: string): string {
    const folder = dirname(path);
    const realFolder = this.#realFolders.get(folder) ?? realpathSync.native(folder);
    this.#realFolders.set(folder, realFolder);
    const direct = folder === realFolder ? path : join(realFolder, path.slice(folder.length));
    const stats = this.#stats.get(direct) ?? lstatSync(direct);
    if (stats.isSymbolicLink()) return realpathSync.native(direct);
    this.#stats.set(direct, stats);
    return direct;
  }

  /** Throws the system's error where the file cannot be read, a SyntaxError where it is not JavaScript. */
  module(file: string): VisitedModule {
    const { summary, digest } = this.#get(file, 'summary', () => {
      const source = readFileSync(file, 'utf8');
      return { summary: summarise(javascript(file, source)), digest: sha256(source) };
    });
    if (summary === undefined || digest === undefined) throw new Error(`no summary of ${file}`);
    return { summary, digest };
  }

  /** SHA-256 of a file's bytes. Throws the system's error. */
  digest(file: string): string {
    return this.#get(file, 'digest', () => ({ digest: sha256(readFileSync(file)) })).digest ?? '';
  }

  /** A package.json; undefined where there is none. */
  manifest(file: string): Manifest | undefined {
    return this.#optional(file, 'manifest', () => ({ manifest: manifestOf(readFileSync(file, 'utf8'), file) }))
      ?.manifest;
  }

  /** What `read` makes of a lock file's text; undefined where there is none. */
  origins(file: string, read: (text: string) => Record<string, string>): Readonly<Record<string, string>> | undefined {
    return this.#optional(file, 'origins', () => ({ origins: read(readFileSync(file, 'utf8')) }))?.origins;
  }

  #optional(file: string, field: keyof Remembered, read: () => Omit<Remembered, 'stamp'>): Remembered | undefined {
    const there = this.#fresh.has(file) || statSync(file, { throwIfNoEntry: false })?.isFile() === true;
    return there ? this.#get(file, field, read) : undefined;
  }

  #get(file: string, field: keyof Remembered, read: () => Omit<Remembered, 'stamp'>): Remembered {
    const known = this.#fresh.get(file);
    if (known?.[field] !== undefined) return known;
    const { dev, ino, size, mtimeMs, ctimeMs } = this.#stats.get(file) ?? statSync(file);
    const stamp = [summaryFormat, dev, ino, size, mtimeMs, ctimeMs].join(':');
    const remembered = this.#memo[file]?.stamp === stamp ? this.#memo[file] : undefined;
    const found = remembered?.[field] === undefined ? { ...remembered, stamp, ...read() } : remembered;
    this.#fresh.set(file, found);
    if (Date.now() - ctimeMs > settledAfterMs) this.#memo[file] = found;
    else delete this.#memo[file];
    return found;
  }
}

function javascript(file: string, source: string): string {
  if (!/\.[mc]?ts$/.test(file)) return source;
  const erased = eraseTypes(source);
  if (erased === undefined) throw new SyntaxError('this Node cannot read TypeScript by itself');
  return erased;
}
