import type { CodeClosure } from '../fingerprint/closure.ts';
import type { FingerprintInput, FingerprintTree } from '../fingerprint/fingerprint.ts';
import { isJsonObject, type Json } from '../util/json.ts';

/** What kind of thing changed. `input` is a consequence of another stage's change; all others are causes of their own. */
export type ChangeKind =
  | 'pipe'
  | 'kind'
  | 'code'
  | 'package'
  | 'parameter'
  | 'data'
  | 'environment'
  | 'seed'
  | 'compute'
  | 'input';

/** One leaf of a fingerprint that differs. A side that is not there is undefined: it was added or removed. */
export interface Change {
  readonly kind: ChangeKind;
  /** Where: `with.units`, `stages/fit: run`, a package's name, a file's name, a variable, an input slot. */
  readonly leaf: string;
  readonly before?: Json;
  readonly after?: Json;
  /** Of an input slot that takes many: whose artifact it is. */
  readonly from?: string;
}

type Closure = Pick<CodeClosure, 'modules' | 'packages'>;

/** The two code closures, where they are still known. */
export interface Closures {
  readonly before: Closure | undefined;
  readonly after: Closure | undefined;
}

function change(kind: ChangeKind, leaf: string, before: Json | undefined, after: Json | undefined): Change {
  return { kind, leaf, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** Leaves of two values that differ. Maps are compared by key; a list is one leaf: its order matters. */
function leaves(kind: ChangeKind, path: string, before: Json | undefined, after: Json | undefined): Change[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => leaves(kind, path === '' ? key : `${path}.${key}`, own(before, key), own(after, key)));
  }
  // A list of maps (a model's layers) is compared item by item where both have as many.
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length && before.some(isJsonObject))
    return before.flatMap((item: Json, index) => leaves(kind, `${path}[${index}]`, item, after[index] as Json));
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [change(kind, path, before, after)];
}

function own<Value>(map: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** The leaves that differ between two fingerprints of one stage, causes first, then inputs, which are consequences. */
export function changesBetween(before: FingerprintTree, after: FingerprintTree, closures: Closures): Change[] {
  return [
    ...leaves('pipe', 'format of fingerprints', before.format, after.format),
    ...leaves('kind', 'uses', before.kind, after.kind),
    ...leaves('kind', 'version of the kind', before.version, after.version),
    ...(before.code === after.code ? [] : codeChanges(closures)),
    ...leaves('parameter', 'with', before.params, after.params),
    ...leaves('data', 'source', before.external.identity, after.external.identity),
    ...leaves('data', '', before.external.files, after.external.files),
    ...leaves('environment', 'env', before.env, after.env),
    ...leaves('seed', 'seed', before.seed, after.seed),
    ...leaves('compute', 'compute', { ...before.compute }, { ...after.compute }),
    ...leaves('kind', 'outputs', before.outputs, after.outputs),
    ...inputChanges(before.inputs, after.inputs),
  ];
}

/** Declarations by module, then packages. Digests say nothing to people: only that a declaration changed. */
function codeChanges({ before, after }: Closures): Change[] {
  if (before === undefined || after === undefined)
    return [change('code', 'the code of the stage', undefined, undefined)];
  const modules = leaves('code', '', before.modules, after.modules).map(({ leaf, ...rest }) => {
    // Module names have dots of their own; a declaration's name has none.
    const at = leaf.lastIndexOf('.');
    const isModule = isJsonObject(rest.before) || isJsonObject(rest.after);
    const name = isModule ? leaf : `${leaf.slice(0, at)}: ${leaf.slice(at + 1)}`;
    return { ...change('code', name, 'before' in rest ? true : undefined, 'after' in rest ? true : undefined) };
  });
  return [...modules, ...leaves('package', '', before.packages, after.packages)];
}

type Inputs = FingerprintTree['inputs'];

function inputChanges(before: Inputs, after: Inputs): Change[] {
  const slots = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return slots.flatMap((slot) => {
    const [old, now] = [before[slot] ?? [], after[slot] ?? []];
    const names = [...new Set([...old, ...now].map(({ from }) => from))];
    return names.flatMap((from) => {
      const of = (list: readonly FingerprintInput[]) =>
        list.filter((one) => one.from === from).map(({ digest }) => digest);
      const [was, is] = [of(old), of(now)];
      if (was.join() === is.join()) return [];
      const found = change('input', slot, was[0], is[0]);
      return [from === '' ? found : { ...found, from }];
    });
  });
}
