import { realpathSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { SummaryMemo } from './code-files.ts';
import { CodeReading } from './code-reading.ts';
import type { Load } from './loads.ts';
import { isCode } from './locate.ts';
import type { ModuleGraph, Target } from './module-graph.ts';
import { Packages } from './packages.ts';

export type { SummaryMemo } from './code-files.ts';

/** What is fingerprinted of the code that can change what a stage kind does. */
export interface FingerprintedCode {
  /**
   * "stages/fit" → what is reached in it: "run" → digest of a declaration; "effect 1" → of a statement that runs when
   * the module is loaded; "import x", "export x" → what stands behind the name; "content" → digest of a data file.
   */
  readonly modules: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** npm packages that are reached, and what they depend on, with their versions. */
  readonly packages: Readonly<Record<string, string>>;
}

/** A file of the project that was visited. */
export interface CodeFile {
  /** SHA-256 of its bytes. */
  readonly digest: string;
  /** Only reached by dynamic import or read while running: not yet loaded when the kind's module is. */
  readonly lazy: boolean;
}

/** All code that can change what a stage kind does. Only `modules` and `packages` belong into a fingerprint. */
export interface CodeClosure extends FingerprintedCode {
  /** By real path. */
  readonly files: Readonly<Record<string, CodeFile>>;
  /** Imports whose module only the running program knows: "kinds/make: import(name)". */
  readonly unknown: readonly string[];
}

class Walk {
  readonly reached = new Map<string, Map<string, string>>();
  readonly unknown = new Set<string>();
  readonly packages: Packages;
  readonly #reading: CodeReading;
  readonly #graph: ModuleGraph;
  readonly #seen = new Map<string, Set<string>>();
  readonly #roots = new Set<string>();
  readonly #visited = new Map<string, string>();

  constructor(root: string, reading: CodeReading) {
    this.#reading = reading;
    this.#graph = reading.graph(root);
    this.packages = new Packages(reading.files, reading.folders);
  }

  /** Loads a module and takes some of its exports (`*`: all of them). */
  start(file: string, names: readonly string[]): void {
    this.#roots.add(file);
    this.#evaluate(file);
    for (const name of names) this.#follow(file, name);
  }

  /** Whether this is the first time that a thing is done for a file. */
  #once(file: string, thing: string): boolean {
    const done = this.#seen.get(file);
    if (done === undefined) this.#seen.set(file, new Set([thing]));
    else if (done.has(thing)) return false;
    else done.add(thing);
    return true;
  }

  #record(file: string, key: string, value: string): void {
    const module = this.#graph.nameOf(file);
    const found = this.reached.get(module) ?? new Map<string, string>();
    this.reached.set(module, found);
    found.set(key, value);
  }

  /** What loading a module runs: all modules that it imports, then its own effects. */
  #evaluate(file: string): void {
    if (!this.#once(file, 'evaluate')) return;
    if (!isCode(file)) {
      const digest = this.#reading.files.digest(file);
      this.#visited.set(file, digest);
      this.#record(file, 'content', digest);
      return;
    }
    this.#visited.set(file, this.#reading.files.module(file).digest);
    for (const { from, bare } of this.#graph.summary(file).sources) {
      const located = this.#graph.imported(file, from);
      if (located.kind === 'file') this.#evaluate(located.file);
      if (located.kind === 'fixed' && !located.specifier.startsWith('node:'))
        this.#record(file, `import ${from}`, from);
      if (located.kind === 'package' && (bare || this.#reading.folders.hasEffects(located.name, dirname(file))))
        this.packages.add(located.name, dirname(file));
    }
    this.#graph.layout(file).forEach((entry, index) => {
      if (entry.effect) this.#declaration(file, index);
    });
  }

  #follow(file: string, name: string): void {
    if (!this.#once(file, `follow ${name}`)) return;
    this.#evaluate(file);
    if (!isCode(file)) return;
    if (name !== '*') {
      for (const target of this.#graph.exportTargets(file, name)) this.#take(target);
      return;
    }
    const { exports, passedOn, star } = this.#graph.summary(file);
    for (const exported of [...Object.keys(exports), ...Object.keys(passedOn)]) {
      const targets = this.#graph.exportTargets(file, exported);
      this.#link(file, `export ${exported}`, targets);
      for (const target of targets) this.#take(target);
    }
    for (const from of star) {
      const located = this.#graph.imported(file, from);
      if (located.kind === 'file') this.#follow(located.file, '*');
      else this.#take({ located, from: file, name: '*' });
    }
  }

  #take(target: Target): void {
    if (!('file' in target)) {
      if (target.located.kind === 'package') this.packages.add(target.located.name, dirname(target.from));
    } else if (target.local === '*') this.#follow(target.file, '*');
    else {
      this.#evaluate(target.file);
      this.#local(target.file, target.local);
    }
  }

  /** Writes down what a name stands for, so that two names that change places show. */
  #link(file: string, key: string, targets: readonly Target[]): void {
    const texts = targets.map((target) => {
      if ('file' in target) return `${this.#graph.nameOf(target.file)}#${target.local}`;
      return `${target.located.specifier}#${target.name}`;
    });
    this.#record(file, key, texts.sort().join(' '));
  }

  #local(file: string, use: string): void {
    if (!this.#once(file, `local ${use}`)) return;
    this.#graph.summary(file).declarations.forEach(({ names }, index) => {
      if (names.includes(use)) this.#declaration(file, index);
    });
    const targets = this.#graph.importTargets(file, use);
    if (targets === undefined) return;
    this.#link(file, `import ${use}`, targets);
    for (const target of targets) this.#take(target);
  }

  #declaration(file: string, index: number): void {
    if (!this.#once(file, `declaration ${index}`)) return;
    const declaration = this.#graph.summary(file).declarations[index];
    const entry = this.#graph.layout(file)[index];
    if (declaration === undefined || entry === undefined) return;
    this.#record(file, entry.key, entry.value);
    for (const use of declaration.uses) this.#local(file, use);
    for (const load of declaration.loads) this.#load(file, load);
    for (const text of declaration.unknown) this.unknown.add(`${this.#graph.nameOf(file)}: ${text}`);
  }

  /** A module or file that running code asks for may be missing: the code may know what to do then. */
  #load(file: string, { how, from, names, elsewhere }: Load): void {
    const located = this.#reading.locator.locate(file, from, how);
    if (located.kind === 'package') {
      const here = this.#reading.folders.of(located.name, dirname(file)) !== undefined;
      if (here || elsewhere !== true) this.packages.add(located.name, dirname(file));
    }
    if (located.kind === 'missing') this.#record(file, `${how} ${from}`, 'missing');
    else if (located.kind === 'folder') this.unknown.add(`${this.#graph.nameOf(file)}: the folder ${from}`);
    else if (located.kind === 'file') {
      if (from.startsWith('#')) this.#record(file, `import ${from}`, this.#graph.nameOf(located.file));
      this.start(located.file, names);
    }
  }

  /** Where two modules or more do something when they are loaded, the order of their imports counts. */
  recordOrder(): void {
    for (const root of this.#roots) {
      const order = this.#graph.effectOrder(root);
      if (order.length > 1) this.#record(root, 'order of effects', order.join(', '));
    }
  }

  /** All files that were visited, by path. `entry` is the module that the walk began with. */
  visited(entry: string): Map<string, CodeFile> {
    const early = new Set(this.#graph.loadOrder(entry).map(({ file }) => file));
    const all = [...this.#visited, ...this.packages.ownFiles];
    return new Map(all.map(([file, digest]) => [file, { digest, lazy: !early.has(file) }]));
  }
}

function sorted<Value>(entries: ReadonlyMap<string, Value>): Record<string, Value> {
  return Object.fromEntries([...entries.keys()].sort().map((name) => [name, entries.get(name) as Value]));
}

/** Takes the code closure of one export of a module (`*` for all); `root` is the folder that module names are relative to. */
export type ReadClosure = (file: string, name: string, root: string) => Result<CodeClosure>;

/**
 * Reads the closures of several modules as the files are now, each file once: for one run. `memo` is brought up to
 * date in place. A module that cannot be read or parsed is a failure.
 */
export function closureReader(memo: SummaryMemo): ReadClosure {
  const reading = new CodeReading(memo);
  return (file, name, root) => {
    try {
      return ok(closureOf(real(file), name, real(root), reading));
    } catch (problem) {
      return err(failure('closure', `cannot read the code of ${relative(root, file)}: ${(problem as Error).message}`));
    }
  };
}

/** The closure of one module: `closureReader` for a single use. */
export function codeClosure(file: string, name: string, root: string, memo: SummaryMemo): Result<CodeClosure> {
  return closureReader(memo)(file, name, root);
}

function closureOf(entry: string, name: string, root: string, reading: CodeReading): CodeClosure {
  const walk = new Walk(root, reading);
  walk.start(entry, [name]);
  walk.recordOrder();
  const modules = sorted(new Map([...walk.reached].map(([module, found]) => [module, sorted(found)])));
  const packages = sorted(walk.packages.entries());
  return { modules, packages, files: sorted(walk.visited(entry)), unknown: [...walk.unknown].sort() };
}

/** The path without links, where there is one: modules are known by the files that they are. */
function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
