import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Failure, failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { programEnvironment } from './environment.ts';
import type { GivenInput } from './inputs.ts';
import type { CommandParams } from './params.ts';

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

const tail = 20;
const patience = 5000;

/** Runs the program to its end and returns the folder that it wrote into. Errors: it failed, is not there, took too long. */
export async function runProgram(setting: ProgramSetting): Promise<Result<string>> {
  const { params, root, work, log, signal } = setting;
  const output = join(work, 'output');
  mkdirSync(output, { recursive: true });
  const program = typeof params.run === 'string' ? shell : (params.run[0] ?? '');
  const last: string[] = [];
  const [command, ...args] = commandLine(params.run);
  const running = spawn(command, args, {
    cwd: root,
    env: environmentOf(setting, output),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: what the program started ends with it.
    detached: true,
  });
  const endGroup = (how: NodeJS.Signals): void => {
    try {
      if (running.pid !== undefined) process.kill(-running.pid, how);
    } catch {
      // The group is gone already.
    }
  };
  let stopped: 'timeout' | 'stopped' | undefined;
  const stop = (why: 'timeout' | 'stopped'): void => {
    stopped ??= why;
    endGroup('SIGTERM');
    setTimeout(() => endGroup('SIGKILL'), patience).unref();
  };
  const onAbort = (): void => stop('stopped');
  const onExit = (): void => endGroup('SIGKILL');
  signal.addEventListener('abort', onAbort, { once: true });
  process.once('exit', onExit);
  const timer = params.timeout === undefined ? undefined : setTimeout(() => stop('timeout'), params.timeout * 1000);
  for (const stream of [running.stdout, running.stderr]) {
    readLines(stream, (line) => {
      log(line);
      last.push(line);
      if (last.length > tail) last.shift();
    });
  }
  const ended = await endOf(running);
  clearTimeout(timer);
  signal.removeEventListener('abort', onAbort);
  process.removeListener('exit', onExit);
  // What it left running in the background would write on after its end.
  endGroup('SIGKILL');
  if (ended.exitCode === 0 && stopped === undefined) return ok(output);
  return err(failureOf(setting, program, stopped, ended, last));
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

/** Comes back when the program has ended and all that it wrote was read. Not execa: it takes longer to load than most programs run. */
function endOf(running: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    running.on('error', (problem) => resolve({ code: (problem as { code?: string }).code }));
    running.on('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

const shell = '/bin/sh';

/** util-linux's setpriv, which can ask for a signal when the parent ends. */
const setpriv = '/usr/bin/setpriv';

/**
 * The program under a shell that is told when the worker ends, also by kill -9, and then ends the whole group: a
 * process that the program started would go on for nobody. Where setpriv is not there, the program alone.
 */
function commandLine(run: CommandParams['run']): [string, ...string[]] {
  const [program = '', ...args] = typeof run === 'string' ? [shell, '-c', run] : run;
  if (process.platform !== 'linux' || !existsSync(setpriv)) return [program, ...args];
  // A trap that does something is not inherited, as an ignored signal would be: the program gets SIGTERM as usual.
  const wait = 'while :; do wait $!; code=$?; kill -0 $! 2>/dev/null || exit $code; done';
  const keeper = `trap "kill -KILL 0" USR1; trap : TERM; "$@" & ${wait}`;
  return [setpriv, '--pdeathsig', 'USR1', '--', shell, '-c', keeper, 'sh', program, ...args];
}

function readLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream?.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}

interface Ended {
  readonly exitCode?: number | null;
  readonly signal?: NodeJS.Signals | null;
  readonly code?: string | undefined;
}

/** The shell's code for a program that is not there. */
const notFound = 127;

function failureOf(
  { params }: ProgramSetting,
  program: string,
  stopped: 'timeout' | 'stopped' | undefined,
  ended: Ended,
  last: readonly string[],
): Failure {
  const more = last.length === 0 ? {} : { detail: last.join('\n') };
  if (stopped === 'timeout')
    return failure('command-timeout', `the program took longer than its ${params.timeout} s`, {
      hint: 'give it more with timeout:',
      ...more,
    });
  if (stopped === 'stopped') return failure('interrupted', 'the run was stopped', more);
  const missing = ended.code === 'ENOENT' || (ended.exitCode === notFound && typeof params.run !== 'string');
  if (missing)
    return failure('command-missing', `there is no program ${program} on PATH`, {
      hint: 'install it, or give the path of the program',
      ...more,
    });
  const how =
    (ended.signal ?? undefined) === undefined
      ? `ended with exit code ${ended.exitCode}`
      : `was ended by ${ended.signal}`;
  return failure('command-failed', `${program} ${how}`, more);
}
