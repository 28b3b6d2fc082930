import { publishedSchema } from '../pipeline/published-schema.ts';
import { exitCodes } from './command-line.ts';

/** `pipe schema`. */
export async function schemaCommand(): Promise<number> {
  process.stdout.write(`${JSON.stringify(await publishedSchema(), null, 2)}\n`);
  return exitCodes.done;
}
