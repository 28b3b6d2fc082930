import { fileURLToPath } from 'node:url';

/** The words by which this very pipe is started again: another process, or another machine on which it lies at the same place. */
export function thisProgram(): string[] {
  const main = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url));
  return [process.execPath, main];
}
