import { suggestion } from '../util/suggest.ts';

/** A stage instance as far as references to it are concerned. */
export interface Referable {
  readonly id: string;
  readonly stage: string;
  readonly matrix: Readonly<Record<string, string>>;
  readonly outputs: readonly string[];
}

export interface ResolvedReference {
  readonly targets: readonly Referable[];
  readonly output: string;
}

type Resolution =
  | { readonly ok: true; readonly value: ResolvedReference }
  | { readonly ok: false; readonly message: string; readonly hint: string };

const form = /^([A-Za-z_][\w-]*)(?:\[([^\]]*)\])?(?:\.([A-Za-z_][\w-]*))?$/;

/**
 * Resolves `stage`, `stage.output`, `stage[value]`, `stage[first,second].output` or `stage[*]` to stage instances.
 * Values stand in the order of the matrix's axes; `*` and a left-out bracket take all.
 */
export function resolveReference(text: string, instances: readonly Referable[]): Resolution {
  const fail = (message: string, hint: string): Resolution => ({ ok: false, message, hint });
  const parts = form.exec(text.trim());
  if (parts === null)
    return fail(
      `"${text}" is not a reference to a stage`,
      'write stage, stage.output, stage[value] or stage[*].output',
    );
  const [, stage = '', selector, output] = parts;
  const ofStage = instances.filter((instance) => instance.stage === stage);
  const first = ofStage[0];
  if (first === undefined)
    return fail(
      `there is no stage "${stage}"`,
      suggestion(stage, [...new Set(instances.map((instance) => instance.stage))]),
    );
  const axes = Object.keys(first.matrix);
  const wanted = selector === undefined ? axes.map(() => '*') : selector.split(',').map((value) => value.trim());
  if (wanted.length !== axes.length && !(wanted.length === 1 && wanted[0] === '*')) {
    return fail(
      `"${stage}" has ${axes.length === 0 ? 'no matrix' : `the matrix axes ${axes.join(', ')}`}, got [${selector}]`,
      axes.length === 0 ? `write ${stage}` : `write ${stage}[${axes.join(',')}]`,
    );
  }
  const targets = ofStage.filter((instance) =>
    axes.every((axis, index) => ['*', instance.matrix[axis]].includes(wanted[index] ?? '*')),
  );
  if (targets.length === 0) {
    return fail(
      `"${stage}" has no instance [${selector}]`,
      suggestion(
        wanted.join(','),
        ofStage.map((instance) => Object.values(instance.matrix).join(',')),
      ),
    );
  }
  const slot = output ?? first.outputs[0];
  if (slot === undefined || !first.outputs.includes(slot)) {
    return fail(`"${stage}" has no output "${output}"`, suggestion(output ?? '', first.outputs));
  }
  return { ok: true, value: { targets, output: slot } };
}
