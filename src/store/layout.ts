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
  const sharded = (folder: string, name: string) => join(root, folder, checked(name).slice(0, 2));
  return {
    root,
    blobs: join(root, 'cas', 'sha256'),
    blobFolder: (digest: string) => sharded(join('cas', 'sha256'), digest),
    blob: (digest: string) => join(sharded(join('cas', 'sha256'), digest), digest),
    records: join(root, 'records'),
    recordFolder: (fingerprint: string) => sharded('records', fingerprint),
    record: (fingerprint: string) => join(sharded('records', fingerprint), fingerprint),
    closures: join(root, 'closures'),
    closureFolder: (digest: string) => sharded('closures', digest),
    /** Which code a record was made by: JSON, named by the SHA-256 of its bytes. */
    closure: (digest: string) => join(sharded('closures', digest), digest),
    checkpoints: join(root, 'checkpoints'),
    checkpoint: (fingerprint: string) => join(root, 'checkpoints', checked(fingerprint)),
    leases: join(root, 'leases'),
    owners: join(root, 'leases', 'owners'),
    pins: join(root, 'pins'),
    runs: join(root, 'runs'),
    run: (id: string) => join(root, 'runs', id),
    temporary: join(root, 'tmp'),
    quarantine: join(root, 'quarantine'),
    memo: join(root, 'memo'),
    settings: join(root, 'settings.json'),
  };
}

export type StoreLayout = ReturnType<typeof storeLayout>;
