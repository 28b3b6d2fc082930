#!/usr/bin/env node
import { enableCompileCache } from '../util/compile-cache.ts';

// Before the rest is loaded, so that the rest is compiled from the cache.
enableCompileCache();
const [, , first] = process.argv;
if (first === '--version' || first === '-V') {
  const { version } = await import('./version.ts');
  console.log(version());
  process.exit();
}
const { runCommandLine } = await import('./command-line.ts');
process.exitCode = await runCommandLine(process.argv);
