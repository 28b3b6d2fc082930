import { basename } from 'node:path';
import { type Failure, failure } from '../errors/failure.ts';

/** Rows that were read: a label and the pixels of each. */
export interface CsvRows {
  readonly pixels: Uint8Array;
  readonly labels: Int32Array;
  /** Cells that were empty or not a number; their rows are not among the others. */
  readonly missing: number;
}

const comma = 0x2c;
const newline = 0x0a;
const zero = 0x30;
/** Text of a cell that is kept to tell what it is, and to show it. */
const longestCell = 40;
const missingCell = /^(?:|nan|na|n\/a|null|none)$/i;

/**
 * Scans CSV lines of a label and pixels, as bytes. The general parser csv-parse makes a string of each of the 91 million
 * cells of EMNIST ByClass's test split, which takes ten times as long and many times the memory. A cell is a whole number
 * (`3.0` and `"3"` count), or empty or NaN: then its row is left out and the cell counted. Chunks may end anywhere.
 */
export class CsvScanner {
  readonly #file: string;
  /** Cells in a row: the label and the pixels. */
  readonly #cells: number;
  #pixels: Uint8Array;
  #labels: number[] = [];
  #missing = 0;
  /** Cells of the line that are read already. */
  #cell = 0;
  #missingInRow = 0;
  #value = 0;
  #digits = 0;
  /** Text of a cell that has other characters than digits. */
  #text: string | undefined;
  #line: number;
  /** Bytes of the line before the cell. */
  #cellStart = 0;
  /** Bytes of the line before the chunk, or of the chunk before the line when negative. */
  #lineOffset = 0;
  #problem: Failure | undefined;

  constructor(options: {
    readonly file: string;
    readonly cells: number;
    /** Number of the first line that is scanned, from 1. */
    readonly firstLine: number;
    readonly expectedRows: number;
  }) {
    this.#file = options.file;
    this.#cells = options.cells;
    this.#line = options.firstLine;
    this.#pixels = new Uint8Array(Math.max(1, options.expectedRows) * (options.cells - 1));
  }

  /** Scans the next bytes of the file; a failure ends the scan. */
  push(chunk: Uint8Array): Failure | undefined {
    const end = chunk.length;
    let value = this.#value;
    let digits = this.#digits;
    for (let position = 0; position < end; position++) {
      const byte = chunk[position] as number;
      const digit = byte - zero;
      if (digit >= 0 && digit <= 9 && this.#text === undefined && digits < 9) {
        value = value * 10 + digit;
        digits++;
      } else if (byte === comma || byte === newline) {
        this.#endCell(value, digits);
        value = 0;
        digits = 0;
        this.#cellStart = this.#lineOffset + position + 1;
        if (byte === newline) {
          this.#endLine();
          this.#lineOffset = -(position + 1);
          this.#cellStart = 0;
        }
        if (this.#problem !== undefined) return this.#problem;
      } else {
        this.#text ??= digits === 0 ? '' : String(value);
        if (this.#text.length < longestCell) this.#text += String.fromCharCode(byte);
      }
    }
    this.#value = value;
    this.#digits = digits;
    this.#lineOffset += end;
    return undefined;
  }

  /** Ends the file, whose last line may have no line end. */
  finish(): Failure | CsvRows {
    this.push(Uint8Array.of(newline));
    if (this.#problem !== undefined) return this.#problem;
    const pixels = this.#pixels.subarray(0, this.#labels.length * (this.#cells - 1));
    return { pixels, labels: Int32Array.from(this.#labels), missing: this.#missing };
  }

  #endCell(value: number, digits: number): void {
    const cell = this.#cell++;
    if (this.#text !== undefined || digits === 0) {
      this.#endOddCell(cell);
      return;
    }
    this.#store(cell, value);
  }

  #store(cell: number, value: number): void {
    if (cell >= this.#cells) return;
    if (cell === 0) {
      this.#labels.push(value);
      return;
    }
    if (value > 255) this.#fail(`pixel ${cell} is ${value}`, 'pixels are whole numbers from 0 to 255');
    const index = (this.#labels.length - 1) * (this.#cells - 1) + cell - 1;
    if (index >= this.#pixels.length) this.#grow();
    this.#pixels[index] = value;
  }

  /** A cell that is not only digits: a number in another form, a missing one, or a failure. */
  #endOddCell(cell: number): void {
    const text = (this.#text ?? '').trim().replace(/^"(.*)"$/, '$1');
    this.#text = undefined;
    const number = /^\+?(\d{1,9})(?:\.0*)?$/.exec(text);
    if (number !== null) {
      this.#store(cell, Number(number[1]));
      return;
    }
    if (!missingCell.test(text)) {
      const what = cell === 0 ? 'the label' : `pixel ${cell}`;
      const range = cell === 0 ? 'labels are whole numbers' : 'pixels are whole numbers from 0 to 255';
      this.#fail(`${what} is ${JSON.stringify(text)}`, `${range}; an empty cell or NaN counts as missing`);
    }
    this.#missingInRow++;
    this.#store(cell, 0);
  }

  #endLine(): void {
    // A line without any text is no row: the last line end, or a blank line.
    const blank = this.#cell === 1 && this.#missingInRow === 1;
    if (blank) {
      this.#labels.pop();
    } else if (this.#cell !== this.#cells) {
      this.#cellStart = 0;
      this.#fail(
        `the line has ${this.#cell} cells, expected ${this.#cells}`,
        'a row is a label and its pixels; is the file cut off?',
      );
    } else if (this.#missingInRow > 0) {
      this.#missing += this.#missingInRow;
      this.#labels.pop();
    }
    this.#cell = 0;
    this.#missingInRow = 0;
    this.#line++;
  }

  #grow(): void {
    const larger = new Uint8Array(this.#pixels.length * 2);
    larger.set(this.#pixels);
    this.#pixels = larger;
  }

  /** Keeps the first problem. */
  #fail(message: string, hint: string): void {
    const location = { file: basename(this.#file), line: this.#line, column: this.#cellStart + 1 };
    this.#problem ??= failure('csv-cell', message, { location, hint });
  }
}
