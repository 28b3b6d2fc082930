import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const standardError = 2;

/** Lines of level INFO, and the warning that logging is not set up yet: `I0000 00:00:1795417148.117821 12669 port.cc:153] …`. */
const chatter = /^(I\d{4} \d\d:\d\d:|WARNING: All log messages before absl::InitializeLog)/;

/** What is left of a text when TensorFlow's start-up chatter is taken out. */
export function withoutChatter(text: string): string {
  const lines = text.split(/(?<=\n)/);
  return lines.filter((line) => !chatter.test(line)).join('');
}

interface Descriptors {
  readonly duplicate: (descriptor: number) => number;
  readonly replace: (from: number, to: number) => number;
}

function openLibrary(): Descriptors | undefined {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const library = koffi.load('libc.so.6');
    return {
      duplicate: library.func('int dup(int descriptor)') as unknown as Descriptors['duplicate'],
      replace: library.func('int dup2(int from, int to)') as unknown as Descriptors['replace'],
    };
  } catch {
    // Without koffi the chatter is shown: a blemish, nothing is lost.
    return undefined;
  }
}

/**
 * Runs something that loads TensorFlow's library, without its start-up chatter on standard error. The library
 * prints it from a static initializer, before it reads TF_CPP_MIN_LOG_LEVEL, so that only the descriptor itself
 * can be turned away. All other lines come out afterwards.
 */
export function withoutStartUpChatter<Value>(action: () => Value): Value {
  const library = openLibrary();
  if (library === undefined) return action();
  const file = path.join(tmpdir(), `pipe-stderr-${process.pid}`);
  let sink: number;
  try {
    sink = openSync(file, 'wx+', 0o600);
  } catch {
    return action();
  }
  const saved = library.duplicate(standardError);
  library.replace(sink, standardError);
  try {
    return action();
  } finally {
    library.replace(saved, standardError);
    closeSync(saved);
    closeSync(sink);
    const rest = withoutChatter(readFileSync(file, 'utf8'));
    rmSync(file, { force: true });
    if (rest !== '') writeSync(standardError, rest);
  }
}
