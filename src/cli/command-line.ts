import { Command, CommanderError } from 'commander';
import { formatFailure } from '../errors/failure.ts';
import { isDiskError, systemFailure } from '../errors/system.ts';
import { addFollowingCommands } from './commands-following.ts';
import { addLookingCommands } from './commands-looking.ts';
import { addMachineCommands } from './commands-machine.ts';
import { addRunningCommands } from './commands-running.ts';
import { addStoreCommands } from './commands-store.ts';
import { version } from './version.ts';

/** Exit codes: 0 done, 1 a stage failed, 2 a mistake in the usage, the pipeline or the machine, 130 interrupted. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Takes the exit code of the command that was asked for. */
export type Finish = (code: number) => void;

/** Runs the command line and returns the exit code. Each command loads only what it needs. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let code: number = exitCodes.done;
  const program = new Command('pipe')
    .description('Runs model studies that are written down as YAML: every stage cached, every fold a parallel job.')
    .version(version(), '-V, --version')
    .showSuggestionAfterError()
    .showHelpAfterError('(pipe --help shows what there is)')
    .exitOverride();

  const finish: Finish = (result) => {
    code = result;
  };
  addRunningCommands(program, finish);
  addLookingCommands(program, finish);
  addFollowingCommands(program, finish);
  addStoreCommands(program, finish);
  addMachineCommands(program, finish);

  try {
    await program.parseAsync(argv);
  } catch (problem) {
    if (problem instanceof CommanderError) return problem.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (!isDiskError(problem)) throw problem;
    process.stderr.write(`${formatFailure(systemFailure('pipe had to stop', problem))}\n`);
    return exitCodes.failed;
  }
  return code;
}
