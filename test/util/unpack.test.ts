import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpack } from '../../src/util/unpack.ts';

interface Member {
  readonly name: string;
  readonly content: string;
  readonly mode?: number;
  readonly checksum?: number;
  /** Size in the archive's directory, where it lies. */
  readonly size?: number;
  readonly deflate?: boolean;
}

/** A zip archive, byte by byte (APPNOTE.TXT 6.3.9, sections 4.3.7, 4.3.12 and 4.3.16). */
function zip(members: readonly Member[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const { name, content, mode = 0o100644, checksum = crc32(content), size = content.length } = member;
    const data = member.deflate === true ? deflateRawSync(content) : Buffer.from(content);
    const method = member.deflate === true ? 8 : 0;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(checksum, 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE((3 << 8) | 20, 4);
    central.writeUInt16LE(20, 6);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(checksum, 16);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE((mode << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), data);
    centrals.push(central, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

let root: string;
const all = { wanted: () => true, signal: new AbortController().signal };

async function unpackMembers(members: readonly Member[], options = {}) {
  const file = path.join(root, 'a.zip');
  await writeFile(file, zip(members));
  return unpack(file, path.join(root, 'out'), { ...all, ...options });
}

const codeOf = (result: Awaited<ReturnType<typeof unpack>>) => (result.ok ? 'ok' : result.error.code);

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'pipe-unpack-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('unpack', () => {
  it('takes only what is wanted, keeps programs executable, and tells how far it is', async () => {
    const seen: string[] = [];
    const result = await unpackMembers(
      [
        { name: 'lib/a.so', content: 'library' },
        { name: 'bin/run', content: '#!', mode: 0o100755 },
        { name: 'doc/huge.txt', content: 'not wanted' },
      ],
      {
        wanted: (member: string) => !member.startsWith('doc/'),
        onProgress: ({ done, total }: { done: number; total: number }) => seen.push(`${done}/${total}`),
      },
    );
    expect(codeOf(result)).toBe('ok');
    expect(await readFile(path.join(root, 'out/lib/a.so'), 'utf8')).toBe('library');
    expect((await stat(path.join(root, 'out/bin/run'))).mode & 0o111).not.toBe(0);
    expect(existsSync(path.join(root, 'out/doc'))).toBe(false);
    expect(seen.at(-1)).toBe('9/9');
  });

  it('refuses names that lead out of the folder', async () => {
    for (const name of ['../evil', 'a/../../evil', '/evil', 'C:/evil']) {
      expect(codeOf(await unpackMembers([{ name, content: 'x' }]))).toBe('archive-invalid');
    }
    expect(existsSync(path.join(root, 'evil'))).toBe(false);
  });

  it('refuses links, wrong checksums and wrong sizes', async () => {
    expect(codeOf(await unpackMembers([{ name: 'link', content: '/etc/passwd', mode: 0o120777 }]))).toBe(
      'archive-invalid',
    );
    expect(codeOf(await unpackMembers([{ name: 'damaged', content: 'x', checksum: 1 }]))).toBe('archive-invalid');
    expect(codeOf(await unpackMembers([{ name: 'liar', content: 'x', size: 4_000_000_000 }]))).toBe('archive-invalid');
  });

  it('refuses what is no archive, and an archive that was cut off', async () => {
    const file = path.join(root, 'b.zip');
    for (const content of [
      Buffer.from('<html>'),
      Buffer.alloc(0),
      zip([{ name: 'a', content: 'x' }]).subarray(0, 40),
    ]) {
      await writeFile(file, content);
      expect(codeOf(await unpack(file, path.join(root, 'out'), all))).toBe('archive-invalid');
    }
  });

  it('names the disk when the archive is not there', async () => {
    expect(codeOf(await unpack(path.join(root, 'none.zip'), root, all))).toBe('system-enoent');
  });

  it('stops on an interrupt', async () => {
    const signal = AbortSignal.abort();
    expect(codeOf(await unpackMembers([{ name: 'a', content: 'x' }], { signal }))).toBe('interrupted');
  });

  it('inflates compressed members', async () => {
    expect(codeOf(await unpackMembers([{ name: 'a/b', content: 'text'.repeat(1000), deflate: true }]))).toBe('ok');
    expect(await readFile(path.join(root, 'out/a/b'), 'utf8')).toBe('text'.repeat(1000));
  });
});
