import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

function idx(sizes: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 + sizes.length, 0);
  sizes.forEach((size, index) => {
    header.writeUInt32BE(size, 4 + 4 * index);
  });
  return gzipSync(Buffer.concat([header, values]));
}

/** Writes images and labels of one partition of EMNIST ByClass as NIST names them; image n is all n % 256. */
export function writeEmnist(folder: string, partition: 'train' | 'test', labels: readonly number[]): void {
  mkdirSync(folder, { recursive: true });
  const images = Uint8Array.from({ length: labels.length * 784 }, (_, index) => Math.floor(index / 784) % 256);
  const name = join(folder, `emnist-byclass-${partition}`);
  writeFileSync(`${name}-images-idx3-ubyte.gz`, idx([labels.length, 28, 28], images));
  writeFileSync(`${name}-labels-idx1-ubyte.gz`, idx([labels.length], Uint8Array.from(labels)));
}
