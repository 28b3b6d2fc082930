#!/usr/bin/env node
import { enableCompileCache } from '../util/compile-cache.ts';
import { surviveClosedOutput } from './closed-output.ts';

// Before the rest is loaded, so that the rest is compiled from the cache.
enableCompileCache();
surviveClosedOutput();
const [, , first] = process.argv;
if (first === '--version' || first === '-V') {
  const { version } = await import('./version.ts');
  console.log(version());
  process.exit();
}
const { runCommandLine } = await import('./command-line.ts');
process.exitCode = await runCommandLine(process.argv);
