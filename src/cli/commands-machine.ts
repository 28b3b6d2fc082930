import { type Command, Option } from 'commander';
import type { Finish } from './command-line.ts';

/** setup, doctor, schema. */
export function addMachineCommands(program: Command, finish: Finish): void {
  program
    .command('setup')
    .description('set up native TensorFlow (done by the first run otherwise)')
    .addOption(new Option('--cpu', 'the CPU build').conflicts('gpu'))
    .option('--gpu', 'the GPU build (CUDA 12)')
    .action(async (options) => {
      const { setUpCommand } = await import('./set-up-command.ts');
      finish(await setUpCommand(options));
    });

  program
    .command('doctor')
    .description('show backend, TensorFlow version, devices and threads, and what is missing')
    .option('--json', 'print it as JSON')
    .action(async (options) => {
      const { doctorCommand } = await import('./doctor-command.ts');
      finish(await doctorCommand(options));
    });

  program
    .command('schema')
    .description('print the JSON Schema of pipeline files, for editors')
    .action(async () => {
      const { schemaCommand } = await import('./schema-command.ts');
      finish(await schemaCommand());
    });
}
