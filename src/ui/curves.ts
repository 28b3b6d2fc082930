import { openArtifact } from '../artifact/reader.ts';
import type { Store } from '../store/store.ts';

/** A learning curve of one fit; a value a epoch, null where it is not a finite number. */
export interface Curve {
  readonly fingerprint: string;
  readonly epochs: readonly number[];
  readonly accuracy: readonly (number | null)[];
  readonly validationAccuracy: readonly (number | null)[];
  readonly loss: readonly (number | null)[];
  readonly validationLoss: readonly (number | null)[];
}

const curveTypes: ReadonlySet<string> = new Set(['fold-scores', 'history']);

/** The curve that a finished job left; undefined where it left none, or its artifact is gone. */
export function curveOf(store: Store, fingerprint: string): Curve | undefined {
  const record = store.readRecord(fingerprint);
  const output = Object.values(record?.outputs ?? {}).find(({ type }) => curveTypes.has(type));
  if (output === undefined || !store.isWhole(output)) return undefined;
  const artifact = openArtifact(store.layout.blob(output.digest));
  if (!artifact.ok || !artifact.value.has('epoch')) return undefined;
  const column = (name: string): (number | null)[] =>
    artifact.value.has(name) ? [...artifact.value.numbers(name)].map((value) => finite(value)) : [];
  return {
    fingerprint,
    epochs: [...artifact.value.numbers('epoch')],
    accuracy: column('accuracy'),
    validationAccuracy: column('validation_accuracy'),
    loss: column('loss'),
    validationLoss: column('validation_loss'),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
