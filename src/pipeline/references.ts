import { suggestion } from '../util/suggest.ts';

/** A stage instance as far as references to it are concerned. */
export interface Referable {
  readonly id: string;
  readonly stage: string;
  readonly matrix: Readonly<Record<string, string>>;
  readonly outputs: readonly string[];
}

/** Finds what references to stages stand for. */
export interface References<Target extends Referable> {
  /**
   * Resolves `stage`, `stage.output`, `stage[value]`, `stage[first,second].output` or `stage[*]` to stage instances.
   * Values stand in the order of the matrix's axes; `*` and a left-out bracket take all.
   */
  resolve(text: string): Resolution<Target>;
}

type Resolution<Target> =
  | { readonly ok: true; readonly value: { readonly targets: readonly Target[]; readonly output: string } }
  | { readonly ok: false; readonly message: string; readonly hint: string };

const form = /^([A-Za-z_][\w-]*)(?:\[([^\]]*)\])?(?:\.([A-Za-z_][\w-]*))?$/;

interface Instances<Target> {
  readonly all: Target[];
  /** By their values: one of ten thousand is found without looking at the others. */
  readonly byValues: Map<string, Target>;
}

const key = (values: readonly string[]): string => JSON.stringify(values);

/** References among these instances. */
export function createReferences<Target extends Referable>(instances: readonly Target[]): References<Target> {
  const stages = new Map<string, Instances<Target>>();
  for (const instance of instances) {
    const known = stages.get(instance.stage) ?? { all: [], byValues: new Map<string, Target>() };
    known.all.push(instance);
    known.byValues.set(key(Object.values(instance.matrix)), instance);
    stages.set(instance.stage, known);
  }
  return { resolve: (text) => resolve(text, stages) };
}

function resolve<Target extends Referable>(
  text: string,
  stages: ReadonlyMap<string, Instances<Target>>,
): Resolution<Target> {
  const fail = (message: string, hint: string): Resolution<Target> => ({ ok: false, message, hint });
  const parts = form.exec(text.trim());
  if (parts === null)
    return fail(
      `"${text}" is not a reference to a stage`,
      'write stage, stage.output, stage[value] or stage[*].output',
    );
  const [, stage = '', selector, output] = parts;
  const known = stages.get(stage);
  const first = known?.all[0];
  if (known === undefined || first === undefined)
    return fail(`there is no stage "${stage}"`, suggestion(stage, [...stages.keys()]));
  const axes = Object.keys(first.matrix);
  const wanted = selector === undefined ? axes.map(() => '*') : selector.split(',').map((value) => value.trim());
  if (wanted.length !== axes.length && !(wanted.length === 1 && wanted[0] === '*')) {
    return fail(
      `"${stage}" has ${axes.length === 0 ? 'no matrix' : `the matrix axes ${axes.join(', ')}`}, got [${selector}]`,
      axes.length === 0 ? `write ${stage}` : `write ${stage}[${axes.join(',')}]`,
    );
  }
  const exact = known.byValues.get(key(wanted));
  const matching = (): Target[] =>
    known.all.filter((instance) =>
      axes.every((axis, index) => ['*', instance.matrix[axis]].includes(wanted[index] ?? '*')),
    );
  const targets = exact === undefined || wanted.includes('*') ? matching() : [exact];
  if (targets.length === 0) {
    return fail(
      `"${stage}" has no instance [${selector}]`,
      suggestion(
        wanted.join(','),
        known.all.map((instance) => Object.values(instance.matrix).join(',')),
      ),
    );
  }
  const slot = output ?? first.outputs[0];
  if (slot === undefined || !first.outputs.includes(slot)) {
    return fail(`"${stage}" has no output "${output}"`, suggestion(output ?? '', first.outputs));
  }
  return { ok: true, value: { targets, output: slot } };
}
