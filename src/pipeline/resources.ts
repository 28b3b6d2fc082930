import type { Json, JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { parseSize } from '../util/size.ts';
import type { Execution, Resources } from './pipeline.ts';
import { show } from './validate.ts';

interface Mistake {
  readonly path: readonly string[];
  readonly message: string;
  readonly hint?: string;
}

/** An empty object stands where nothing was written. */
function isGiven(value: Json | undefined): value is Json {
  return value !== undefined && !(typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

/**
 * What `resources:` of a stage asks for, after its references were filled in: only then is it known that `cpus: "${params.cpus}"` is a
 * number.
 */
export function readResources({ cpus, gpu, memory }: JsonObject): Result<Resources, Mistake[]> {
  const mistakes: Mistake[] = [];
  if (isGiven(cpus) && !(Number.isInteger(cpus) && Number(cpus) >= 1))
    mistakes.push({
      path: ['resources', 'cpus'],
      message: `cpus must be a whole number of at least 1, got ${show(cpus)}`,
    });
  if (isGiven(gpu) && !(typeof gpu === 'number' && gpu > 0 && gpu <= 1))
    mistakes.push({
      path: ['resources', 'gpu'],
      message: `gpu must be more than 0 and at most 1, got ${show(gpu)}`,
      hint: '0.5 is half of one GPU; without gpu: a stage that trains takes what was measured',
    });
  const bytes = typeof memory === 'string' ? parseSize(memory) : memory;
  if (isGiven(memory) && !(typeof bytes === 'number' && bytes >= 1 && Number.isFinite(bytes)))
    mistakes.push({
      path: ['resources', 'memory'],
      message: `memory must be a size, got ${show(memory)}`,
      hint: 'for example 2GB, 512MiB, or a number of bytes',
    });
  if (mistakes.length > 0) return err(mistakes);
  return ok({
    cpus: isGiven(cpus) ? Number(cpus) : 1,
    ...(isGiven(gpu) ? { gpu: Number(gpu) } : {}),
    ...(isGiven(memory) ? { memory: Number(bytes) } : {}),
  });
}

/** What a stage says of how its jobs are run, after its references were filled in. */
export function readExecution({ timeout, retries, isolate }: JsonObject): Result<Execution, Mistake[]> {
  const mistakes: Mistake[] = [];
  // A timer of Node's holds 2^31 milliseconds.
  if (isGiven(timeout) && !(typeof timeout === 'number' && timeout > 0 && timeout <= 2_000_000))
    mistakes.push({ path: ['timeout'], message: `timeout must be a number of seconds above 0, got ${show(timeout)}` });
  if (isGiven(retries) && !(Number.isInteger(retries) && Number(retries) >= 0 && Number(retries) <= 100))
    mistakes.push({ path: ['retries'], message: `retries must be a whole number from 0 to 100, got ${show(retries)}` });
  if (mistakes.length > 0) return err(mistakes);
  return ok({
    ...(isGiven(timeout) ? { timeout: Number(timeout) } : {}),
    retries: isGiven(retries) ? Number(retries) : 0,
    isolate: isolate === 'process' ? 'process' : 'worker',
  });
}
