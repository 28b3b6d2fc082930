import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { type Failure, failure } from '../errors/failure.ts';
import { isSystemError, systemFailure } from '../errors/system.ts';
import { modelSchema } from '../model/description.ts';
import { validateModel } from '../model/validate.ts';
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';
import { type ExecutorSettings, readExecutor } from './executor.ts';
import { buildInstances } from './instances.ts';
import { interpolate } from './interpolate.ts';
import { locateMistakes } from './locate-mistakes.ts';
import { overlay, setParam, unknownNames } from './params.ts';
import type { Pipeline } from './pipeline.ts';
import { projectAbove } from './project.ts';
import { pipelineSchema, stageSchema } from './schema.ts';
import { createValidator } from './validate.ts';
import { parseYamlFile, type YamlFile } from './yaml-file.ts';

/** What the command line adds to a pipeline file. */
export interface LoadOptions {
  readonly profile?: string;
  /** A YAML file with params to lay over the pipeline's. */
  readonly paramsFile?: string;
  /** `name=value` pairs. */
  readonly set?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

function readText(file: string): Result<string, Failure[]> {
  try {
    return ok(readFileSync(file, 'utf8'));
  } catch (problem) {
    const hint =
      isSystemError(problem) && problem.code === 'ENOENT'
        ? 'give the path of a pipeline file, for example pipelines/emnist.yaml'
        : undefined;
    return err([systemFailure(`cannot read ${file}`, problem, hint)]);
  }
}

/** Loads, interpolates and checks a pipeline file. All mistakes are returned at once, each with its place. */
export async function loadPipeline(file: string, options: LoadOptions): Promise<Result<Pipeline, Failure[]>> {
  const text = readText(file);
  if (!text.ok) return text;
  const shown = relative(process.cwd(), file) || file;
  const parsed = parseYamlFile(shown, text.value);
  if (!parsed.ok) return parsed;
  const yaml = parsed.value;
  const validator = createValidator();
  const shape = pipelineSchema(stageSchema({ type: 'string' }, { type: 'object' }), { type: 'object' });
  const mistakes = locateMistakes(yaml, [], validator.check(shape, yaml.value));
  if (mistakes.length > 0) return err(mistakes);
  const content = yaml.value as JsonObject;
  const env = declaredEnvironment(content, options.env);
  const params = effectiveParams(yaml, content, options, env);
  if (!params.ok) return params;
  const seed = params.value['seed'] ?? 0;
  if (typeof seed !== 'number' || !Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    return err([
      failure('pipeline-seed', `params.seed must be a whole number from 0 to 4294967295, got ${JSON.stringify(seed)}`, {
        location: yaml.locate(['params', 'seed']),
      }),
    ]);
  }
  const models = checkModels(yaml, content, params.value, validator);
  if (!models.ok) return models;
  const scope = { params: params.value, env, profile: options.profile ?? 'default' };
  const executor = readExecutors(yaml, content, scope);
  if (!executor.ok) return executor;
  const instances = await buildInstances({
    yaml,
    file,
    stages: content['stages'] as JsonObject,
    models: models.value,
    scope,
    validator,
  });
  if (!instances.ok) return instances;
  return ok({
    name: content['pipeline'] as string,
    file: resolve(file),
    root: projectAbove(dirname(resolve(file))),
    profile: options.profile,
    params: params.value,
    declaredEnv: (content['env'] as readonly string[] | undefined) ?? [],
    env,
    seed,
    executor: executor.value,
    instances: instances.value,
  });
}

function declaredEnvironment(content: JsonObject, env: LoadOptions['env']): Record<string, string> {
  const names = (content['env'] as readonly string[] | undefined) ?? [];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

function effectiveParams(
  yaml: YamlFile,
  content: JsonObject,
  options: LoadOptions,
  env: Record<string, string>,
): Result<JsonObject, Failure[]> {
  let params = (content['params'] as JsonObject | undefined) ?? {};
  const profiles = (content['profiles'] as JsonObject | undefined) ?? {};
  const unknown = Object.entries(profiles).flatMap(([name, over]) =>
    unknownNames(params, over as JsonObject).map(({ path, hint }) =>
      failure('profile-unknown-param', `profile "${name}" sets "${path.join('.')}", which is not in params`, {
        hint,
        location: yaml.locate(['profiles', name, ...path], 'key'),
      }),
    ),
  );
  if (unknown.length > 0) return err(unknown);
  if (options.profile !== undefined && options.profile !== 'default') {
    if (!Object.hasOwn(profiles, options.profile)) {
      return err([
        failure('profile-unknown', `${yaml.file} has no profile "${options.profile}"`, {
          hint: suggestion(options.profile, Object.keys(profiles)),
        }),
      ]);
    }
    params = overlay(params, profiles[options.profile] as JsonObject);
  }
  if (options.paramsFile !== undefined) {
    const laid = overlayFile(params, options.paramsFile);
    if (!laid.ok) return laid;
    params = laid.value;
  }
  for (const assignment of options.set ?? []) {
    const changed = setParam(params, assignment);
    if (!changed.ok) return err([changed.error]);
    params = changed.value;
  }
  const { value, mistakes } = interpolate(params, { env });
  if (mistakes.length > 0) {
    return err(
      mistakes.map((mistake) =>
        failure('reference', mistake.message, {
          hint: mistake.hint,
          location: yaml.locate(['params', ...mistake.path], 'value', mistake.offset),
        }),
      ),
    );
  }
  return ok(value as JsonObject);
}

/** Reads who is to run the jobs; its texts may refer to params, so that a profile can choose. */
function readExecutors(
  yaml: YamlFile,
  content: JsonObject,
  scope: { readonly params: JsonObject; readonly env: Record<string, string>; readonly profile: string },
): Result<ExecutorSettings, Failure[]> {
  const written = { executor: content['executor'] ?? 'local', executors: content['executors'] ?? {} };
  const { value, mistakes } = interpolate(written, scope);
  if (mistakes.length > 0)
    return err(
      mistakes.map(({ path, offset, message, hint }) =>
        failure('reference', message, { hint, location: yaml.locate(path, 'value', offset) }),
      ),
    );
  const { executor, executors } = value as JsonObject;
  const read = readExecutor(executor, executors);
  if (read.ok) return read;
  return err(
    read.error.map(({ path, message, hint }) =>
      failure('executor', message, { location: yaml.locate(path), ...(hint === undefined ? {} : { hint }) }),
    ),
  );
}

function overlayFile(params: JsonObject, file: string): Result<JsonObject, Failure[]> {
  const text = readText(file);
  if (!text.ok) return text;
  const parsed = parseYamlFile(file, text.value);
  if (!parsed.ok) return parsed;
  const over = parsed.value.value ?? {};
  if (!isJsonObject(over))
    return err([failure('params-file', `${file} must be a map of params`, { location: parsed.value.locate([]) })]);
  const unknown = unknownNames(params, over);
  if (unknown.length > 0) {
    return err(
      unknown.map(({ path, hint }) =>
        failure('params-file', `the pipeline has no parameter "${path.join('.')}"`, {
          hint,
          location: parsed.value.locate(path, 'key'),
        }),
      ),
    );
  }
  return ok(overlay(params, over));
}

function checkModels(
  yaml: YamlFile,
  content: JsonObject,
  params: JsonObject,
  validator: ReturnType<typeof createValidator>,
): Result<JsonObject, Failure[]> {
  const models: [string, Json][] = [];
  const problems: Failure[] = [];
  for (const [name, description] of Object.entries((content['models'] as JsonObject | undefined) ?? {})) {
    const { value, mistakes } = interpolate(description, { params }, ['hyper', 'data']);
    for (const mistake of mistakes) {
      problems.push(
        failure('reference', mistake.message, {
          hint: mistake.hint,
          location: yaml.locate(['models', name, ...mistake.path], 'value', mistake.offset),
        }),
      );
    }
    const shape = validator.check(modelSchema, value);
    problems.push(...locateMistakes(yaml, ['models', name], shape));
    const model = { name, ...(value as JsonObject) };
    if (shape.length === 0 && mistakes.length === 0) {
      problems.push(
        ...locateMistakes(
          yaml,
          ['models', name],
          validateModel(model as never).map((mistake) => ({ at: 'value', ...mistake })),
        ),
      );
    }
    models.push([name, model]);
  }
  return problems.length > 0 ? err(problems) : ok(Object.fromEntries(models));
}
