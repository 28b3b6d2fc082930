import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** How a process ended: an exit code, a signal, or the system's error code where it could not be started. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: string;
}

/** A running program with all that it started. */
export interface ProgramProcess {
  readonly process: ChildProcess;
  /** Sends a signal to the program and all that it started and did not put into a group of its own. */
  readonly signalGroup: (signal: NodeJS.Signals) => void;
  /** Comes when the program has ended, what it left behind was killed, and all that was printed is read. */
  readonly ended: Promise<Ended>;
}

export const shell = '/bin/sh';

/** util-linux's setpriv, which can ask for a signal when the parent ends. */
const setpriv = '/usr/bin/setpriv';

/** Milliseconds after the program's end until others that hold its output open are killed, and as many again until it is closed. */
const drain = 1000;

/** Starts a program in a process group of its own. Not execa: it takes longer to load than most programs run. */
export function startProgram(
  run: readonly string[] | string,
  options: { readonly cwd: string; readonly env: Record<string, string> },
): ProgramProcess {
  const [command, ...args] = commandLine(run);
  const running = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      if (running.pid !== undefined) process.kill(-running.pid, signal);
    } catch {
      // The group is gone already.
    }
  };
  const ended = new Promise<Ended>((resolve) => {
    running.on('error', (problem) => {
      resolve({ exitCode: null, signal: null, error: (problem as { code?: string }).code ?? problem.message });
    });
    running.on('exit', (exitCode, signal) => {
      // What it left in the background may be about to end (`> >(tee log)`), but is not waited for without an end.
      const closing = [
        setTimeout(() => signalGroup('SIGKILL'), drain),
        setTimeout(() => running.stdout?.destroy(), 2 * drain),
        setTimeout(() => running.stderr?.destroy(), 2 * drain),
      ];
      running.on('close', () => {
        closing.forEach(clearTimeout);
        // A process that prints nowhere would write on into the output folder.
        signalGroup('SIGKILL');
        resolve({ exitCode, signal });
      });
    });
  });
  return { process: running, signalGroup, ended };
}

/**
 * The program under a shell that is told when the worker ends, also by kill -9, and then ends the whole group: a
 * process that the program started would go on for nobody. Where setpriv is not there, the program alone.
 */
function commandLine(run: readonly string[] | string): [string, ...string[]] {
  const [program = '', ...args] = typeof run === 'string' ? [shell, '-c', run] : run;
  if (process.platform !== 'linux' || !existsSync(setpriv)) return [program, ...args];
  // A trap that does something is not inherited, as an ignored signal would be: the program gets SIGTERM as usual.
  const wait = 'while :; do wait $!; code=$?; kill -0 $! 2>/dev/null || exit $code; done';
  const keeper = `trap "kill -KILL 0" USR1; trap : TERM; "$@" & ${wait}`;
  return [setpriv, '--pdeathsig', 'USR1', '--', shell, '-c', keeper, 'sh', program, ...args];
}
