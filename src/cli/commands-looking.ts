import { type Command, Option } from 'commander';
import type { Finish } from './command-line.ts';
import { collect, count, positive, storeOption, tolerance } from './option-values.ts';

/** runs, metrics, params, report, plot, show, diff, query. */
export function addLookingCommands(program: Command, finish: Finish): void {
  const runs = program
    .command('runs')
    .description('list the runs of the store, newest first: what ran, how long it took, what goes on')
    .option('--limit <number>', 'so many of them', positive, 20)
    .option('--all', 'all of them', false)
    .option('--pipeline <name>', 'those of one pipeline')
    .addOption(storeOption)
    .option('--json', 'print it as JSON')
    .action(async (options) => {
      const { runsCommand } = await import('./runs-command.ts');
      finish(await runsCommand(options));
    });

  runs
    .command('tag')
    .description('give a run a name, which keeps what it made: the same as pipe pin')
    .argument('<run>', '@1 is the newest')
    .argument('<name>', 'for example baseline')
    .action(async (run: string, name: string, _options, command: Command) => {
      const { pinCommand } = await import('./pin-command.ts');
      finish(await pinCommand(run, name, command.optsWithGlobals()));
    });

  runs
    .command('delete')
    .description('remove what runs wrote down; their artifacts stay until pipe gc finds that nobody needs them')
    .argument('<runs...>', '@3, or a name; not one that goes on or is pinned')
    .action(async (references: string[], _options, command: Command) => {
      const { runsDeleteCommand } = await import('./runs-delete-command.ts');
      finish(await runsDeleteCommand(references, command.optsWithGlobals()));
    });

  const tableCommand = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .argument('[runs...]', '@1, @2 or names; without any, the newest')
      .option('--limit <number>', 'without names, so many runs', positive, 10)
      .option('--pipeline <name>', 'without names, those of one pipeline')
      .addOption(storeOption)
      .addOption(new Option('--csv', 'print it as CSV').conflicts('json'))
      .option('--json', 'print it as JSON');

  tableCommand('metrics', 'the scores of runs side by side, with their intervals')
    .option('--metric <name>', "which: accuracy, 'macro f1' (repeatable)", (value: string, before?: string[]) => [
      ...(before ?? []),
      value,
    ])
    .option('--sort <name>', 'the highest first')
    .action(async (references: string[], options) => {
      const { metricsCommand } = await import('./metrics-command.ts');
      finish(await metricsCommand(references, options));
    });

  tableCommand('params', 'the parameters of runs side by side, those that differ')
    .option('--all', 'all of them', false)
    .action(async (references: string[], options) => {
      const { paramsCommand } = await import('./params-command.ts');
      finish(await paramsCommand(references, options));
    });

  program
    .command('report')
    .description('write a report of a run from what its stages left: results, and how it went')
    .argument('[run]', '@1 is the newest')
    .option('-o, --output <file>', 'where to; - for standard output (default: report-RUN.html)')
    .option('--title <text>', 'heading of the page')
    .option('--md', 'as Markdown, in short')
    .addOption(storeOption)
    .action(async (reference: string | undefined, options) => {
      const { reportCommand } = await import('./report-command.ts');
      finish(await reportCommand(reference, options));
    });

  program
    .command('plot')
    .description("write the figures of a run's report as files")
    .argument('[run]', '@1 is the newest')
    .argument('[figures...]', 'these only; --list names them')
    .addOption(new Option('--format <format>', 'SVG, or PNG').choices(['svg', 'png']).default('svg'))
    .option('-o, --output <folder>', 'where to', 'figures')
    .option('--scale <number>', 'pixels of a PNG for one of the drawing', positive, 2)
    .option('--list', 'name the figures', false)
    .addOption(storeOption)
    .action(async (reference: string | undefined, figures: string[], options) => {
      const { plotCommand } = await import('./plot-command.ts');
      finish(await plotCommand(reference, figures, options));
    });

  program
    .command('show')
    .description('what an artifact holds: its columns, statistics, first rows, and pictures of samples')
    .argument('<artifact>', 'STAGE[.OUTPUT][@RUN]: fit[cnn].history, split@2')
    .option('--rows <number>', 'so many of the first rows', count, 8)
    .option('--pictures <number>', 'so many pictures, as far as the terminal is wide', count, 4)
    .addOption(storeOption)
    .addOption(new Option('--csv', 'print the rows as CSV').conflicts('json'))
    .option('--json', 'print it as JSON')
    .action(async (reference: string, options) => {
      const { showCommand } = await import('./show-command.ts');
      finish(await showCommand(reference, options));
    });

  program
    .command('diff')
    .description('what changed between two runs, why, and whether it matters')
    .argument('<first>', 'a run (@2, a name, git:main), what a stage made in one (fit[cnn]@2), or an Arrow file')
    .argument('<second>', 'the same, after the change: @1')
    .argument('[stages...]', 'these stages only')
    .option('--gate <condition>', "end with 1 where it does not hold: 'accuracy >= -0.002' (repeatable)", collect, [])
    .option('--absolute <number>', 'numbers that differ by no more are the same', tolerance, 0)
    .option('--relative <number>', 'the same, as a share of the first', tolerance, 0)
    .addOption(storeOption)
    .addOption(new Option('--md', 'print it as Markdown, for a pull request').conflicts('json'))
    .option('--html <file>', 'write it also as one page, with pictures')
    .option('--json', 'print it as JSON (schema pipe.diff/1)')
    .action(async (first: string, second: string, stages: string[], options) => {
      const { diffCommand } = await import('./diff-command.ts');
      finish(await diffCommand(first, second, stages, options));
    });

  program
    .command('query')
    .description('ask the artifacts of all runs in SQL: every output of every stage is a table; without SQL, list them')
    .argument('[sql]', "SELECT stage, value FROM evaluate_metrics WHERE metric = 'accuracy'")
    .option('--runs <number>', 'the newest so many runs', positive, 100)
    .addOption(storeOption)
    .addOption(new Option('--csv', 'print it as CSV').conflicts('json'))
    .option('--json', 'print it as JSON')
    .action(async (sql: string | undefined, options) => {
      const { queryCommand } = await import('./query-command.ts');
      finish(await queryCommand(sql, options));
    });
}
