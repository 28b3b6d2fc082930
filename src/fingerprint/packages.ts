import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { sha256 } from '../util/sha256.ts';
import type { CodeFiles } from './code-files.ts';

/** A package folder that was reached. */
interface Installed {
  readonly name: string;
  /** Version, with what tells two contents of one version apart. */
  readonly content: string;
  readonly dependents: Set<string>;
}

/** Finds the folders of packages as Node does, each once. */
export class PackageFolders {
  readonly #files: CodeFiles;
  readonly #known = new Map<string, Map<string, string | undefined>>();

  constructor(files: CodeFiles) {
    this.#files = files;
  }

  /** The folder that Node finds a package in, from a folder of the code that asks; undefined where there is none. */
  of(name: string, from: string): string | undefined {
    const known = this.#known.get(from) ?? new Map<string, string | undefined>();
    this.#known.set(from, known);
    if (!known.has(name)) known.set(name, this.#find(name, from));
    return known.get(name);
  }

  #find(name: string, from: string): string | undefined {
    const folder = join(from, 'node_modules', name);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return realpathSync.native(folder);
    const above = dirname(from);
    return above === from ? undefined : this.of(name, above);
  }

  /** Whether loading the package may do something although nothing of it is used. */
  hasEffects(name: string, from: string): boolean {
    const folder = this.of(name, from);
    return folder !== undefined && this.#files.manifest(join(folder, 'package.json'))?.effects !== false;
  }
}

/** The npm packages that code reaches, with all that they depend on. */
export class Packages {
  /** Files of packages that are the user's own code, with their digests. */
  readonly ownFiles = new Map<string, string>();
  readonly #files: CodeFiles;
  readonly #folders: PackageFolders;
  readonly #reached = new Map<string, Installed>();

  constructor(files: CodeFiles, folders: PackageFolders) {
    this.#files = files;
    this.#folders = folders;
  }

  /** Takes a package in, and what it depends on. `dependent` is who asks for it. */
  add(name: string, from: string, dependent = 'the project'): void {
    const folder = this.#folders.of(name, from);
    const key = `${folder ?? ''}\0${name}`;
    const known = this.#reached.get(key);
    if (known !== undefined) {
      known.dependents.add(dependent);
      return;
    }
    const content = folder === undefined ? 'not installed' : this.#content(name, folder);
    this.#reached.set(key, { name, content, dependents: new Set([dependent]) });
    const manifest = folder === undefined ? undefined : this.#files.manifest(join(folder, 'package.json'));
    if (folder === undefined || manifest === undefined) return;
    const label = `${name}@${manifest.version}`;
    for (const needed of manifest.required) this.add(needed, folder, label);
    for (const wanted of manifest.optional) {
      const found = this.#folders.of(wanted, folder);
      // The builds of one package for each system go with its version: another machine has others, and the same results.
      const build = found !== undefined && this.#files.manifest(join(found, 'package.json'))?.platform === true;
      if (found !== undefined && !build) this.add(wanted, folder, label);
    }
  }

  #content(name: string, folder: string): string {
    const manifest = this.#files.manifest(join(folder, 'package.json'));
    const version = manifest?.version ?? '';
    const called = manifest === undefined || manifest.name === name || manifest.name === '' ? '' : `${manifest.name}@`;
    const installed = folder.split(sep).includes('node_modules') && manifest !== undefined;
    const origin = installed ? this.#origin(folder) : this.#ownContent(folder);
    return `${called}${version}${origin === '' ? '' : ` ${origin}`}`;
  }

  /** For a package that came from git or from a file: its commit or digest, from npm's hidden lock file. */
  #origin(folder: string): string {
    const parts = folder.split(`${sep}node_modules${sep}`);
    for (let depth = 1; depth < parts.length; depth++) {
      const project = parts.slice(0, depth).join(`${sep}node_modules${sep}`);
      const origins = this.#files.origins(join(project, 'node_modules', '.package-lock.json'), originsOf);
      const found = origins?.[relative(project, folder).split(sep).join('/')];
      if (found !== undefined) return found;
    }
    return '';
  }

  /** A linked package is the user's own code, which changes without a new version: all its files count. */
  #ownContent(folder: string): string {
    const digests = this.#filesIn(folder, '').map(([name, path]) => {
      const digest = this.#files.digest(path);
      this.ownFiles.set(path, digest);
      return `${name}\0${digest}`;
    });
    return sha256(digests.join('\n'));
  }

  #filesIn(folder: string, prefix: string): [string, string][] {
    const entries = readdirSync(folder, { withFileTypes: true }).filter(
      ({ name }) => name !== 'node_modules' && name !== '.git',
    );
    return entries
      .sort((left, right) => (left.name < right.name ? -1 : 1))
      .flatMap((entry): [string, string][] => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return isStore(path) ? [] : this.#filesIn(path, `${prefix}${entry.name}/`);
        const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
        return isFile ? [[`${prefix}${entry.name}`, path]] : [];
      });
  }

  /**
   * Name → version. Where two versions of one name are reached, `name@version` → version and who depends on it, for
   * the same two versions can change places.
   */
  entries(): Map<string, string> {
    const byName = new Map<string, Installed[]>();
    for (const one of this.#reached.values()) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
    const entries = new Map<string, string>();
    for (const [name, all] of byName) {
      const contents = [...new Set(all.map(({ content }) => content))];
      for (const content of contents) {
        const same = all.filter((one) => one.content === content);
        const dependents = [...new Set(same.flatMap((one) => [...one.dependents]))].sort();
        if (contents.length === 1) entries.set(name, content);
        else entries.set(`${name}@${content}`, `${content} for ${dependents.join(', ')}`);
      }
    }
    return entries;
  }
}

/** A store that lies in a linked package changes with each run, and is no code. */
function isStore(folder: string): boolean {
  return existsSync(join(folder, 'cas')) && existsSync(join(folder, 'records'));
}

function originsOf(text: string): Record<string, string> {
  let packages: unknown;
  try {
    packages = (JSON.parse(text) as { packages?: unknown }).packages;
  } catch {
    return {};
  }
  const entries = Object.entries((packages ?? {}) as Record<string, { resolved?: unknown; integrity?: unknown }>);
  return Object.fromEntries(
    entries.flatMap(([folder, { resolved, integrity }]): [string, string][] => {
      if (typeof resolved !== 'string') return [];
      if (resolved.startsWith('git')) return [[folder, resolved.split('#').at(-1) ?? resolved]];
      return resolved.startsWith('file:') && typeof integrity === 'string' ? [[folder, integrity]] : [];
    }),
  );
}
