import { Ajv, type ErrorObject } from 'ajv';
import type { JsonSchema } from '../stage/stage-kind.ts';
import type { Json } from '../util/json.ts';
import { suggestion } from '../util/suggest.ts';
import { namePattern } from './schema.ts';

/** A value that breaks its schema: the path to it (or to its key), what is wrong, and what would be right. */
export interface SchemaMistake {
  readonly path: readonly (string | number)[];
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly hint?: string;
}

/** Checks values against JSON Schemas, filling in defaults, and words what is wrong. */
export interface Validator {
  check(schema: JsonSchema, value: Json): readonly SchemaMistake[];
}

/** A validator that compiles each schema once. `refersTo` marks a property that names an entry of the pipeline. */
export function createValidator(): Validator {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    useDefaults: true,
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    strictTypes: false,
  });
  for (const keyword of ['refersTo', 'filledWith', 'markdownDescription', 'defaultSnippets']) ajv.addKeyword(keyword);
  return {
    check: (schema, value) => {
      const validate = ajv.compile(schema);
      if (validate(value)) return [];
      const problems = (validate.errors ?? []).map((problem) => ({
        choice: isChoice(problem),
        mistakes: wordMistake(problem, value),
      }));
      return distinct(problems.flatMap(({ choice, mistakes }) => mistakes.map((mistake) => ({ choice, mistake }))));
    },
  };
}

interface Worded {
  /** Stands for all alternatives of an `anyOf`, whose own complaints come beside it. */
  readonly choice: boolean;
  readonly mistake: SchemaMistake;
}

function isChoice(problem: ErrorObject): boolean {
  return problem.keyword === 'anyOf' || problem.keyword === 'oneOf';
}

function isInside(path: SchemaMistake['path'], outer: SchemaMistake['path']): boolean {
  return path.length > outer.length && outer.every((step, index) => step === path[index]);
}

/** One mistake a place. Of alternatives, the complaint of a deeper place is kept; where none is deeper, the choice's own. */
function distinct(worded: readonly Worded[]): SchemaMistake[] {
  const kept = worded.filter(({ choice, mistake }) => {
    if (choice) return !worded.some((other) => isInside(other.mistake.path, mistake.path));
    return !worded.some(
      (other) => other.choice && other.mistake.path.join('/') === mistake.path.join('/') && mistake.at === 'value',
    );
  });
  const seen = new Set<string>();
  return kept.flatMap(({ mistake }) => {
    const key = JSON.stringify([mistake.path, mistake.at]);
    if (seen.has(key)) return [];
    seen.add(key);
    return [mistake];
  });
}

function pathOf(pointer: string, root: Json): (string | number)[] {
  let container: unknown = root;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(container) ? Number(name) : name;
      container = (container as Record<string | number, unknown> | undefined)?.[step];
      return step;
    });
}

/** Shows a value in a message, shortened. */
export function show(value: unknown): string {
  const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
  return text === undefined ? 'nothing' : text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

const typeNames: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'null',
};

function typeText(types: string | readonly string[]): string {
  return (typeof types === 'string' ? types.split(',') : types).map((type) => typeNames[type] ?? type).join(' or ');
}

function wordMistake(problem: ErrorObject, root: Json): SchemaMistake[] {
  const path = pathOf(problem.instancePath, root);
  const got = show(problem.data);
  const params = problem.params as Record<string, unknown>;
  const name = path.length === 0 ? 'the value' : `"${path.at(-1)}"`;
  const value = (message: string, hint?: string): SchemaMistake[] => [
    { path, at: 'value', message, ...(hint === undefined ? {} : { hint }) },
  ];
  switch (problem.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const known = Object.keys((problem.parentSchema?.['properties'] as object | undefined) ?? {});
      return [{ path: [...path, key], at: 'key', message: `"${key}" is not known here`, hint: suggestion(key, known) }];
    }
    case 'required':
      return [
        {
          path,
          at: 'key',
          message: `${path.length === 0 ? 'the file' : name} has no "${String(params['missingProperty'])}"`,
          hint: `add "${String(params['missingProperty'])}: …"`,
        },
      ];
    case 'propertyNames':
      return [
        {
          path: [...path, String(params['propertyName'])],
          at: 'key',
          message: `"${String(params['propertyName'])}" cannot be a name`,
          hint: 'names start with a letter and have letters, digits, _ and - only, at most 64',
        },
      ];
    case 'type':
      return value(`${name} must be ${typeText(params['type'] as string)}, got ${got}`);
    case 'enum':
      return value(
        `${name} cannot be ${got}`,
        suggestion(String(problem.data), (params['allowedValues'] as unknown[]).map(String)),
      );
    case 'const':
      return value(`${name} must be ${show(params['allowedValue'])}, got ${got}`);
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return value(`${name} must be ${String(params['comparison'])} ${String(params['limit'])}, got ${got}`);
    case 'pattern':
      if (problem.schema === namePattern && problem.propertyName !== undefined) return [];
      return value(`${name} must match ${String(params['pattern'])}, got ${got}`);
    case 'anyOf':
    case 'oneOf': {
      const types = ((problem.schema as JsonSchema[] | undefined) ?? [])
        .map((option) => option['type'])
        .filter((type) => typeof type === 'string');
      return types.length > 0
        ? value(`${name} must be ${typeText(types as string[])}, got ${got}`)
        : value(`${name} fits none of its forms, got ${got}`);
    }
    default:
      return value(`${name} ${problem.message ?? 'is wrong'}, got ${got}`);
  }
}
