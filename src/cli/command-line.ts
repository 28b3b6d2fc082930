import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { formatFailure } from '../errors/failure.ts';
import { isDiskError, systemFailure } from '../errors/system.ts';
import { parseGpus } from '../machine/settings.ts';
import { parseSize } from '../util/size.ts';
import { version } from './version.ts';

/** Exit codes: 0 done, 1 a stage failed, 2 a mistake in the usage, the pipeline or the machine, 130 interrupted. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('it must be a whole number of at least 1.');
  return value;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('it must be a whole number of at least 0.');
  return value;
}

function size(text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined || bytes < 1) throw new InvalidArgumentError('it must be a size like 12GB or 512MiB.');
  return bytes;
}

function tolerance(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && Number.isFinite(value))) throw new InvalidArgumentError('it must be a number of at least 0.');
  return value;
}

function gpus(text: string): readonly string[] {
  const names = parseGpus(text);
  if (names === undefined) throw new InvalidArgumentError('it must be indices or UUIDs with commas between, or none.');
  return names;
}

function percent(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (!(value > 0 && value <= 100)) throw new InvalidArgumentError('it must be more than 0 and at most 100.');
  return value;
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

const storeOption = new Option('--store <folder>', 'where artifacts are kept (default: artifacts/ of the project)').env(
  'PIPE_STORE',
);

function logLevelOption(): Option {
  return new Option('--log-level <level>', 'what to tell beside the end; debug adds workers and what jobs print')
    .choices(['error', 'warning', 'info', 'debug'])
    .default('info');
}

/** Runs the command line and returns the exit code. Each command loads only what it needs. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let code: number = exitCodes.done;
  const program = new Command('pipe')
    .description('Runs model studies that are written down as YAML: every stage cached, every fold a parallel job.')
    .version(version(), '-V, --version')
    .showSuggestionAfterError()
    .showHelpAfterError('(pipe --help shows what there is)')
    .exitOverride();

  const remoteText = "a folder, s3://bucket/prefix, or http://host:port of a cache that speaks Bazel's protocol";
  const pipelineCommand = (name: string, description: string, first: readonly [string, string][] = []): Command =>
    first
      .reduce((made, [argument, text]) => made.argument(argument, text), program.command(name).description(description))
      .argument('<pipeline>', 'the YAML file, for example pipelines/emnist.yaml')
      .argument('[targets...]', 'stages, with what they need: split, fit[cnn], search (all its instances)')
      .option('--profile <name>', 'a profile of the pipeline')
      .option('--set <name=value>', 'set a parameter (repeatable)', collect, [])
      .option('--params <file>', 'a YAML file with parameters')
      .addOption(storeOption)
      .addOption(
        new Option('--backend <backend>', 'native TensorFlow, or pure JavaScript on the CPU (tens of times slower)')
          .choices(['native', 'cpu'])
          .default('native')
          .env('PIPE_BACKEND'),
      )
      .addOption(
        new Option('--device <device>', 'the GPU is taken where there is an NVIDIA driver')
          .choices(['auto', 'cpu', 'gpu'])
          .default('auto'),
      )
      .option('--from <stage>', 'run this stage and all that depends on it again (repeatable)', collect, [])
      .option('--until <stage>', 'stop after this stage: the same as naming it as a target (repeatable)', collect, [])
      .option('--force', 'run every job, whatever is cached; with targets, those of the targets', false);

  const machineOptions = (command: Command): Command =>
    command
      .option('--workers <number>', 'CPU slots: jobs of one thread side by side (default: one a processor)', positive)
      .option('--memory <size>', 'main memory that jobs may take together: 12GB (default: what is free)', size)
      .option(
        '--gpus <list>',
        'GPUs by index or UUID: 0,1, or none (default: all that CUDA_VISIBLE_DEVICES names)',
        gpus,
      );

  machineOptions(pipelineCommand('run', 'run a pipeline: what is cached is taken from the store, the rest is computed'))
    .option('--mps', "let NVIDIA's multi-process service run kernels of jobs that share a GPU side by side")
    .option('--keep-going', 'go on with what does not depend on a failed stage', false)
    .addOption(new Option('--quiet', 'show the end only').conflicts('json'))
    .addOption(logLevelOption())
    .option('--json', 'print events as JSON lines')
    .addOption(
      new Option(
        '--notify <what>',
        'tell a web address (POST of JSON) or a command line (JSON on its input) of the end',
      ).env('PIPE_NOTIFY'),
    )
    .option('--notify-always', 'also where all was cached', false)
    .action(async (file: string, targets: string[], options) => {
      const { runCommand } = await import('./run-command.ts');
      code = await runCommand(file, targets, options);
    });

  machineOptions(pipelineCommand('plan', 'show what a run would do: which stages, why, and how long by past timings'))
    .option('--exit-code', 'end with 1 where something would run', false)
    .option('--json', 'print it as JSON')
    .action(async (file: string, targets: string[], options) => {
      const { planCommand } = await import('./plan-command.ts');
      code = await planCommand(file, targets, options);
    });

  program
    .command('why')
    .description('tell why a stage ran: what changed first, with the old value and the new one')
    .argument('<stage[@run]>', 'a stage of the newest run that has it, or of another: fit[cnn], search@2, report@01M8…')
    .addOption(storeOption)
    .option('--json', 'print it as JSON')
    .action(async (reference: string, options) => {
      const { whyCommand } = await import('./why-command.ts');
      code = await whyCommand(reference, options);
    });

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
      code = await runsCommand(options);
    });

  runs
    .command('tag')
    .description('give a run a name, which keeps what it made: the same as pipe pin')
    .argument('<run>', '@1 is the newest')
    .argument('<name>', 'for example baseline')
    .action(async (run: string, name: string, _options, command: Command) => {
      const { pinCommand } = await import('./pin-command.ts');
      code = await pinCommand(run, name, command.optsWithGlobals());
    });

  runs
    .command('delete')
    .description('remove what runs wrote down; their artifacts stay until pipe gc finds that nobody needs them')
    .argument('<runs...>', '@3, or a name; not one that goes on or is pinned')
    .action(async (references: string[], _options, command: Command) => {
      const { runsDeleteCommand } = await import('./runs-delete-command.ts');
      code = await runsDeleteCommand(references, command.optsWithGlobals());
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
      code = await metricsCommand(references, options);
    });

  tableCommand('params', 'the parameters of runs side by side, those that differ')
    .option('--all', 'all of them', false)
    .action(async (references: string[], options) => {
      const { paramsCommand } = await import('./params-command.ts');
      code = await paramsCommand(references, options);
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
      code = await reportCommand(reference, options);
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
      code = await plotCommand(reference, figures, options);
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
      code = await showCommand(reference, options);
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
      code = await diffCommand(first, second, stages, options);
    });

  machineOptions(
    program
      .command('attribute')
      .description(
        'which changed parameter explains how a metric changed: runs what lies between two runs, in all mixtures',
      )
      .argument('<first>', 'a run: @2, or its name')
      .argument('<second>', 'the run that came of the changes: @1'),
  )
    .option('--stage <stage>', 'whose metric: evaluate[cnn]; needed where a run has several')
    .option('--metric <name>', 'accuracy, precision, recall, f1 …', 'accuracy')
    .option('--average <name>', 'macro or weighted (default: macro, of what is averaged)')
    .addOption(storeOption)
    .addOption(
      new Option('--backend <backend>', 'native TensorFlow, or pure JavaScript on the CPU')
        .choices(['native', 'cpu'])
        .default('native')
        .env('PIPE_BACKEND'),
    )
    .addOption(new Option('--device <device>', 'where it computes').choices(['auto', 'cpu', 'gpu']).default('auto'))
    .option('--json', 'print it as JSON')
    .action(async (first: string, second: string, options) => {
      const { attributeCommand } = await import('./attribute-command.ts');
      code = await attributeCommand(first, second, options);
    });

  program
    .command('graph')
    .description('draw the stages of a pipeline and what each takes from others')
    .argument('<pipeline>', 'the YAML file')
    .argument('[targets...]', 'these and what they need')
    .addOption(
      new Option('--format <format>', 'text, or a language or picture for documents')
        .choices(['text', 'mermaid', 'dot', 'svg'])
        .default('text'),
    )
    .option('--each', 'every instance of a matrix stage by itself', false)
    .option('--all-edges', 'also what a longer way says already', false)
    .option('-o, --output <file>', 'write it to a file')
    .option('--profile <name>', 'a profile of the pipeline')
    .option('--set <name=value>', 'set a parameter (repeatable)', collect, [])
    .option('--params <file>', 'a YAML file with parameters')
    .addOption(storeOption)
    .action(async (file: string, targets: string[], options) => {
      const { graphCommand } = await import('./graph-command.ts');
      code = await graphCommand(file, targets, options);
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
      code = await queryCommand(sql, options);
    });

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
      code = await logsCommand(reference, words, options);
    });

  program
    .command('trace')
    .description('write a run as a trace for ui.perfetto.dev or chrome://tracing: workers, jobs, waiting, load')
    .argument('[run]', '@1 is the newest, @2 the one before; or the name of a run')
    .option('-o, --output <file>', 'where to; - for standard output (default: trace-RUN.json)')
    .addOption(storeOption)
    .action(async (reference: string | undefined, options) => {
      const { traceCommand } = await import('./trace-command.ts');
      code = await traceCommand(reference, options);
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
      code = await watchCommand(reference, options);
    });

  program
    .command('gc')
    .description('remove what nobody needs, and above the size limit what is cheapest to make again')
    .option('--dry-run', 'only say what would be removed', false)
    .option(
      '--limit <size>',
      'bytes that the store may take: 50GB, 512MiB, none (default: 50 GB, at most a quarter of the disk)',
    )
    .option('--remember', 'keep the limit with the store', false)
    .addOption(storeOption)
    .option('--json', 'print it as JSON')
    .action(async (options) => {
      const { gcCommand } = await import('./gc-command.ts');
      code = await gcCommand(options);
    });

  program
    .command('pin')
    .description('keep all that a run made, under a name; without a run: list the pins')
    .argument('[run]', '@1 is the newest, @2 the one before; or the name of a run')
    .argument('[name]', 'what to call it')
    .addOption(storeOption)
    .option('--json', 'print it as JSON')
    .action(async (run: string | undefined, name: string | undefined, options) => {
      const { pinCommand } = await import('./pin-command.ts');
      code = await pinCommand(run, name, options);
    });

  program
    .command('unpin')
    .description('let a pinned run go')
    .argument('<name>')
    .addOption(storeOption)
    .action(async (name: string, options) => {
      const { unpinCommand } = await import('./pin-command.ts');
      code = await unpinCommand(name, options);
    });

  program
    .command('verify')
    .description('read artifacts again and compare them with their digests: those of the newest run, or of another')
    .argument('[run]', '@1 is the newest, @2 the one before; or the name of a run')
    .addOption(new Option('--all', 'all artifacts of the store').default(false))
    .addOption(
      new Option('--sample <percent>', 'that share of all artifacts, another one each time')
        .argParser(percent)
        .conflicts('all'),
    )
    .addOption(storeOption)
    .option('--json', 'print it as JSON')
    .action(async (run: string | undefined, options) => {
      const { verifyCommand } = await import('./verify-command.ts');
      code = await verifyCommand(run, options);
    });

  program
    .command('push')
    .description('send what a run made to a remote, for others to pull: the newest run, or others')
    .argument('<remote>', remoteText)
    .argument('[runs...]', '@1 is the newest, @2 the one before; or names of runs or pins')
    .option('--all', 'all that the store has', false)
    .addOption(storeOption)
    .option('--json', 'print it as JSON')
    .action(async (remote: string, runs: string[], options) => {
      const { pushCommand } = await import('./push-command.ts');
      code = await pushCommand(remote, runs, options);
    });

  pipelineCommand('pull', 'get from a remote what a run would otherwise compute', [['<remote>', remoteText]])
    .option('--json', 'print it as JSON')
    .action(async (remote: string, file: string, targets: string[], options) => {
      const { pullCommand } = await import('./pull-command.ts');
      code = await pullCommand(remote, file, targets, options);
    });

  program
    .command('setup')
    .description('set up native TensorFlow (done by the first run otherwise)')
    .addOption(new Option('--cpu', 'the CPU build').conflicts('gpu'))
    .option('--gpu', 'the GPU build (CUDA 12)')
    .action(async (options) => {
      const { setUpCommand } = await import('./set-up-command.ts');
      code = await setUpCommand(options);
    });

  program
    .command('doctor')
    .description('show backend, TensorFlow version, devices and threads, and what is missing')
    .option('--json', 'print it as JSON')
    .action(async (options) => {
      const { doctorCommand } = await import('./doctor-command.ts');
      code = await doctorCommand(options);
    });

  program
    .command('export')
    .description('write an artifact to a file: the file inside a blob (a report), else the Arrow file')
    .argument(
      '<reference>',
      'stage or stage.output of the newest run that has it, or @run: report, evaluate[cnn].metrics, fit@2',
    )
    .option('-o, --output <file>', 'where to (default: a name made from the reference)')
    .addOption(storeOption)
    .action(async (reference: string, options) => {
      const { exportCommand } = await import('./export-command.ts');
      code = await exportCommand(reference, options);
    });

  program
    .command('schema')
    .description('print the JSON Schema of pipeline files, for editors')
    .action(async () => {
      const { schemaCommand } = await import('./schema-command.ts');
      code = await schemaCommand();
    });

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
