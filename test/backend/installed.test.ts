import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backendFolder } from '../../src/backend/choice.ts';
import { describeInstalled, essentialFiles, findInstalled, manifestName } from '../../src/backend/installed.ts';

let cache: string;
let env: { XDG_CACHE_HOME: string };

beforeEach(async () => {
  cache = await mkdtemp(path.join(tmpdir(), 'pipe-installed-'));
  env = { XDG_CACHE_HOME: cache };
});

afterEach(() => rm(cache, { recursive: true, force: true }));

async function install(): Promise<string> {
  const folder = backendFolder('cpu', env);
  for (const file of essentialFiles) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), 'library');
  }
  await writeFile(path.join(folder, manifestName), await describeInstalled(folder, 'cpu', '2.21.0'));
  return folder;
}

describe('findInstalled', () => {
  it('finds what was installed', async () => {
    const folder = await install();
    expect(await findInstalled('cpu', env)).toEqual({ build: 'cpu', folder, tensorflow: '2.21.0' });
    expect(await findInstalled('gpu', env)).toBeUndefined();
  });

  it('finds nothing in an empty cache', async () => {
    expect(await findInstalled('cpu', env)).toBeUndefined();
  });

  it('notices a library that is gone or was cut off, and a manifest that is none', async () => {
    const folder = await install();
    await writeFile(path.join(folder, essentialFiles[1]), 'lib');
    expect(await findInstalled('cpu', env)).toBeUndefined();
    await rm(path.join(folder, essentialFiles[1]));
    expect(await findInstalled('cpu', env)).toBeUndefined();
    await install();
    for (const text of ['', 'null', '{}', '{"sizes":{},"tensorflow":"2.21.0"}']) {
      await writeFile(path.join(folder, manifestName), text);
      expect(await findInstalled('cpu', env)).toBeUndefined();
    }
  });
});
