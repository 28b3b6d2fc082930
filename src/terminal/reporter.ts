import type { RunEvent } from '../events/event.ts';

/** Shows a run to whoever started it, or watches it. */
export interface Reporter {
  onEvent(event: RunEvent): void;
  /** Shows the end; `reports` are files that the run wrote for people. */
  end(reports: readonly string[]): void;
  /** Tells a person at the terminal something at once, that is no part of the run. */
  tell(line: string): void;
  /** Leaves the terminal as it was, also where the run did not end. */
  close(): void;
}

export type ReporterMode = 'live' | 'plain' | 'quiet' | 'json';

/** What is told beside the end: warnings, then notes and progress (`info`), then what workers do and what jobs print (`debug`). */
export const logLevels = ['error', 'warning', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface ReporterOptions {
  readonly mode: ReporterMode;
  readonly logLevel: LogLevel;
  readonly stages: readonly string[];
  readonly out: NodeJS.WriteStream;
  readonly colors: boolean;
}

/** Whether something of one level is told at another. */
export function isTold(level: LogLevel, at: LogLevel): boolean {
  return logLevels.indexOf(level) <= logLevels.indexOf(at);
}

/** Makes the reporter of a mode: a tree that is redrawn, plain lines, the end only, or events as JSON lines. */
export async function createReporter(options: ReporterOptions): Promise<Reporter> {
  const { mode, out } = options;
  switch (mode) {
    case 'live':
      return (await import('./live-reporter.ts')).liveReporter(options, (await import('string-width')).default);
    case 'plain':
    case 'quiet': {
      const { plainReporter } = await import('./plain-reporter.ts');
      return plainReporter(mode === 'quiet' ? { ...options, logLevel: 'error' } : options);
    }
    case 'json':
      return {
        onEvent: (event) => out.write(`${JSON.stringify(event)}\n`),
        end: () => {},
        tell: tellOnStandardError,
        close: () => {},
      };
  }
}

/** Beside what is told on standard output, which may go into a file. */
export function tellOnStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}
