import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { eraseTypes, type ModuleSummary, summarise } from './module-summary.ts';

/**
 * All code that can change what a stage kind does: the declarations that are reached from its module, each with the
 * digest of its normal form, and the versions of the npm packages that they import.
 */
export interface CodeClosure {
  /** "stages/fit" → "run" → digest. */
  readonly modules: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly packages: Readonly<Record<string, string>>;
}

/** Summaries of modules that were read before, by path, with what tells that the file is still the same. */
export type SummaryMemo = Record<string, { readonly stamp: string; readonly summary: ModuleSummary }>;

function stampOf(file: string): string {
  const { ino, size, mtimeMs, ctimeMs } = statSync(file);
  return [ino, size, mtimeMs, ctimeMs].join(':');
}

class Walk {
  readonly reached = new Map<string, Map<string, string>>();
  readonly packages = new Map<string, string>();
  readonly #memo: SummaryMemo;
  readonly #root: string;
  readonly #seen = new Set<string>();
  readonly #summaries = new Map<string, ModuleSummary>();

  constructor(root: string, memo: SummaryMemo) {
    this.#root = root;
    this.#memo = memo;
  }

  /** Follows one exported name of a module; `*` takes all of them. */
  follow(file: string, name: string): void {
    const key = `${file}\0${name}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const summary = this.#summary(file);
    if (!this.#seen.has(file)) {
      this.#seen.add(file);
      for (const from of summary.effects) this.#import(file, from, '*');
      summary.declarations.forEach((declaration, index) => {
        if (declaration.effect) this.#declaration(file, summary, index);
      });
    }
    if (name === '*') {
      for (const exported of [...Object.keys(summary.exports), ...Object.keys(summary.passedOn)])
        this.follow(file, exported);
      for (const from of summary.star) this.#import(file, from, '*');
      return;
    }
    const passed = summary.passedOn[name];
    if (passed !== undefined) this.#import(file, passed.from, passed.name);
    else if (summary.exports[name] !== undefined) this.#local(file, summary, summary.exports[name]);
    else for (const from of summary.star) this.#import(file, from, name);
  }

  #local(file: string, summary: ModuleSummary, name: string): void {
    const index = summary.declarations.findIndex((declaration) => declaration.names.includes(name));
    if (index >= 0) this.#declaration(file, summary, index);
    const imported = Object.hasOwn(summary.imports, name) ? summary.imports[name] : undefined;
    if (imported !== undefined) this.#import(file, imported.from, imported.name);
  }

  #declaration(file: string, summary: ModuleSummary, index: number): void {
    const key = `${file}\0declaration ${index}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const declaration = summary.declarations[index];
    if (declaration === undefined) return;
    const module = relative(this.#root, file)
      .split(sep)
      .join('/')
      .replace(/\.[mc]?[jt]s$/, '');
    const found = this.reached.get(module) ?? new Map<string, string>();
    this.reached.set(module, found);
    found.set(declaration.names.join(',') || `statement ${index}`, declaration.digest);
    for (const name of declaration.uses) this.#local(file, summary, name);
    for (const from of declaration.dynamicImports) this.#import(file, from, '*');
  }

  #import(file: string, from: string, name: string): void {
    if (from.startsWith('node:') || from.startsWith('data:')) return;
    if (from.startsWith('.') || from.startsWith('/')) this.follow(resolve(dirname(file), from), name);
    else this.#package(file, from);
  }

  #package(file: string, specifier: string): void {
    const name = specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
    if (this.packages.has(name)) return;
    for (const folder of createRequire(file).resolve.paths(name) ?? []) {
      try {
        const manifest = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { version?: string };
        this.packages.set(name, manifest.version ?? '');
        return;
      } catch {
        // Not in this node_modules; the next one up may have it.
      }
    }
    this.packages.set(name, 'not installed');
  }

  #summary(file: string): ModuleSummary {
    const known = this.#summaries.get(file);
    if (known !== undefined) return known;
    const stamp = stampOf(file);
    const remembered = this.#memo[file];
    const summary = remembered?.stamp === stamp ? remembered.summary : summarise(javascript(file));
    this.#memo[file] = { stamp, summary };
    this.#summaries.set(file, summary);
    return summary;
  }
}

function javascript(file: string): string {
  const source = readFileSync(file, 'utf8');
  if (!/\.[mc]?ts$/.test(file)) return source;
  const erased = eraseTypes(source);
  if (erased === undefined) throw new SyntaxError('this Node cannot read TypeScript by itself');
  return erased;
}

function sorted<Value>(entries: Iterable<readonly [string, Value]>): Record<string, Value> {
  return Object.fromEntries([...entries].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/**
 * The code closure of one export of a module. `root` is the folder that module names are relative to. `memo` is
 * brought up to date in place. A module that cannot be read or parsed is a failure.
 */
export function codeClosure(file: string, name: string, root: string, memo: SummaryMemo): Result<CodeClosure> {
  const walk = new Walk(root, memo);
  try {
    walk.follow(file, name);
  } catch (problem) {
    return err(failure('closure', `cannot read the code of ${relative(root, file)}: ${(problem as Error).message}`));
  }
  const modules = sorted([...walk.reached].map(([module, declarations]) => [module, sorted(declarations)] as const));
  return ok({ modules, packages: sorted(walk.packages) });
}
