import { readFileSync } from 'node:fs';
import type { Store } from '../store/store.ts';
import type { Result } from '../util/result.ts';
import { createApi } from './api.ts';
import { startServer, type UiServer } from './server.ts';
import { styleSheet } from './style.ts';

/** The page's code, as the build has put it into one file. */
const scriptFile = new URL('./page.js', import.meta.url);

/** Serves the page of a store. `port` 0 takes any that is free. Errors: the port is taken. */
export function serveStore(store: Store, port: number): Promise<Result<UiServer>> {
  const script = readFileSync(scriptFile, 'utf8');
  return startServer({ port, script, styleSheet: styleSheet(), api: createApi(store) });
}

/** The page's address that shows a run first. */
export function addressOf(server: UiServer, run: string | undefined): string {
  return run === undefined ? server.address : `${server.address}#/runs/${run}`;
}
