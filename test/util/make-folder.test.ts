import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/util/make-folder.ts';

describe('makeFolder', () => {
  it('makes all folders of a path, and may be asked again', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'pipe-folder-'));
    const deep = path.join(root, 'a/b/c');
    await Promise.all([makeFolder(deep), makeFolder(deep)]);
    await makeFolder(deep);
    expect(existsSync(deep)).toBe(true);
    await rm(root, { recursive: true });
  });

  it('says what the system says where a file is in the way', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'pipe-folder-'));
    await writeFile(path.join(root, 'file'), '');
    await expect(makeFolder(path.join(root, 'file/a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await rm(root, { recursive: true });
  });

  it.runIf(existsSync('/proc'))('comes back where nobody can make a folder', async () => {
    await expect(makeFolder('/proc/none/such')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
