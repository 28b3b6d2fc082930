import { join } from 'node:path';

/** Content digest of a file: SHA-256, hexadecimal. */
export type Digest = string & { readonly brand: 'Digest' };

const digestForm = /^[0-9a-f]{64}$/;

/** Whether a text can name a blob or a record. Everything that becomes a path of the store passes here first. */
export function isDigest(text: string): text is Digest {
  return digestForm.test(text);
}

function checked(name: string): string {
  if (!isDigest(name)) throw new Error(`${name} is not a digest`);
  return name;
}

/** Paths inside a store. */
export function storeLayout(root: string) {
  return {
    root,
    blobFolder: (digest: string) => join(root, 'cas', 'sha256', checked(digest).slice(0, 2)),
    blob: (digest: string) => join(root, 'cas', 'sha256', checked(digest).slice(0, 2), digest),
    recordFolder: (fingerprint: string) => join(root, 'records', checked(fingerprint).slice(0, 2)),
    record: (fingerprint: string) => join(root, 'records', checked(fingerprint).slice(0, 2), fingerprint),
    checkpoint: (fingerprint: string) => join(root, 'checkpoints', checked(fingerprint)),
    runs: join(root, 'runs'),
    run: (id: string) => join(root, 'runs', id),
    temporary: join(root, 'tmp'),
    quarantine: join(root, 'quarantine'),
    memo: join(root, 'memo'),
  };
}

export type StoreLayout = ReturnType<typeof storeLayout>;
