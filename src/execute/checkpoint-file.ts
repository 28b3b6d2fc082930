import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const digestLength = 32;

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/**
 * A job's checkpoint in a file. It is written beside and renamed, with its digest at the end, and not forced to the
 * disk: after a power cut it may be damaged, is then known to be, and the job starts anew. A checkpoint that cannot
 * be written costs time only, so that is logged and the job goes on.
 */
export function openCheckpoint(
  path: string,
  { workFolder, log }: { readonly workFolder: string; readonly log: (line: string) => void },
): { read(): Uint8Array | undefined; write(bytes: Uint8Array): void } {
  return {
    read: () => {
      let bytes: Buffer;
      try {
        bytes = readFileSync(path);
      } catch {
        return undefined;
      }
      const content = bytes.subarray(0, -digestLength);
      if (bytes.length > digestLength && digestOf(content).equals(bytes.subarray(-digestLength))) return content;
      log('the checkpoint is damaged; the job starts anew');
      return undefined;
    },
    write: (bytes) => {
      try {
        const temporary = join(workFolder, 'checkpoint');
        writeFileSync(temporary, Buffer.concat([bytes, digestOf(bytes)]));
        mkdirSync(dirname(path), { recursive: true });
        renameSync(temporary, path);
      } catch (problem) {
        log(`no checkpoint was written: ${problem instanceof Error ? problem.message : String(problem)}`);
      }
    },
  };
}
