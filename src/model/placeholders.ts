import { isJsonObject, type Json, type JsonObject } from '../util/json.ts';
import { suggestion } from '../util/suggest.ts';
import type { ModelMistake } from './description.ts';

const placeholder = /^\$\{\s*(hyper|data)\.([\w-]+)\s*(?:([-+*/])\s*(\d+(?:\.\d+)?)\s*)?\}$/;

/** Values that placeholders refer to. */
export interface PlaceholderScope {
  readonly hyper: JsonObject;
  readonly data: Readonly<Record<string, number>>;
}

function calculate(left: number, operator: string, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    default:
      return left / right;
  }
}

/**
 * Replaces `${hyper.x}` and `${data.x}`, also with one operator and a number (`${hyper.units / 2}`), which must be
 * the whole text; the value keeps its type. Mistakes come with their paths, the names that were used with them.
 */
export function fillPlaceholders(
  content: Json,
  scope: PlaceholderScope,
): {
  readonly value: Json;
  readonly mistakes: ModelMistake[];
  readonly used: Set<string>;
  /** Paths, joined by "/", of values that were made of the data's sizes. */
  readonly ofData: Set<string>;
} {
  const mistakes: ModelMistake[] = [];
  const used = new Set<string>();
  const ofData = new Set<string>();
  const text = (source: string, path: readonly (string | number)[]): Json => {
    if (!source.includes('${')) return source;
    const parts = placeholder.exec(source.trim());
    if (parts === null) {
      mistakes.push({
        path,
        message: `"${source}" is not a placeholder`,
        hint: 'write ${hyper.name}, ${hyper.name / 2} or ${data.classes}, alone',
      });
      return source;
    }
    const [, space = '', name = '', operator, operand] = parts;
    const names = space === 'hyper' ? scope.hyper : scope.data;
    if (!Object.hasOwn(names, name)) {
      mistakes.push({
        path,
        message: `there is no ${space === 'hyper' ? 'hyperparameter' : 'data size'} "${name}"`,
        hint: suggestion(name, Object.keys(names)),
      });
      return source;
    }
    if (space === 'hyper') used.add(name);
    else ofData.add(path.join('/'));
    const found = names[name] as Json;
    if (operator === undefined) return found;
    if (typeof found !== 'number') {
      mistakes.push({ path, message: `${source}: "${name}" is not a number, it is ${JSON.stringify(found)}` });
      return source;
    }
    const result = calculate(found, operator, Number(operand));
    if (Number.isFinite(result)) return result;
    mistakes.push({ path, message: `${source} is not a finite number`, hint: 'divide by another number than 0' });
    return source;
  };
  const walk = (node: Json, path: readonly (string | number)[]): Json => {
    if (typeof node === 'string') return text(node, path);
    if (Array.isArray(node)) return node.map((item: Json, index) => walk(item, [...path, index]));
    if (isJsonObject(node))
      return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, walk(item, [...path, key])]));
    return node;
  };
  return { value: walk(content, []), mistakes, used, ofData };
}
