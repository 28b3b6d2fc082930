import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Reads on in a file that grows line by line, from where the reading before has ended; a line that is not whole yet waits. */
export class LineReader<Line> {
  readonly #path: string;
  readonly #parse: (text: string) => Line | undefined;
  readonly #decoder = new StringDecoder('utf8');
  readonly #buffer = Buffer.alloc(1 << 16);
  #offset = 0;
  #rest = '';

  constructor(path: string, parse: (text: string) => Line | undefined) {
    this.#path = path;
    this.#parse = parse;
  }

  /** The lines that came since, those that can be parsed; none where there is no file (yet, or any more). */
  *read(): Generator<Line> {
    let file: number;
    try {
      file = openSync(this.#path, 'r');
    } catch {
      return;
    }
    try {
      for (;;) {
        const count = readSync(file, this.#buffer, 0, this.#buffer.length, this.#offset);
        if (count === 0) return;
        this.#offset += count;
        const lines = (this.#rest + this.#decoder.write(this.#buffer.subarray(0, count))).split('\n');
        this.#rest = lines.pop() ?? '';
        for (const text of lines) {
          const line = this.#parse(text);
          if (line !== undefined) yield line;
        }
      }
    } finally {
      closeSync(file);
    }
  }
}
