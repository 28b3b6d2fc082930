import { describe, expect, it } from 'vitest';
import { backendFolder, chooseBuild, computeClass, type Host, pinsOf } from '../../src/backend/choice.ts';

const host = (more: Partial<Host> & { files?: readonly string[] } = {}): Host => ({
  platform: 'linux',
  architecture: 'x64',
  exists: (file) => (more.files ?? []).includes(file),
  ...more,
});

const driver = '/proc/driver/nvidia/version';
const buildOf = (result: ReturnType<typeof chooseBuild>) => (result.ok ? result.value.build : result.error.code);

describe('chooseBuild', () => {
  it('takes the GPU where a driver is, also in WSL, and the CPU elsewhere', () => {
    expect(buildOf(chooseBuild('auto', host()))).toBe('cpu');
    expect(buildOf(chooseBuild('auto', host({ files: [driver] })))).toBe('gpu');
    expect(buildOf(chooseBuild('auto', host({ files: ['/usr/lib/wsl/lib/libcuda.so.1'] })))).toBe('gpu');
  });

  it('does what was asked, against what it finds', () => {
    expect(buildOf(chooseBuild('cpu', host({ files: [driver] })))).toBe('cpu');
    expect(buildOf(chooseBuild('gpu', host()))).toBe('gpu');
  });

  it('takes the CPU on arm64, where there is no build with CUDA, and says so', () => {
    const arm = host({ architecture: 'arm64', files: [driver] });
    expect(chooseBuild('auto', arm)).toEqual({
      ok: true,
      value: { build: 'cpu', reason: 'there is no TensorFlow with CUDA for arm64' },
    });
    expect(buildOf(chooseBuild('gpu', arm))).toBe('backend-platform');
  });

  it('names the platforms and the way out where there is no native TensorFlow', () => {
    for (const other of [
      host({ platform: 'darwin', architecture: 'arm64' }),
      host({ platform: 'win32' }),
      host({ architecture: 'riscv64' }),
      host({ files: ['/lib/ld-musl-x86_64.so.1'] }),
    ]) {
      const result = chooseBuild('auto', other);
      expect(result.ok ? '' : result.error.code).toBe('backend-platform');
      expect(result.ok ? '' : result.error.hint).toMatch(/Linux.*x64 and arm64.*--backend cpu/);
    }
  });
});

describe('backendFolder', () => {
  it('follows XDG_CACHE_HOME, and the home folder without it or with a relative one', () => {
    expect(backendFolder('cpu', { XDG_CACHE_HOME: '/c' }, host())).toMatch(
      /^\/c\/pipe\/tensorflow\/2\.21\.0-cpu-[0-9a-f]{8}$/,
    );
    const home = /^\/h\/\.cache\/pipe\/tensorflow\//;
    expect(backendFolder('cpu', { HOME: '/h' }, host())).toMatch(home);
    expect(backendFolder('cpu', { HOME: '/h', XDG_CACHE_HOME: 'c' }, host())).toMatch(home);
  });

  it('differs by build and by architecture, so that a shared home holds all', () => {
    const env = { HOME: '/h' };
    const folders = [
      backendFolder('cpu', env, host()),
      backendFolder('gpu', env, host()),
      backendFolder('cpu', env, host({ architecture: 'arm64' })),
    ];
    expect(new Set(folders).size).toBe(3);
  });
});

describe('computeClass', () => {
  it('names version, device and threads of what will compute', () => {
    expect(computeClass({ backend: 'native', build: 'gpu', threads: 2 })).toEqual({
      backend: 'native',
      version: '2.21.0',
      device: 'gpu',
      architecture: process.arch,
      threads: 2,
    });
  });

  it('is the same for pure JavaScript whatever else is set', () => {
    const expected = { backend: 'cpu', version: '4.22.0', device: 'cpu', architecture: process.arch, threads: 1 };
    expect(computeClass({ backend: 'cpu', build: 'cpu', threads: 1 })).toEqual(expected);
    expect(computeClass({ backend: 'cpu', build: 'gpu', threads: 8 })).toEqual(expected);
  });
});

describe('pinsOf', () => {
  it('pins each wheel by version and digest', () => {
    for (const [build, architecture] of [
      ['cpu', 'x64'],
      ['gpu', 'x64'],
      ['cpu', 'arm64'],
    ] as const) {
      const pins = pinsOf(build, host({ architecture }));
      if (!pins.ok) throw new Error(pins.error.message);
      for (const wheel of [pins.value.tensorflow, ...pins.value.cuda]) {
        expect(wheel.sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(wheel.version).toMatch(/^\d+(\.\d+)+$/);
      }
    }
  });
});
