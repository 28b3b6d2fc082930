import { isJsonObject, type Json } from '../util/json.ts';
import { suggestion } from '../util/suggest.ts';

/** What a configuration value may be. */
export type ValueKind =
  /** A whole number from 1, or from 0 with `zero`. */
  | { readonly type: 'count'; readonly zero?: boolean }
  /** A number from `minimum` to `maximum`; a bound itself is left out where `exclusive` says so. */
  | {
      readonly type: 'number';
      readonly minimum?: number;
      readonly maximum?: number;
      readonly exclusive?: 'minimum' | 'maximum' | 'both';
    }
  | { readonly type: 'boolean' }
  /** A whole number from 1 (from 0 with `zero`), or one for height and one for width. */
  | { readonly type: 'pair'; readonly zero?: boolean }
  /** Whole numbers from 1; -1 at most once with `free`, for what follows from the rest. */
  | { readonly type: 'counts'; readonly free?: boolean }
  /** Numbers above 0. */
  | { readonly type: 'numbers' }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  /** A layer inside a layer: a map of one of these names to its configuration, which is checked by its own rules. */
  | { readonly type: 'layer'; readonly choices: readonly string[] };

/** One key of a configuration. */
export interface ValueRule {
  readonly kind: ValueKind;
  readonly description: string;
  readonly required?: boolean;
}

/** What is wrong with a value, and what would be right. */
export interface ValueProblem {
  readonly message: string;
  readonly hint?: string;
}

/** Shows a value in a message, shortened. */
export function shown(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function isCount(value: Json | undefined, least = 1): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
}

function numberProblem(name: string, value: Json, kind: ValueKind & { type: 'number' }): ValueProblem | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value))
    return { message: `"${name}" must be a number, got ${shown(value)}` };
  const { minimum, maximum, exclusive } = kind;
  const opensLow = exclusive === 'minimum' || exclusive === 'both';
  const opensHigh = exclusive === 'maximum' || exclusive === 'both';
  if (minimum !== undefined && (value < minimum || (opensLow && value === minimum)))
    return { message: `"${name}" must be ${opensLow ? 'more than' : 'at least'} ${minimum}, got ${value}` };
  if (maximum !== undefined && (value > maximum || (opensHigh && value === maximum)))
    return { message: `"${name}" must be ${opensHigh ? 'less than' : 'at most'} ${maximum}, got ${value}` };
  return undefined;
}

function countsProblem(name: string, value: Json, free: boolean): ValueProblem | undefined {
  const list = Array.isArray(value) ? (value as readonly Json[]) : [];
  const open = list.filter((one) => one === -1).length;
  const good = list.length > 0 && list.every((one) => isCount(one) || (free && one === -1)) && open <= 1;
  if (good) return undefined;
  const freely = free ? ', -1 at most once' : '';
  return { message: `"${name}" must be a list of whole numbers from 1${freely}, got ${shown(value)}` };
}

function numbersProblem(name: string, value: Json): ValueProblem | undefined {
  const list = Array.isArray(value) ? (value as readonly Json[]) : [];
  const good = list.length > 0 && list.every((one) => typeof one === 'number' && Number.isFinite(one) && one > 0);
  return good ? undefined : { message: `"${name}" must be a list of numbers above 0, got ${shown(value)}` };
}

function layerProblem(name: string, value: Json, choices: readonly string[]): ValueProblem | undefined {
  const names = isJsonObject(value) ? Object.keys(value) : [];
  if (names.length === 1 && choices.includes(names[0] ?? '')) return undefined;
  const message = `"${name}" must be a map of one layer (${choices.join(', ')}), got ${shown(value)}`;
  return { message, hint: `write ${name}: {${choices[0]}: {…}}` };
}

/** Checks one value against its kind; undefined when it is right. */
export function valueProblem(name: string, value: Json, kind: ValueKind): ValueProblem | undefined {
  switch (kind.type) {
    case 'count': {
      const least = kind.zero === true ? 0 : 1;
      if (isCount(value, least)) return undefined;
      return { message: `"${name}" must be a whole number from ${least}, got ${shown(value)}` };
    }
    case 'number':
      return numberProblem(name, value, kind);
    case 'boolean':
      return typeof value === 'boolean'
        ? undefined
        : { message: `"${name}" must be true or false, got ${shown(value)}` };
    case 'pair': {
      const least = kind.zero === true ? 0 : 1;
      const list = Array.isArray(value) ? (value as readonly Json[]) : [value, value];
      if (list.length === 2 && list.every((one) => isCount(one, least))) return undefined;
      return {
        message: `"${name}" must be a whole number from ${least}, or two of them for height and width, got ${shown(value)}`,
      };
    }
    case 'counts':
      return countsProblem(name, value, kind.free === true);
    case 'layer':
      return layerProblem(name, value, kind.choices);
    case 'numbers':
      return numbersProblem(name, value);
    case 'choice':
      if (typeof value === 'string' && kind.choices.includes(value)) return undefined;
      return {
        message: `"${name}" cannot be ${shown(value)}`,
        hint: suggestion(typeof value === 'string' ? value : '', kind.choices),
      };
  }
}

/** The rule as JSON Schema; a text with `${…}` may stand wherever a value stands, and is checked when its value is known. */
export function valueSchema({ kind, description }: ValueRule): Readonly<Record<string, unknown>> {
  const type = (...types: string[]) => ({ type: [...types, 'string'], description });
  switch (kind.type) {
    case 'count':
      return type('integer');
    case 'number':
      return type('number');
    case 'boolean':
      return type('boolean');
    case 'pair':
      return type('integer', 'array');
    case 'counts':
    case 'numbers':
      return type('array');
    case 'layer':
      return type('object');
    case 'choice':
      // Examples, not an enum: editors offer them, and what is wrong is told with a suggestion.
      return { type: 'string', examples: [...kind.choices], description };
  }
}
