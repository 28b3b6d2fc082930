import { readFileSync, statfsSync } from 'node:fs';
import { parseSize } from '../util/size.ts';
import { replaceFile } from './durable.ts';
import type { StoreLayout } from './layout.ts';

const largestDefault = 50e9;

/**
 * How many bytes a store may take: what was set for it by `pipe gc --limit SIZE --remember`, else 50 GB or a quarter of
 * its disk, whichever is less.
 */
export function storeLimit(layout: StoreLayout): number {
  try {
    const settings = JSON.parse(readFileSync(layout.settings, 'utf8')) as { limit?: unknown };
    const limit = typeof settings.limit === 'string' ? parseSize(settings.limit) : undefined;
    if (limit !== undefined) return limit;
  } catch {
    // No settings: the default holds.
  }
  const { blocks, bsize } = statfsSync(layout.root);
  return Math.min(largestDefault, (blocks * bsize) / 4);
}

/** Keeps a limit with the store, for all who use it. */
export function rememberLimit(layout: StoreLayout, limit: string, temporary: string): void {
  replaceFile(layout.settings, `${JSON.stringify({ limit })}\n`, temporary);
}
