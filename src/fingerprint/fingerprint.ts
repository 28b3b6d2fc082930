import { createHash } from 'node:crypto';
import type { ComputeClass } from '../stage/stage-kind.ts';
import type { JsonObject } from '../util/json.ts';
import { canonical } from './canonical.ts';
import type { FingerprintedCode } from './closure.ts';

/** Names a job by all that could change its result: SHA-256, hexadecimal. */
export type Fingerprint = string & { readonly brand: 'Fingerprint' };

/** Raised when artifacts of an older pipe must not be taken for this one's. */
export const formatVersion = 1;

/** All that could change a job's result. Kept with its record, so that a later run can name the leaf that changed. */
export interface FingerprintTree {
  readonly format: number;
  readonly kind: string;
  readonly version: number;
  readonly code: FingerprintedCode;
  readonly params: JsonObject;
  /** Content digests by slot; inputs that take many artifacts keep who each one is from. */
  readonly inputs: Readonly<Record<string, readonly { readonly from: string; readonly digest: string }[]>>;
  /** Files outside the store by name, and what the kind found out about them. */
  readonly external: { readonly files: Readonly<Record<string, string>>; readonly identity: JsonObject };
  readonly env: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly outputs: Readonly<Record<string, string>>;
  /** Left out by kinds that do not compute with TensorFlow. */
  readonly compute?: ComputeClass;
}

/** The fingerprint of a tree. Order of keys does not matter; every value does. */
export function fingerprintOf(tree: FingerprintTree): Fingerprint {
  return createHash('sha256').update(canonical(tree)).digest('hex') as Fingerprint;
}
