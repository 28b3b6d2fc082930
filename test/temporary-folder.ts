import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the whole run one temporary folder, in which the tests make theirs, and removes it with all that they left. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-tests-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
