import { commandFiles } from '../src/command/external-files.ts';
import type { CommandParams } from '../src/command/params.ts';
import { defineStage, paramsOf } from '../src/stage/stage-kind.ts';
import { ok } from '../src/util/result.ts';

/**
 * Runs any program. It finds its inputs by `PIPE_INPUT_<STAGE>` (the Arrow file; of a blob the file it holds, or a
 * folder), all of them listed in the JSON file `PIPE_INPUTS`, its `params` in the JSON file `PIPE_PARAMS`, a seed in
 * `PIPE_SEED`. Each file that it writes below `PIPE_OUTPUT` becomes a row of the artifact. It sees the variables that the
 * pipeline declares in `env:` and no others but the usual (PATH, HOME, LANG …).
 */
export const command = defineStage({
  kind: 'command',
  version: 1,
  description: 'Runs a program: a script of yours in Python, R or the shell, or anything else.',
  params: paramsOf<CommandParams>({
    type: 'object',
    additionalProperties: false,
    required: ['run'],
    properties: {
      run: {
        anyOf: [
          { type: 'array', minItems: 1, items: { type: 'string' } },
          { type: 'string', minLength: 1 },
        ],
        description:
          'The program and its arguments as a list, or a text for the shell. Files of the project that it names run it again when they change.',
      },
      files: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        description: 'Other files that it reads, relative to the project; * and ** match.',
      },
      params: { type: 'object', description: 'Values for the program: the JSON file that PIPE_PARAMS names.' },
      // A timer of Node's holds 2^31 milliseconds.
      timeout: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 2_000_000,
        description: 'Seconds after which it is stopped.',
      },
    },
  }),
  inputs: { inputs: { type: 'any', many: true, optional: true, description: 'any artifacts' } },
  outputs: { files: { type: 'blob', description: 'the files that it wrote, a row each' } },
  seeded: true,
  external: commandFiles,
  run: async ({ params, inputs, outputs, seed, root, env, work, log, signal }) => {
    const { giveInputs } = await import('../src/command/inputs.ts');
    const { runProgram } = await import('../src/command/run-program.ts');
    const { collectOutput } = await import('../src/command/collect-output.ts');
    const { join } = await import('node:path');
    const given = giveInputs(inputs.inputs ?? [], join(work, 'inputs'));
    if (!given.ok) return given;
    const ran = await runProgram({ params, inputs: given.value, root, env, seed, work, log, signal });
    if (!ran.ok) return ran;
    const output = collectOutput(ran.value);
    if (!output.ok) return output;
    outputs.files.write(output.value);
    return ok();
  },
});
