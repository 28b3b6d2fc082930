import type { ReporterMode } from '../terminal/reporter.ts';

/** How a run is shown: as it was asked for, else live where there is a terminal to draw on. */
export function terminalMode(options: { readonly json?: boolean; readonly quiet?: boolean }): ReporterMode {
  if (options.json === true) return 'json';
  if (options.quiet === true) return 'quiet';
  const plain = !process.stdout.isTTY || process.env['CI'] !== undefined || process.env['TERM'] === 'dumb';
  return plain ? 'plain' : 'live';
}
