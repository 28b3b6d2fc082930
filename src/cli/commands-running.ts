import { type Command, Option } from 'commander';
import type { Finish } from './command-line.ts';
import { collect, logLevelOption, storeOption } from './option-values.ts';
import { machineOptions, pipelineCommand } from './pipeline-options.ts';

/** run, plan, why, graph, attribute. */
export function addRunningCommands(program: Command, finish: Finish): void {
  machineOptions(
    pipelineCommand(program, 'run', 'run a pipeline: what is cached is taken from the store, the rest is computed'),
  )
    .addOption(
      new Option('--executor <executor>', 'who runs the jobs (default: what the pipeline says, else local)')
        .choices(['local', 'slurm'])
        .env('PIPE_EXECUTOR'),
    )
    .option('--detach', 'come back when the run has begun; it goes on when the terminal closes', false)
    .addOption(new Option('--as-run <id>').hideHelp())
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
    .option('--ui', 'serve a page on this machine that shows the run; on a terminal it stays until Ctrl-C', false)
    .action(async (file: string, targets: string[], options) => {
      const { runCommand } = await import('./run-command.ts');
      finish(await runCommand(file, targets, options));
    });

  program
    .command('pilot', { hidden: true })
    .option('--store <folder>')
    .requiredOption('--class <name>')
    .requiredOption('--submit <id>')
    .action(async (options) => {
      const { pilotCommand } = await import('./pilot-command.ts');
      finish(await pilotCommand(options));
    });

  machineOptions(
    pipelineCommand(program, 'plan', 'show what a run would do: which stages, why, and how long by past timings'),
  )
    .option('--exit-code', 'end with 1 where something would run', false)
    .option('--json', 'print it as JSON')
    .action(async (file: string, targets: string[], options) => {
      const { planCommand } = await import('./plan-command.ts');
      finish(await planCommand(file, targets, options));
    });

  program
    .command('why')
    .description('tell why a stage ran: what changed first, with the old value and the new one')
    .argument('<stage[@run]>', 'a stage of the newest run that has it, or of another: fit[cnn], search@2, report@01M8…')
    .addOption(storeOption)
    .option('--json', 'print it as JSON')
    .action(async (reference: string, options) => {
      const { whyCommand } = await import('./why-command.ts');
      finish(await whyCommand(reference, options));
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
      finish(await graphCommand(file, targets, options));
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
      finish(await attributeCommand(first, second, options));
    });
}
