import { type Failure, failure } from '../errors/failure.ts';
import type { Store } from '../store/store.ts';
import type { Task } from './task.ts';

/**
 * What changed under a job while it ran: then nobody knows what it has read, and its result is not kept. Files outside
 * the store may be edited at any time; an artifact only by somebody who forces it.
 */
export async function changedInputs({ hashes, layout }: Store, task: Task): Promise<Failure | undefined> {
  const blobs = [...new Set(Object.values(task.inputs).flatMap((list) => list.map(({ digest }) => digest)))];
  const { files } = task.told;
  const named = { ...files, ...Object.fromEntries(blobs.map((digest) => [digest, layout.blob(digest)])) };
  const wanted = { ...task.externalDigests, ...Object.fromEntries(blobs.map((digest) => [digest, digest])) };
  for (const [name, path] of Object.entries(named)) {
    let now: string | undefined;
    try {
      now = (await hashes.digestAll({ [name]: path }))[name];
    } catch {
      // A file that is gone counts as changed.
    }
    if (now === wanted[name]) continue;
    const what = Object.hasOwn(files, name) ? name : `the artifact ${name.slice(0, 12)}`;
    return failure('input-changed', `${what} was changed while the job read it; the result was not kept`, {
      hint: 'run again',
    });
  }
  return undefined;
}
