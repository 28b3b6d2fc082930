import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildPins, PinnedWheel } from '../../src/backend/pins.ts';
import { checkRequirements } from '../../src/backend/requirements.ts';

const wheel: PinnedWheel = { package: 'tensorflow', version: '1', sha256: '', bytes: 0, unpacked: 0 };
const pins: BuildPins = { tensorflow: wheel, cuda: [], platforms: [] };
const signal = new AbortController().signal;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pipe-requirements-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Programs that answer any question with success. */
async function provide(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await writeFile(path.join(folder, name), '#!/bin/sh\necho "the version 1"\n');
    await chmod(path.join(folder, name), 0o755);
  }
}

const check = (more: { pins?: BuildPins; env?: Record<string, string>; staged?: number } = {}) =>
  checkRequirements(path.join(folder, 'backend'), more.pins ?? pins, more.staged ?? 1e9, {
    env: { PATH: folder, ...more.env },
    signal,
  });

describe('checkRequirements', () => {
  it('finds the programs, whatever they are called here', async () => {
    await provide('pip3', 'npm', 'clang++');
    const result = await check();
    if (!result.ok) throw new Error(result.error.message);
    expect(result.value.pip).toEqual({ command: ['pip3'], version: 'the version 1' });
    expect(result.value.compiler.command).toEqual(['clang++']);
  });

  it('names all that is missing at once, how to install it, and the way without', async () => {
    const result = await check();
    expect(result.ok ? undefined : result.error).toEqual({
      code: 'backend-requirements',
      message:
        'cannot set up TensorFlow, missing: pip (python3 -m pip), npm (comes with Node) and a C++17 compiler (g++, c++ or clang++)',
      hint: [
        'Debian, Ubuntu: sudo apt install python3-pip npm g++',
        '  Fedora: sudo dnf install python3-pip nodejs-npm gcc-c++',
        '  or use --backend cpu: pure JavaScript, needs none of this, tens of times slower',
      ].join('\n'),
    });
  });

  it('takes the compiler that CXX names, with its arguments, and no other', async () => {
    await provide('python3', 'npm', 'g++', 'ccache');
    const good = await check({ env: { CXX: 'ccache g++' } });
    expect(good.ok ? good.value.compiler.command : []).toEqual(['ccache', 'g++']);
    const bad = await check({ env: { CXX: 'none' } });
    expect(bad.ok ? '' : bad.error.message).toContain('(CXX is "none", which does not work)');
  });

  it('asks for disk space before anything is downloaded, less what is there already', async () => {
    await provide('python3', 'npm', 'g++');
    const huge = { ...pins, tensorflow: { ...wheel, bytes: 1e18 } };
    const refused = await check({ pins: huge });
    expect(refused.ok ? '' : refused.error.message).toMatch(/missing: disk space in .*needed, .* free/);
    expect((await check({ pins: huge, staged: 1e18 + 1e9 })).ok).toBe(true);
  });
});
