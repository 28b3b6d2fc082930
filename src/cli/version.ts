import { readFileSync } from 'node:fs';

/** pipe's own version, from its package.json (which lies above both the sources and the built files). */
export function version(): string {
  for (const up of ['../../', '../../../']) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8')) as {
        version: string;
      };
      return manifest.version;
    } catch {
      // Not at this height: the built files lie one folder deeper than the sources.
    }
  }
  throw new Error('package.json is missing');
}
