import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { cleanEnvironment, program } from '../../end-to-end/study.ts';

/** A page that is served by the built command line. */
export interface ServedPage {
  /** With the token that lets a browser in. */
  readonly address: string;
  readonly child: ChildProcess;
  /** Resolves with its exit code when it has ended. */
  readonly ended: Promise<number | null>;
  /** Ends it, and jobs of it that run. */
  stop(): Promise<number | null>;
}

/** `pipe ui` on a store. */
export async function servePage(
  store: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<ServedPage> {
  const child = spawn(process.execPath, [program, 'ui', '--store', store, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: cleanEnvironment(env),
  });
  return served(child, await lineLike(child.stdout, /^(http:\S+)$/));
}

/** `pipe run --ui` of a pipeline. */
export async function runWithPage(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ServedPage> {
  const child = spawn(process.execPath, [program, 'run', file, '--ui', '--quiet', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: cleanEnvironment(env),
  });
  // Jobs that are held would wait for ever where a test fails.
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return served(child, await lineLike(child.stderr, /^Page: (\S+)$/));
}

function served(child: ChildProcess, address: string): ServedPage {
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  return {
    address,
    child,
    ended,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** What the first line that fits has in its first group. Everything that is printed is read, so that nobody waits for it. */
async function lineLike(stream: NodeJS.ReadableStream | null, form: RegExp): Promise<string> {
  if (stream === null) throw new Error('its output is not read');
  const lines = createInterface({ input: stream });
  const seen: string[] = [];
  const found = new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      seen.push(line);
      const [, text] = form.exec(line) ?? [];
      if (text !== undefined) resolve(text);
    });
    void once(lines, 'close').then(() => reject(new Error(`it ended before it said ${form}: ${seen.join('\n')}`)));
  });
  return found;
}
