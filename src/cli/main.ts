#!/usr/bin/env node
import { enableCompileCache } from '../util/compile-cache.ts';

// Before the rest is loaded, so that the rest is compiled from the cache.
enableCompileCache();
const { runCommandLine } = await import('./command-line.ts');
process.exitCode = await runCommandLine(process.argv);
