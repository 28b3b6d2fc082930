import { type Command, Option } from 'commander';
import { collect, gpus, positive, size, storeOption } from './option-values.ts';

/** A command that takes a pipeline and what of it is meant. */
export const pipelineCommand = (
  program: Command,
  name: string,
  description: string,
  first: readonly [string, string][] = [],
): Command =>
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

/** What a command may have of the machine. */
export const machineOptions = (command: Command): Command =>
  command
    .option('--workers <number>', 'CPU slots: jobs of one thread side by side (default: one a processor)', positive)
    .option('--memory <size>', 'main memory that jobs may take together: 12GB (default: what is free)', size)
    .option(
      '--gpus <list>',
      'GPUs by index or UUID: 0,1, or none (default: all that CUDA_VISIBLE_DEVICES names)',
      gpus,
    );
