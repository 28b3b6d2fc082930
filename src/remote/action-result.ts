import type { BlobName } from './remote.ts';

/**
 * `ActionResult` of Bazel's Remote Execution API (build.bazel.remote.execution.v2), as much as a cache looks at: its
 * output files. ActionResult.output_files = 2 (OutputFile), OutputFile.path = 1, OutputFile.digest = 2 (Digest), Digest.hash = 1,
 * Digest.size_bytes = 2. Wire format: Protocol Buffers, "Encoding".
 */
export function encodeActionResult(files: Readonly<Record<string, BlobName>>): Buffer {
  return Buffer.concat(
    Object.entries(files).map(([path, { digest, size }]) => {
      const name = Buffer.concat([bytes(1, Buffer.from(digest)), varint((2 << 3) | 0), varint(size)]);
      return bytes(2, Buffer.concat([bytes(1, Buffer.from(path)), bytes(2, name)]));
    }),
  );
}

function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  while (rest >= 128) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...out, rest]);
}

/** The digests of the output files of an ActionResult by path; undefined where the bytes are none. */
export function decodeActionResult(content: Buffer): Record<string, string> | undefined {
  const files: Record<string, string> = {};
  try {
    for (const [field, file] of fields(content)) {
      if (field !== 2 || !Buffer.isBuffer(file)) continue;
      const parts = new Map(fields(file));
      const [path, digest] = [parts.get(1), parts.get(2)];
      const hash = Buffer.isBuffer(digest) ? new Map(fields(digest)).get(1) : undefined;
      if (Buffer.isBuffer(path) && Buffer.isBuffer(hash)) files[path.toString('utf8')] = hash.toString('utf8');
    }
  } catch {
    return undefined;
  }
  return files;
}

function fields(content: Buffer): [number, Buffer | number][] {
  const found: [number, Buffer | number][] = [];
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = content[at++];
      if (byte === undefined) throw new Error('cut off');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > content.length) throw new Error('cut off');
    at += length;
    return content.subarray(at - length, at);
  };
  while (at < content.length) {
    const key = number();
    const field = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        found.push([field, number()]);
        break;
      case 1:
        found.push([field, take(8)]);
        break;
      case 2:
        found.push([field, take(number())]);
        break;
      case 5:
        found.push([field, take(4)]);
        break;
      default:
        throw new Error('no such wire type');
    }
  }
  return found;
}
