import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CodeClosure, codeClosure } from '../../src/fingerprint/closure.ts';

export type Files = Readonly<Record<string, string>>;

/** A folder of its own with these files. */
export function makeProject(files: Files): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pipe-closure-')));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  return root;
}

/** The whole closure of a module of a project. */
export function closureOf(root: string, entry: string): CodeClosure {
  const result = codeClosure(join(root, entry), '*', root, {});
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** What is fingerprinted of the closure of a module in a project with these files. */
export function codeOf(files: Files, entry: string): Pick<CodeClosure, 'modules' | 'packages'> {
  const { modules, packages } = closureOf(makeProject(files), entry);
  return { modules, packages };
}
