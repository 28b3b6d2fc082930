import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { journalFile } from '../events/journal.ts';
import { makeFolder } from '../store/durable.ts';
import { storeLayout } from '../store/layout.ts';
import { ulid } from '../util/ulid.ts';
import { exitCodes } from './command-line.ts';
import { thisProgram } from './this-program.ts';

/** File in a run's folder that takes what a run without a terminal prints. */
export const outputFile = 'output.txt';

const lookEvery = 50;

/**
 * Starts the same command line again as a process of its own that goes on when the terminal closes, and comes back when its run has
 * begun. The exit code is that of the beginning: a run that ends before it has a journal is told with its words.
 */
export async function detach(argv: readonly string[], store: string): Promise<number> {
  const run = ulid();
  const folder = storeLayout(store).run(run);
  makeFolder(folder);
  const file = join(folder, outputFile);
  const output = openSync(file, 'a');
  const [program = '', ...first] = thisProgram();
  const args = [...first, ...argv.filter((word) => word !== '--detach'), '--as-run', run];
  const child = spawn(program, args, { detached: true, stdio: ['ignore', output, output] });
  let ended: number | undefined;
  child.on('exit', (code) => {
    ended = code ?? exitCodes.failed;
  });
  while (ended === undefined && !existsSync(join(folder, journalFile))) await delay(lookEvery);
  if (ended !== undefined && !existsSync(join(folder, journalFile))) {
    process.stderr.write(readFileSync(file, 'utf8'));
    return ended;
  }
  child.unref();
  process.stdout.write(
    [
      `The run ${run} goes on by itself, as process ${child.pid}; what it prints is in ${file}.`,
      '',
      `  pipe watch ${run}    follow it`,
      `  pipe status ${run}   how far it is`,
      `  pipe cancel ${run}   stop it`,
      '',
    ].join('\n'),
  );
  return exitCodes.done;
}
