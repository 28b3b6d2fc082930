import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** A log that is read on as it grows. */
export interface LogTail {
  /** The whole lines that came since; at the end of the job also a last one without a line feed. */
  read(atEnd: boolean): Generator<string>;
}

const pieceBytes = 1 << 16;
/** Bytes at the end of a log in which its last lines are looked for. */
const tailBytes = 16 * 1024 * 1024;

/**
 * Reads a log line by line, so that no character and no escape sequence is cut; with `last`, from so many lines before its end. A
 * log that is not there (yet) has no lines.
 */
export function openLogTail(path: string, last?: number): LogTail {
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(pieceBytes);
  let offset: number | undefined;
  let rest = '';
  return {
    *read(atEnd) {
      let file: number;
      try {
        file = openSync(path, 'r');
      } catch {
        return;
      }
      try {
        offset ??= last === undefined ? 0 : startOfLast(file, last);
        for (;;) {
          const count = readSync(file, buffer, 0, buffer.length, offset);
          if (count === 0) break;
          offset += count;
          const lines = (rest + decoder.write(buffer.subarray(0, count))).split('\n');
          rest = lines.pop() ?? '';
          yield* lines;
        }
        if (!atEnd || rest === '') return;
        yield rest;
        rest = '';
      } finally {
        closeSync(file);
      }
    },
  };
}

/** Where the last lines of a file begin. */
function startOfLast(file: number, lines: number): number {
  const { size } = fstatSync(file);
  const buffer = Buffer.alloc(Math.min(size, tailBytes));
  const begin = size - buffer.length;
  const bytes = buffer.subarray(0, readSync(file, buffer, 0, buffer.length, begin));
  const lineFeed = 10;
  let found = 0;
  // A line feed at the very end ends the last line, it begins none.
  for (let at = bytes.length - 2; at >= 0; at--) if (bytes[at] === lineFeed && ++found === lines) return begin + at + 1;
  return begin;
}
