import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { harmless } from '../terminal/format.ts';

/** A piece of a log that grows. */
export interface LogPiece {
  /** Whole lines, without what steers terminals. */
  readonly lines: readonly string[];
  /** Where to read on, in bytes. */
  readonly next: number;
  /** Bytes before the piece that were left out. */
  readonly skipped: number;
}

/** At most so much is read at once. */
const pieceBytes = 128 * 1024;
const lineFeed = 10;

/**
 * The whole lines of a log from a place on, or its last ones. A log that is not there (yet) has none. A line longer than a piece
 * comes in pieces.
 */
export function readLogPiece(path: string, from: number | undefined): LogPiece {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return { lines: [], next: 0, skipped: 0 };
  }
  try {
    const { size } = fstatSync(file);
    const asked = from === undefined || from > size ? undefined : from;
    const begin = asked ?? Math.max(0, size - pieceBytes);
    const buffer = Buffer.alloc(Math.min(pieceBytes, size - begin));
    const bytes = buffer.subarray(0, readSync(file, buffer, 0, buffer.length, begin));
    const last = bytes.lastIndexOf(lineFeed) + 1;
    const end = last === 0 && bytes.length === pieceBytes ? bytes.length : last;
    // The last lines begin behind the first line feed, where the log is longer.
    const start = asked === undefined && begin > 0 ? bytes.indexOf(lineFeed) + 1 : 0;
    const text = bytes.toString('utf8', start, Math.max(start, end));
    const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n').map(harmless);
    return { lines, next: begin + Math.max(start, end), skipped: begin + start };
  } finally {
    closeSync(file);
  }
}
