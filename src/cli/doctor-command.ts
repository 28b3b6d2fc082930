import { examine, formatDoctor } from '../backend/doctor.ts';
import { exitCodes } from './command-line.ts';

/** `pipe doctor`. */
export async function doctorCommand(options: { readonly json?: boolean }): Promise<number> {
  const report = await examine({ env: process.env });
  process.stdout.write(`${options.json === true ? JSON.stringify(report, null, 2) : formatDoctor(report)}\n`);
  return exitCodes.done;
}
