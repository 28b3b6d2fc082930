import { type Command, Option } from 'commander';
import type { Finish } from './command-line.ts';
import { logLevelOption, positive, storeOption } from './option-values.ts';

/** logs, trace, watch, ui, status, cancel. */
export function addFollowingCommands(program: Command, finish: Finish): void {
  program
    .command('logs')
    .description('print what a job wrote; where several are meant, list them')
    .argument('[stage[@run]]', 'jobs of a stage of the newest run, or of another: fit[cnn], search@2, @2')
    .argument('[words...]', 'that the name of the job has in it: "fold 1/3" dropout=0.3')
    .option('--failed', 'print the logs of all that failed', false)
    .addOption(
      new Option('--follow', 'go on printing until the job is over; of several, all that run')
        .default(false)
        .conflicts(['failed', 'json']),
    )
    .option('--tail <lines>', 'the last lines only', positive)
    .option('--raw', 'print control characters as they are', false)
    .addOption(storeOption)
    .option('--json', 'print the list as JSON')
    .action(async (reference: string | undefined, words: string[], options) => {
      const { logsCommand } = await import('./logs-command.ts');
      finish(await logsCommand(reference, words, options));
    });

  program
    .command('trace')
    .description('write a run as a trace for ui.perfetto.dev or chrome://tracing: workers, jobs, waiting, load')
    .argument('[run]', '@1 is the newest, @2 the one before; or the name of a run')
    .option('-o, --output <file>', 'where to; - for standard output (default: trace-RUN.json)')
    .addOption(storeOption)
    .action(async (reference: string | undefined, options) => {
      const { traceCommand } = await import('./trace-command.ts');
      finish(await traceCommand(reference, options));
    });

  program
    .command('watch')
    .description('show a run that goes on in another process, until it ends; Ctrl-C ends the watching only')
    .argument('[run]', 'the newest that goes on; or @1, @2 …, or the name of a run')
    .addOption(storeOption)
    .addOption(logLevelOption())
    .option('--json', 'print events as JSON lines')
    .action(async (reference: string | undefined, options) => {
      const { watchCommand } = await import('./watch-command.ts');
      finish(await watchCommand(reference, options));
    });

  program
    .command('ui')
    .description('serve a page on this machine that shows the runs of the store, live; Ctrl-C ends it')
    .argument('[run]', 'show this one first: @1 is the newest, @2 the one before; or the name of a run')
    .option('--port <number>', 'serve it there (default: any that is free)', positive)
    .addOption(storeOption)
    .action(async (reference: string | undefined, options) => {
      const { uiCommand } = await import('./ui-command.ts');
      finish(await uiCommand(reference, options));
    });

  program
    .command('status')
    .description('tell how far a run is, and what pilots of a cluster do for it')
    .argument('[run]', 'the newest; or @2, or the name of a run')
    .addOption(storeOption)
    .option('--json', 'print it as JSON')
    .action(async (reference: string | undefined, options) => {
      const { statusCommand } = await import('./status-command.ts');
      finish(await statusCommand(reference, options));
    });

  program
    .command('cancel')
    .description('stop a run, from any machine that sees its store: running jobs are finished and kept')
    .argument('[run]', 'the newest that goes on; or @2, or the name of a run')
    .option('--now', 'stop the running jobs too', false)
    .option('--wait', 'come back when the run is over', false)
    .addOption(storeOption)
    .action(async (reference: string | undefined, options) => {
      const { cancelCommand } = await import('./cancel-command.ts');
      finish(await cancelCommand(reference, options));
    });
}
