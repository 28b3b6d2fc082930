import type { ComputeClass } from '../stage/stage-kind.ts';
import type { JsonObject } from '../util/json.ts';
import { sha256 } from '../util/sha256.ts';
import { canonical } from './canonical.ts';

/** Names a job by all that could change its result: SHA-256, hexadecimal. */
export type Fingerprint = string & { readonly brand: 'Fingerprint' };

/** Raised when artifacts of an older pipe must not be taken for this one's. */
export const formatVersion = 2;

/** One artifact that goes into a job. Who it is from is set where the kind is told it: in slots that take many. */
export interface FingerprintInput {
  readonly from: string;
  readonly matrix: Readonly<Record<string, string>>;
  readonly digest: string;
}

/** All that could change a job's result. Kept with its record, so that a later run can name the leaf that changed. */
export interface FingerprintTree {
  readonly format: number;
  readonly kind: string;
  readonly version: number;
  /** Digest of the code closure, whose text the store keeps by it. */
  readonly code: string;
  readonly params: JsonObject;
  readonly inputs: Readonly<Record<string, readonly FingerprintInput[]>>;
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
  return sha256(canonical(tree)) as Fingerprint;
}
