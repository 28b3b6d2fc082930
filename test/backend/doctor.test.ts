import { describe, expect, it } from 'vitest';
import { type DoctorReport, formatDoctor, parseGpus } from '../../src/backend/doctor.ts';

const healthy: DoctorReport = {
  node: { version: '22.1.0', supported: true },
  platform: { system: 'linux', architecture: 'x64' },
  processor: { model: 'Processor', cores: 8, usable: 4 },
  memoryBytes: 32e9,
  gpus: [],
  cache: { folder: '/c/pipe', freeBytes: 50e9 },
  choice: { build: 'cpu', reason: 'no driver', folder: '/c/pipe/t', version: '2.21.0', neededBytes: 1.6e9 },
  backend: { probe: { tensorflow: '2.21.0', gpu: false, milliseconds: 600 } },
  tools: { python: 'Python 3.11.7', pip: 'pip 23.2.1 from /x (python 3.11)', npm: '11.0.0', compiler: 'g++ 12' },
};

const lastLine = (report: DoctorReport) => formatDoctor(report).split('\n').at(-1) ?? '';

describe('formatDoctor', () => {
  it('says that all is well', () => {
    const text = formatDoctor(healthy);
    expect(text).not.toContain('✖');
    expect(text).toContain('✔ TensorFlow  2.21.0, loads in 0.6 s');
    expect(text).toContain('· processor   Processor, 4 of 8 cores');
    expect(lastLine(healthy)).toMatch(/^All is well/);
  });

  it('says what to install first, where something is missing', () => {
    const bare = { ...healthy, backend: null, tools: { ...healthy.tools, pip: null, compiler: null } };
    expect(formatDoctor(bare)).toContain('✖ compiler    not found');
    expect(lastLine(bare)).toBe('Next: install pip, compiler, then "pipe setup". --backend cpu works without.');
    expect(lastLine({ ...healthy, backend: null })).toContain('"pipe setup" installs');
  });

  it('does not mind a missing compiler once TensorFlow is there', () => {
    expect(formatDoctor({ ...healthy, tools: { ...healthy.tools, compiler: null } })).not.toContain('✖');
  });

  it('says so when the disk is too full for the set-up', () => {
    const full = { ...healthy, backend: null, cache: { folder: '/c/pipe', freeBytes: 1e9 } };
    expect(formatDoctor(full)).toContain('✖ cache       /c/pipe (1.0 GB free, 1.6 GB needed for the set-up)');
    expect(lastLine(full)).toBe('Next: free some disk space, or move the cache by XDG_CACHE_HOME, then "pipe setup".');
  });

  it('says so when TensorFlow does not see the GPU, or does not work', () => {
    const choice = { ...healthy.choice, build: 'gpu' as const } as DoctorReport['choice'];
    expect(lastLine({ ...healthy, choice })).toContain('does not see the GPU');
    const broken = { ...healthy, backend: { problem: { code: 'x', message: 'broken', hint: 'do that' } } };
    expect(formatDoctor(broken)).toContain('✖ TensorFlow  broken');
    expect(lastLine(broken)).toBe('Next: do that');
  });

  it('shows the way on a platform without native TensorFlow', () => {
    const other = { ...healthy, choice: { build: null, reason: 'none for darwin' }, backend: null };
    expect(lastLine(other)).toContain('--backend cpu');
  });
});

describe('parseGpus', () => {
  it('reads the cards that nvidia-smi lists', () => {
    expect(parseGpus('NVIDIA A100-SXM4-40GB, 40960, 535.104.05\n')).toEqual([
      { name: 'NVIDIA A100-SXM4-40GB', memoryMegabytes: 40960, driver: '535.104.05' },
    ]);
    expect(parseGpus('')).toEqual([]);
  });
});
