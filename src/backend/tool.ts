import { execa } from 'execa';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { Environment } from './choice.ts';

/** A program and the arguments that always come first, as in `python3 -m pip`. */
export interface Tool {
  readonly command: readonly [string, ...string[]];
  /** First line of what it says about its version. */
  readonly version: string;
}

export interface ToolRun {
  readonly succeeded: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly folder?: string;
  readonly input?: string;
}

/** Runs a program to its end, without a shell. One that cannot be started counts as failed. */
export async function runTool(command: readonly [string, ...string[]], options: ToolOptions): Promise<ToolRun> {
  const [file, ...args] = command;
  const run = await execa(file, args, {
    env: options.env as Record<string, string>,
    extendEnv: false,
    reject: false,
    cancelSignal: options.signal,
    forceKillAfterDelay: 2000,
    stripFinalNewline: true,
    ...(options.folder === undefined ? {} : { cwd: options.folder }),
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
  });
  return { succeeded: !run.failed, stdout: run.stdout ?? '', stderr: run.stderr ?? '' };
}

/** The last lines of what a program said, for the detail of a failure. */
export function lastLines(run: ToolRun, count = 15): string {
  const text = run.stderr.trim() === '' ? run.stdout : run.stderr;
  return text.trim().split('\n').slice(-count).join('\n');
}

/** The failure of an interrupted set-up. */
export function interrupted(): Result<never> {
  return err(
    failure('interrupted', 'the set-up was interrupted', {
      hint: 'what is done is kept; the next start goes on from there',
    }),
  );
}

/** Runs a program; when it fails, the failure says what for and shows its last lines. */
export async function runOrFail(
  code: string,
  doing: string,
  command: readonly [string, ...string[]],
  options: ToolOptions & { readonly hint?: string },
): Promise<Result<string>> {
  const run = await runTool(command, options);
  if (run.succeeded) return ok(run.stdout);
  if (options.signal.aborted) return interrupted();
  return err(failure(code, `${doing} failed`, { detail: lastLines(run), hint: options.hint }));
}

/** The first of the commands that answers `--version`. */
async function firstTool(
  commands: readonly (readonly [string, ...string[]])[],
  options: ToolOptions,
): Promise<Tool | undefined> {
  for (const command of commands) {
    const run = await runTool([...command, '--version'], options);
    if (run.succeeded) return { command, version: run.stdout.split('\n')[0] ?? '' };
  }
  return undefined;
}

/** pip, however this machine calls it. */
export function findPip(options: ToolOptions): Promise<Tool | undefined> {
  return firstTool([['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']], options);
}

export function findPython(options: ToolOptions): Promise<Tool | undefined> {
  return firstTool([['python3'], ['python']], options);
}

export function findNpm(options: ToolOptions): Promise<Tool | undefined> {
  return firstTool([['npm']], { ...options, env: npmEnvironment(options.env) });
}

/** A C++17 compiler with its standard library: `$CXX` only, where that is set. */
export async function findCompiler(options: ToolOptions): Promise<Tool | undefined> {
  const asked = options.env['CXX']?.trim().split(/\s+/) ?? [];
  const [first, ...rest] = asked.filter((word) => word !== '');
  const commands: readonly (readonly [string, ...string[]])[] =
    first === undefined ? [['g++'], ['c++'], ['clang++']] : [[first, ...rest]];
  for (const command of commands) {
    const tool = await firstTool([command], options);
    if (tool === undefined) continue;
    const program = '#include <memory>\n#include <optional>\n#include <string>\n';
    const check = await runTool([...command, '-std=c++17', '-fsyntax-only', '-x', 'c++', '-'], {
      ...options,
      input: program,
    });
    if (check.succeeded) return tool;
  }
  return undefined;
}

/** The environment without what an outer npm sets for its own package: an inner one would work on that instead. */
export function npmEnvironment(env: Environment): Environment {
  const foreign =
    /^npm_(config_(global|location|prefix|local_prefix|workspaces?|dry_run|omit|include)$|package_|lifecycle_)/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name)));
}
