import { createHash } from 'node:crypto';

/** Documents that a page shows in a frame, which has to ask for them by an address. */
export interface Documents {
  /** Keeps a document; what it comes back with is its address' last part. */
  keep(text: string): string;
  find(name: string): string | undefined;
}

/** Keeps the last `most` documents in memory. */
export function keepDocuments(most: number): Documents {
  const kept = new Map<string, string>();
  return {
    keep: (text) => {
      const name = createHash('sha256').update(text).digest('hex');
      kept.delete(name);
      kept.set(name, text);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
      return name;
    },
    find: (name) => kept.get(name),
  };
}
