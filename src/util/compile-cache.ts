import * as nodeModule from 'node:module';

/** Keeps compiled code between starts, where this Node can (22.8 and newer): a cached run then starts sooner. */
export function enableCompileCache(): void {
  (nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();
}
