import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import { type Failure, failure, type Location } from '../errors/failure.ts';
import type { Json } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';

/** A place in a document: map keys and list indices from its root. */
export type Path = readonly (string | number)[];

/** A YAML file as plain data that still knows where each value stands. */
export interface YamlFile {
  readonly file: string;
  readonly value: Json;
  /**
   * Line and column of the value at a path, or of its key. The nearest ancestor that exists is taken where the path
   * itself does not. `offset` moves the column into a plain or quoted text.
   */
  locate(path: Path, at?: 'key' | 'value', offset?: number): Location;
}

const largestFile = 1024 * 1024;

/**
 * Parses YAML 1.2 (core schema) of at most 1 MiB. No custom tags, no duplicate keys, no whole number that JavaScript
 * would round, aliases bounded; warnings of the parser are errors. All mistakes are returned, with their places.
 */
export function parseYamlFile(file: string, text: string): Result<YamlFile, Failure[]> {
  if (Buffer.byteLength(text) > largestFile) {
    return err([
      failure('yaml-too-large', `${file} has ${Buffer.byteLength(text)} bytes; at most ${largestFile} are read`),
    ]);
  }
  const lines = new LineCounter();
  // The library's own check of unique keys compares every pair of keys: seconds for a large file. Ours is below.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, version: '1.2', logLevel: 'silent' });
  const at = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const problems = [...document.errors, ...document.warnings].map((problem) =>
    failure('yaml-syntax', (problem.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''), {
      location: at(problem.pos[0]),
    }),
  );
  if (problems.length > 0) return err(problems);
  problems.push(...checkNodes(document.contents, text, at));
  if (problems.length > 0) return err(problems);
  let value: Json;
  try {
    value = document.toJS({ maxAliasCount: 100 }) as Json;
  } catch (problem) {
    return err([
      failure('yaml-aliases', `${file}: ${(problem as Error).message}`, { hint: 'write the repeated part out' }),
    ]);
  }
  const pairs: PairIndex = new WeakMap();
  const locate = (path: Path, side: 'key' | 'value' = 'value', shift?: number): Location => {
    const node = nodeAt(document.contents, path, side, pairs);
    const offset = node?.range?.[0] ?? 0;
    const quoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
    return at(offset + (shift === undefined ? 0 : shift + (quoted ? 1 : 0)));
  };
  return ok({ file, value, locate });
}

/** The pairs of a map by key, made when a map is first looked into: thousands of places are looked up in one of thousands. */
type PairIndex = WeakMap<YAMLMap, Map<string, Pair>>;

function pairOf(map: YAMLMap, key: string, index: PairIndex): Pair | undefined {
  const known =
    index.get(map) ??
    new Map(map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : [])));
  index.set(map, known);
  return known.get(key);
}

function nodeAt(root: Node | null, path: Path, side: 'key' | 'value', index: PairIndex): Node | undefined {
  let current: Node | undefined = root ?? undefined;
  for (const [depth, step] of path.entries()) {
    let next: Node | undefined;
    if (isMap(current)) {
      const pair = pairOf(current, String(step), index);
      const last = depth === path.length - 1;
      next = (last && side === 'key' ? pair?.key : (pair?.value ?? pair?.key)) as Node | undefined;
    } else if (isSeq(current)) {
      next = current.items[Number(step)] as Node | undefined;
    }
    if (next === undefined) return current;
    current = next;
  }
  return current;
}

function checkNodes(root: Node | null, text: string, at: (offset: number) => Location): Failure[] {
  const problems: Failure[] = [];
  visit(root as Node, {
    Map: (_, map) => {
      const seen = new Map<string, number>();
      for (const { key } of map.items) {
        if (!isScalar(key) || isAlias(key)) continue;
        const name = String(key.value);
        const offset = key.range?.[0] ?? 0;
        const first = seen.get(name);
        if (first !== undefined) {
          const { line } = at(first);
          problems.push(
            failure('yaml-duplicate-key', `the key "${name}" stands twice`, {
              location: at(offset),
              hint: `first on line ${line}; remove one of them`,
            }),
          );
        }
        seen.set(name, offset);
      }
    },
    Scalar: (_, scalar) => {
      const range = scalar.range;
      if (typeof scalar.value !== 'number' || range === undefined || range === null) return;
      if (
        Number.isInteger(scalar.value) &&
        !Number.isSafeInteger(scalar.value) &&
        /^[-+]?\d+$/.test(text.slice(range[0], range[1]))
      ) {
        problems.push(
          failure('yaml-number', `${text.slice(range[0], range[1])} cannot be kept exactly`, {
            location: at(range[0]),
            hint: 'use a whole number of at most 9007199254740991, or quote it',
          }),
        );
      }
    },
  });
  return problems;
}
