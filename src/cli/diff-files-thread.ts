import { parentPort, workerData } from 'node:worker_threads';
import { openArtifact } from '../artifact/reader.ts';
import { diffArtifacts } from '../diff/artifact-diff.ts';
import type { Tolerance } from '../diff/column-diff.ts';
import type { FileAnswer } from './diff-files.ts';

const { first, second, tolerance } = workerData as { first: string; second: string; tolerance: Tolerance };

function answer(): FileAnswer {
  const [one, other] = [openArtifact(first), openArtifact(second)];
  if (!one.ok) return { problem: one.error };
  if (!other.ok) return { problem: other.error };
  return { diff: diffArtifacts(one.value, other.value, tolerance) };
}

parentPort?.postMessage(answer());
