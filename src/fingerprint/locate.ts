import { statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CodeFiles } from './code-files.ts';
import { type Manifest, mappedTarget } from './package-manifest.ts';
import type { PackageFolders } from './packages.ts';

/** Whether a file is a module with code in it; all others are data. */
export function isCode(file: string): boolean {
  return /\.[mc]?[jt]s$/.test(file);
}

/** What a module name in the source leads to. */
export type Located =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'package'; readonly name: string; readonly specifier: string }
  /** One of Node's modules, or one whose text is in its name. */
  | { readonly kind: 'fixed'; readonly specifier: string }
  | { readonly kind: 'folder' }
  | { readonly kind: 'missing' };

/** Finds modules as Node does, by the rules of `import` or `require`. */
export class Locator {
  readonly #files: CodeFiles;
  readonly #packages: PackageFolders;
  readonly #known = new Map<string, Map<string, Located>>();
  readonly #paths = new Map<string, Located>();
  readonly #scopes = new Map<string, { folder: string; manifest: Manifest } | undefined>();

  constructor(files: CodeFiles, packages: PackageFolders) {
    this.#files = files;
    this.#packages = packages;
  }

  /** Where `from`, standing in `file`, leads to. */
  locate(file: string, from: string, how: 'import' | 'require' | 'file'): Located {
    const known = this.#known.get(file) ?? new Map<string, Located>();
    this.#known.set(file, known);
    const key = how === 'import' ? from : `${how} ${from}`;
    const located = known.get(key) ?? this.#find(dirname(file), file, from, how);
    known.set(key, located);
    return located;
  }

  #find(folder: string, file: string, from: string, how: 'import' | 'require' | 'file'): Located {
    if (how !== 'file') {
      if (isBuiltin(from)) return { kind: 'fixed', specifier: from.startsWith('node:') ? from : `node:${from}` };
      if (from.startsWith('#')) return this.#internal(folder, from, how);
      if (!/^\.{0,2}\/|^\.{1,2}$|^[a-z]+:/i.test(from)) return this.#package(folder, from, how);
    }
    if (/^(?!file:)[a-z]{2,}:/i.test(from)) return { kind: 'fixed', specifier: from };
    return how === 'require' ? required(file, from) : this.#existing(pathOf(file, from));
  }

  /** A package that is around the asking module is the project itself: its `exports` lead to modules of its own. */
  #package(folder: string, from: string, how: 'import' | 'require'): Located {
    const name = from
      .split('/')
      .slice(0, from.startsWith('@') ? 2 : 1)
      .join('/');
    const scope = this.#scope(folder);
    if (scope?.manifest.name === name && scope.manifest.exports !== undefined) {
      const target = mappedTarget(scope.manifest.exports, `.${from.slice(name.length)}`, how);
      return target === undefined ? { kind: 'missing' } : this.#existing(join(scope.folder, target));
    }
    const found = this.#packages.of(name, folder);
    if (found !== undefined && `${folder}${sep}`.startsWith(`${found}${sep}`))
      return required(join(folder, 'x.js'), from);
    return { kind: 'package', name, specifier: from };
  }

  #internal(folder: string, from: string, how: 'import' | 'require'): Located {
    const scope = this.#scope(folder);
    const target = scope === undefined ? undefined : mappedTarget(scope.manifest.imports, from, how);
    if (scope === undefined || target === undefined) return { kind: 'missing' };
    return target.startsWith('.')
      ? this.#existing(join(scope.folder, target))
      : this.#find(scope.folder, join(scope.folder, 'package.json'), target, how);
  }

  #existing(path: string): Located {
    const located = this.#paths.get(path) ?? existing(path, this.#files);
    this.#paths.set(path, located);
    return located;
  }

  /** The nearest package.json. */
  #scope(folder: string): { folder: string; manifest: Manifest } | undefined {
    if (!this.#scopes.has(folder)) {
      const manifest = this.#files.manifest(join(folder, 'package.json'));
      const above = dirname(folder);
      const outer = above === folder ? undefined : this.#scope(above);
      this.#scopes.set(folder, manifest === undefined ? outer : { folder, manifest });
    }
    return this.#scopes.get(folder);
  }
}

/** A relative name without what is not part of the path; one with escapes is read as the URL that it is. */
function pathOf(file: string, from: string): string {
  return /[%?#:]/.test(from) ? fileURLToPath(new URL(from, pathToFileURL(file))) : resolve(dirname(file), from);
}

function existing(path: string, files: CodeFiles): Located {
  try {
    const file = files.realPath(path);
    return isCode(path) || statSync(file).isFile() ? { kind: 'file', file } : { kind: 'folder' };
  } catch {
    return { kind: 'missing' };
  }
}

function required(file: string, from: string): Located {
  try {
    return { kind: 'file', file: createRequire(file).resolve(from) };
  } catch {
    return { kind: 'missing' };
  }
}
