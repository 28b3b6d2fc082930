import type { JsonSchema } from '../stage/stage-kind.ts';
import { executorSchema, executorsSchema } from './executor.ts';

/** What names of stages, params and matrix values may look like: they end up in file names, tables and pages. */
export const namePattern = '^[A-Za-z_][A-Za-z0-9_-]{0,63}$';

const names = { pattern: namePattern };
const referenceSchema = {
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
  markdownDescription:
    'Where the input comes from: `stage`, `stage.output`, `stage[value]` or `stage[*]` of a matrix stage.',
};

/** Schema of one entry of `stages:`, with the schema of its `with:` put in by whoever knows the kinds. */
export function stageSchema(uses: JsonSchema, parameters: JsonSchema): JsonSchema {
  return {
    type: 'object',
    required: ['uses'],
    additionalProperties: false,
    properties: {
      uses,
      with: parameters,
      from: { type: 'object', additionalProperties: referenceSchema, description: 'Inputs, by the slots of the kind.' },
      needs: {
        type: 'array',
        items: { type: 'string' },
        description: 'Stages that must be done before, without giving data.',
      },
      matrix: {
        type: 'object',
        minProperties: 1,
        propertyNames: names,
        additionalProperties: { anyOf: [{ type: 'array', minItems: 1 }, { type: 'string' }] },
        description: 'The stage runs once for each combination of these values; use them as ${matrix.name}.',
      },
      resources: {
        type: 'object',
        additionalProperties: false,
        description: 'What one job takes of the machine.',
        properties: {
          cpus: {
            anyOf: [{ type: 'integer', minimum: 1 }, { type: 'string' }],
            description: 'CPU slots, and threads inside one TensorFlow operation.',
          },
          gpu: {
            anyOf: [{ type: 'number', exclusiveMinimum: 0, maximum: 1 }, { type: 'string' }],
            description:
              'Share of one GPU, where there are GPUs. Left out, kinds that train take as much as was measured, others none.',
          },
          memory: {
            anyOf: [{ type: 'integer', minimum: 1 }, { type: 'string' }],
            description: 'Main memory: 2GB, 512MiB, or a number of bytes. Left out, it is what was measured.',
          },
        },
      },
      timeout: {
        anyOf: [{ type: 'number', exclusiveMinimum: 0, maximum: 2000000 }, { type: 'string' }],
        description: 'Seconds after which a job is stopped. It does not change the fingerprint.',
      },
      retries: {
        anyOf: [{ type: 'integer', minimum: 0, maximum: 100 }, { type: 'string' }],
        description: 'How often a job that failed or took too long is tried again, after a pause that doubles.',
      },
      isolate: {
        enum: ['worker', 'process'],
        description: 'process gives each job a fresh process; worker (the default) uses warm ones again.',
      },
    },
  };
}

/** Schema of a pipeline file, in the subset that draft-07 and 2020-12 share. */
export function pipelineSchema(stage: JsonSchema, model: JsonSchema): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A pipeline of pipe',
    type: 'object',
    required: ['pipeline', 'stages'],
    additionalProperties: false,
    properties: {
      pipeline: { type: 'string', ...names, description: 'Name of the pipeline.' },
      description: { type: 'string' },
      params: {
        type: 'object',
        propertyNames: names,
        description: 'Values to use as ${params.name}; changed by profiles, --params and --set.',
      },
      env: {
        type: 'array',
        items: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
        description: 'Environment variables that the pipeline may use as ${env.NAME}.',
      },
      profiles: {
        type: 'object',
        propertyNames: names,
        additionalProperties: { type: 'object' },
        description: 'Params laid over `params` by `--profile NAME`.',
      },
      executor: executorSchema,
      executors: executorsSchema,
      models: {
        type: 'object',
        propertyNames: names,
        additionalProperties: model,
        description: 'Model architectures, by name.',
      },
      stages: {
        type: 'object',
        minProperties: 1,
        propertyNames: names,
        additionalProperties: stage,
        description: 'The stages, by name.',
      },
    },
  };
}
