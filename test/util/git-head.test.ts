import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitHead } from '../../src/util/git-head.ts';

const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { cwd: folder, encoding: 'utf8' }).trim();

function repository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-git-'));
  git(folder, 'init', '-q');
  return folder;
}

test('the commit that is checked out is found, loose, packed, detached, in a folder below and in a worktree', () => {
  const folder = repository();
  expect(gitHead(folder)).toBeUndefined();
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'one');
  const head = (at = folder): string => git(at, 'rev-parse', 'HEAD');
  mkdirSync(join(folder, 'below'));
  expect([gitHead(folder), gitHead(join(folder, 'below'))]).toEqual([head(), head()]);
  git(folder, 'pack-refs', '--all');
  expect(gitHead(folder)).toBe(head());
  const other = join(folder, 'other');
  git(folder, 'worktree', 'add', '-q', '-b', 'side', other);
  git(other, 'commit', '-q', '--allow-empty', '-m', 'two');
  expect(gitHead(other)).toBe(head(other));
  expect(gitHead(other)).not.toBe(head());
  git(folder, 'checkout', '-q', '--detach');
  expect(gitHead(folder)).toBe(head());
});
