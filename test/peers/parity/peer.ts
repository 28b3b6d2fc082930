import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Numbers as a program in Python reads and writes them: little-endian, without a header. */
export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;

/** What is asked of a program: `request.json` and files of numbers, side by side in a folder. */
export interface Question {
  readonly request: unknown;
  readonly files?: Readonly<Record<string, Numbers>>;
}

/** What a program answered: the JSON lines that it printed, and the files that it wrote into the folder. */
export interface Answer<Line> {
  readonly lines: readonly Line[];
  readonly floats: (file: string) => Float32Array;
}

/** Runs a program of this folder with the Python that PIPE_KERAS_PYTHON names, in a temporary folder of its own. */
export async function ask<Line>(program: string, question: Question): Promise<Answer<Line>> {
  const python = process.env['PIPE_KERAS_PYTHON'];
  if (python === undefined) throw new Error('PIPE_KERAS_PYTHON is not set: run test/peers/parity/run.sh');
  const folder = mkdtempSync(join(tmpdir(), 'pipe-parity-'));
  try {
    writeFileSync(join(folder, 'request.json'), JSON.stringify(question.request));
    for (const [name, values] of Object.entries(question.files ?? {}))
      writeFileSync(join(folder, name), new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    const path = fileURLToPath(new URL(program, import.meta.url));
    const { stdout } = await promisify(execFile)(python, [path, folder], {
      maxBuffer: 2 ** 28,
      env: { ...process.env, KERAS_BACKEND: 'tensorflow', TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '-1' },
    });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const names = [...new Set(lines.flatMap((line) => (line as { readonly files?: readonly string[] }).files ?? []))];
    const contents = new Map(names.map((name) => [name, readFloats(join(folder, name))]));
    const floats = (file: string): Float32Array => {
      const values = contents.get(file);
      if (values === undefined) throw new Error(`${program} wrote no file ${file}`);
      return values;
    };
    return { lines, floats };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readFloats(file: string): Float32Array {
  // A copy: the buffer of a small file is a part of a larger one, at any offset.
  return new Float32Array(Uint8Array.from(readFileSync(file)).buffer);
}
