import { relative, sep } from 'node:path';
import type { CodeFiles } from './code-files.ts';
import { type Entry, layout, type Place } from './effects.ts';
import { isCode, type Located, type Locator } from './locate.ts';
import type { ModuleSummary } from './module-summary.ts';

/** What stands behind a name: a declaration of a file (`*`: the whole file), or something outside of the project. */
export type Target =
  | { readonly file: string; readonly local: string }
  | { readonly located: Extract<Located, { specifier: string }>; readonly from: string; readonly name: string };

/** The modules of a project: what they declare, and which declaration a name in one of them stands for. */
export class ModuleGraph {
  readonly #files: CodeFiles;
  readonly #locator: Locator;
  readonly #root: string;
  readonly #names = new Map<string, string>();
  readonly #layouts = new Map<string, readonly Entry[]>();

  constructor(root: string, files: CodeFiles, locator: Locator) {
    this.#root = root;
    this.#files = files;
    this.#locator = locator;
  }

  /** The name of a module in the closure: its path from the root. */
  nameOf(file: string): string {
    const name = this.#names.get(file) ?? relative(this.#root, file).split(sep).join('/').replace(/\.js$/, '');
    this.#names.set(file, name);
    return name;
  }

  summary(file: string): ModuleSummary {
    return this.#files.module(file).summary;
  }

  /** Keys and values of the module's declarations, in their order. */
  layout(file: string): readonly Entry[] {
    const known = this.#layouts.get(file) ?? layout(file, this.summary(file), (from, name) => this.#places(from, name));
    this.#layouts.set(file, known);
    return known;
  }

  /** Where an import statement leads to. What it names must be there, or nothing runs at all. */
  imported(file: string, from: string): Extract<Located, { kind: 'file' } | { specifier: string }> {
    const located = this.#locator.locate(file, from, 'import');
    if (located.kind === 'missing' || located.kind === 'folder')
      throw new Error(`${this.nameOf(file)} imports ${from}, which is not there`);
    return located;
  }

  /** What stands behind an exported name. */
  exportTargets(file: string, name: string, seen: ReadonlySet<string> = new Set()): readonly Target[] {
    if (!isCode(file) || name === '*') return [{ file, local: '*' }];
    const summary = this.summary(file);
    const key = `${file}\0${name}`;
    if (seen.has(key)) return [];
    const visited = new Set(seen).add(key);
    const passed = own(summary.passedOn, name);
    if (passed !== undefined) return this.#throughImport(file, passed.from, passed.name, visited);
    const local = own(summary.exports, name);
    if (local !== undefined) {
      const imported = own(summary.imports, local);
      return imported === undefined
        ? [{ file, local }]
        : this.#throughImport(file, imported.from, imported.name, visited);
    }
    return summary.star.flatMap((from) => this.#throughImport(file, from, name, visited));
  }

  /** What an imported name, or `namespace.name`, stands for; undefined where the name is not imported. */
  importTargets(file: string, use: string): readonly Target[] | undefined {
    const dot = use.indexOf('.');
    const imported = own(this.summary(file).imports, dot < 0 ? use : use.slice(0, dot));
    if (imported === undefined) return undefined;
    return this.#throughImport(file, imported.from, dot < 0 ? imported.name : use.slice(dot + 1));
  }

  #throughImport(file: string, from: string, name: string, seen?: ReadonlySet<string>): readonly Target[] {
    const located = this.imported(file, from);
    return located.kind === 'file' ? this.exportTargets(located.file, name, seen) : [{ located, from: file, name }];
  }

  /** Declarations behind a local name, for the question whether calling it has effects. */
  #places(file: string, use: string): readonly Place[] | undefined {
    const targets = this.importTargets(file, use) ?? [{ file, local: use }];
    const places = targets.map((target) => {
      if (!('file' in target) || target.local === '*') return undefined;
      const { declarations } = this.summary(target.file);
      return declarations
        .filter(({ names }) => names.includes(target.local))
        .map((declaration) => ({ file: target.file, declaration }));
    });
    return places.includes(undefined) ? undefined : places.flatMap((some) => some ?? []);
  }

  /** Modules that a module loads before it runs itself, in order, itself last; with packages imported for effects. */
  loadOrder(file: string, seen = new Set<string>()): readonly { readonly file?: string; readonly bare?: string }[] {
    if (seen.has(file)) return [];
    seen.add(file);
    if (!isCode(file)) return [{ file }];
    const before = this.summary(file).sources.flatMap(({ from, bare }) => {
      const located = this.imported(file, from);
      if (located.kind === 'file') return this.loadOrder(located.file, seen);
      return bare ? [{ bare: from }] : [];
    });
    return [...before, { file }];
  }

  /** Those of them that do something when they are loaded: where there are two or more, their order counts. */
  effectOrder(file: string): readonly string[] {
    return this.loadOrder(file).flatMap((loaded) => {
      if (loaded.file === undefined) return loaded.bare === undefined ? [] : [loaded.bare];
      const acts = isCode(loaded.file) && this.layout(loaded.file).some(({ effect }) => effect);
      return acts ? [this.nameOf(loaded.file)] : [];
    });
  }
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
