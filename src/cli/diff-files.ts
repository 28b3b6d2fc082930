import { Worker } from 'node:worker_threads';
import type { ArtifactDiff } from '../diff/artifact-diff.ts';
import type { Tolerance } from '../diff/column-diff.ts';
import type { RunDiff } from '../diff/run-diff.ts';
import { type Failure, failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';

/** What the thread answers. */
export type FileAnswer = { readonly diff: ArtifactDiff } | { readonly problem: Failure };

/** Milliseconds after which a file is taken for one that no reader gets through. */
const deadline = 120_000;

/**
 * Compares two Arrow files that may come from anywhere: in a thread of its own, which is ended when it takes too long (a crafted
 * file can make the parser turn round for ever). Errors: a file that is no whole Arrow file, that has columns of types which
 * artifacts do not have, or that takes too long.
 */
export async function diffFiles(
  first: string,
  second: string,
  { absolute, relative }: Tolerance,
  patience = deadline,
): Promise<Result<RunDiff>> {
  const file = new URL(
    import.meta.url.endsWith('.ts') ? './diff-files-thread.ts' : './diff-files-thread.js',
    import.meta.url,
  );
  const thread = new Worker(file, { workerData: { first, second, tolerance: { absolute, relative } } });
  const answer = await new Promise<FileAnswer>((resolve) => {
    const late = setTimeout(() => {
      void thread.terminate();
      const hint = 'they are damaged, or made to keep a reader busy';
      resolve({ problem: failure('diff-late', `the files were not read within ${patience / 1000} s`, { hint }) });
    }, patience);
    const end = (one: FileAnswer): void => {
      clearTimeout(late);
      resolve(one);
    };
    thread.once('message', end);
    thread.once('error', (problem) =>
      end({ problem: failure('diff-file', `the files cannot be compared: ${problem.message}`) }),
    );
  });
  await thread.terminate();
  if ('problem' in answer) return err(answer.problem);
  const { diff } = answer;
  const status = diff.same ? 'same' : 'changed';
  const outputs = diff.same ? [] : [{ slot: '', type: diff.type, digests: [undefined, undefined] as const, diff }];
  return ok({ causes: [], stages: [{ stage: `${first} → ${second}`, status, outputs }] });
}
