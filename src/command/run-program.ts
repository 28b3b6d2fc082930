import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from '../errors/failure.ts';
import { readLines } from '../util/read-lines.ts';
import { err, ok, type Result } from '../util/result.ts';
import { programEnvironment } from './environment.ts';
import { programMistake } from './find-program.ts';
import type { GivenInput } from './inputs.ts';
import type { CommandParams } from './params.ts';
import { programFailure } from './program-failure.ts';
import { type ProgramProcess, shell, startProgram } from './program-process.ts';

export interface ProgramSetting {
  readonly params: CommandParams;
  readonly inputs: readonly GivenInput[];
  /** The project's root: the program's working folder. */
  readonly root: string;
  /** The pipeline's declared environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly seed: number;
  /** An empty folder for this program. */
  readonly work: string;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Lines of output that a failure shows. */
const tail = 20;

/** Characters of each that it shows. */
const width = 500;

/** Milliseconds from the request to end to the kill. */
const patience = 5000;

/** Runs the program to its end and returns the folder that it wrote into. Errors: it failed, is not there, took too long. */
export async function runProgram(setting: ProgramSetting): Promise<Result<string>> {
  const { params, root, work, log, signal } = setting;
  const output = join(work, 'output');
  mkdirSync(output, { recursive: true });
  const env = environmentOf(setting, output);
  const program = typeof params.run === 'string' ? shell : (params.run[0] ?? '');
  const mistake = programMistake(program, root, env['PATH']);
  if (mistake !== undefined) return err(mistake);
  const running = startProgram(params.run, { cwd: root, env });
  let last: string[] = [];
  for (const stream of [running.process.stdout, running.process.stderr]) {
    if (stream === null) continue;
    readLines(stream, (lines) => {
      log(lines.join('\n'));
      last = [...last, ...lines.slice(-tail).map((line) => line.slice(0, width))].slice(-tail);
    });
  }
  const limits = limit(running, params.timeout, signal);
  const ended = await running.ended;
  const stopped = limits.lift();
  const detail = last.length === 0 ? undefined : last.join('\n');
  if (stopped === 'timeout')
    return err(
      failure('command-timeout', `the program took longer than its ${params.timeout} s`, {
        hint: 'give it more with timeout:',
        detail,
      }),
    );
  if (stopped === 'stopped') return err(failure('interrupted', 'the run was stopped', { detail }));
  return ended.exitCode === 0 ? ok(output) : err(programFailure(program, ended, last));
}

/** Ends the program when its time is over, the run is stopped, or this process ends; `lift` says which it was. */
function limit(running: ProgramProcess, seconds: number | undefined, signal: AbortSignal) {
  let stopped: 'timeout' | 'stopped' | undefined;
  let killing: NodeJS.Timeout | undefined;
  const stop = (why: 'timeout' | 'stopped'): void => {
    if (stopped !== undefined) return;
    stopped = why;
    running.signalGroup('SIGTERM');
    killing = setTimeout(() => running.signalGroup('SIGKILL'), patience);
  };
  const onAbort = (): void => stop('stopped');
  const onExit = (): void => running.signalGroup('SIGKILL');
  signal.addEventListener('abort', onAbort, { once: true });
  process.once('exit', onExit);
  const timer = seconds === undefined ? undefined : setTimeout(() => stop('timeout'), seconds * 1000);
  return {
    lift: () => {
      clearTimeout(timer);
      clearTimeout(killing);
      signal.removeEventListener('abort', onAbort);
      process.removeListener('exit', onExit);
      return stopped;
    },
  };
}

function environmentOf({ env, inputs, params, seed, work }: ProgramSetting, output: string): Record<string, string> {
  const file = (name: string, content: unknown): string => {
    const path = join(work, name);
    writeFileSync(path, `${JSON.stringify(content, null, 1)}\n`);
    return path;
  };
  return programEnvironment(process.env, env, {
    ...Object.fromEntries(inputs.map(({ variable, path }) => [variable, path])),
    PIPE_INPUTS: file('inputs.json', inputs),
    PIPE_PARAMS: file('params.json', params.params ?? {}),
    PIPE_OUTPUT: output,
    PIPE_SEED: String(seed),
  });
}
