import { execa } from 'execa';
import { failure } from '../errors/failure.ts';
import { readRun, runIds } from '../plan/runs.ts';
import type { Store } from '../store/store.ts';
import { err, ok, type Result } from '../util/result.ts';

/** The newest run that was made with a commit checked out, by anything that git calls a revision: main, HEAD~1, a tag. */
export async function findRunOfCommit(store: Store, revision: string): Promise<Result<string>> {
  const asked = await execa('git', ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], {
    reject: false,
  });
  if (asked.exitCode !== 0) {
    const why = asked.code === 'ENOENT' ? 'git is not installed' : `git knows no revision "${revision}" here`;
    return err(failure('git-revision', why, { hint: 'git log --oneline lists those that there are' }));
  }
  const commit = asked.stdout.trim();
  const found = runIds(store.layout).find((id) => readRun(store.layout, id)?.commit === commit);
  if (found !== undefined) return ok(found);
  const hint = 'check it out and run the pipeline there; runs of older versions of pipe do not know their commit';
  return err(failure('git-run', `no run of this store was made at ${revision} (${commit.slice(0, 12)})`, { hint }));
}
