import { type Command, Option } from 'commander';
import type { Finish } from './command-line.ts';
import { percent, storeOption } from './option-values.ts';
import { pipelineCommand } from './pipeline-options.ts';

/** gc, pin, unpin, verify, push, pull, export. */
export function addStoreCommands(program: Command, finish: Finish): void {
  const remoteText = "a folder, s3://bucket/prefix, or http://host:port of a cache that speaks Bazel's protocol";
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
      finish(await gcCommand(options));
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
      finish(await pinCommand(run, name, options));
    });

  program
    .command('unpin')
    .description('let a pinned run go')
    .argument('<name>')
    .addOption(storeOption)
    .action(async (name: string, options) => {
      const { unpinCommand } = await import('./pin-command.ts');
      finish(await unpinCommand(name, options));
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
      finish(await verifyCommand(run, options));
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
      finish(await pushCommand(remote, runs, options));
    });

  pipelineCommand(program, 'pull', 'get from a remote what a run would otherwise compute', [['<remote>', remoteText]])
    .option('--json', 'print it as JSON')
    .action(async (remote: string, file: string, targets: string[], options) => {
      const { pullCommand } = await import('./pull-command.ts');
      finish(await pullCommand(remote, file, targets, options));
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
      finish(await exportCommand(reference, options));
    });
}
