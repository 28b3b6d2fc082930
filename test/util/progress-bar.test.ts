import { describe, expect, it } from 'vitest';
import { createProgressWriter, drawProgress } from '../../src/util/progress-bar.ts';

const half = { label: 'tensorflow', done: 123e6, total: 246e6, seconds: 2, initial: 33e6 };

describe('drawProgress', () => {
  it('tells amount, speed and time left beside a bar', () => {
    expect(drawProgress({ ...half, label: 'wheel' }, 60)).toBe(
      `wheel ${'█'.repeat(13)}${'░'.repeat(14)} 123/246 MB 45 MB/s ETA 3 s`,
    );
  });

  it('fits into any width', () => {
    for (let width = 0; width < 120; width++) expect(drawProgress(half, width).length).toBeLessThanOrEqual(width);
  });

  it('tells only the bytes when the end is not known', () => {
    expect(drawProgress({ label: 'data', done: 5e6, total: undefined, seconds: 0 }, 80)).toBe('data 5.0 MB');
  });

  it('is full at the end, without a time left', () => {
    expect(drawProgress({ label: 'x', done: 1e6, total: 1e6, seconds: 1 }, 30)).toBe('x ████████ 1.0/1.0 MB 1.0 MB/s');
  });

  it('survives a server that sends more than it announced', () => {
    expect(drawProgress({ label: 'x', done: 3e6, total: 1e6, seconds: 0 }, 30)).toContain('█ 3.0/1.0 MB');
  });

  it('tells long times in minutes and hours', () => {
    expect(drawProgress({ label: 'x', done: 1e6, total: 91e6, seconds: 1 }, 80)).toMatch(/ETA 1 min 30 s$/);
    expect(drawProgress({ label: 'x', done: 1e6, total: 7261e6, seconds: 1 }, 80)).toMatch(/ETA 2 h 1 min$/);
  });
});

function recorder(more: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  return { written, stream: { ...more, write: (text: string) => written.push(text) } };
}

describe('createProgressWriter', () => {
  it('redraws one line in place on a terminal, and not for every chunk', () => {
    const { written, stream } = recorder({ isTTY: true, columns: 60 });
    let time = 0;
    const writer = createProgressWriter(stream, { env: {}, now: () => time });
    for (let done = 0; done <= 1000; done++) {
      writer.update('wheel', done * 1e5, 1e8);
      time += 1;
    }
    writer.finish();
    expect(written.length).toBeLessThan(15);
    expect(written.slice(0, -1).every((text) => text.startsWith('\r\u001b[2Kwheel') && !text.includes('\n'))).toBe(
      true,
    );
    expect(written.at(-1)).toMatch(/100\/100 MB .*\n$/);
  });

  it('prints plain lines every tenth where nothing can be redrawn', () => {
    for (const setting of [
      { env: {}, isTTY: false },
      { env: { NO_COLOR: '1' }, isTTY: true },
    ]) {
      const { written, stream } = recorder({ isTTY: setting.isTTY });
      const writer = createProgressWriter(stream, { env: setting.env, now: () => 0 });
      for (let done = 0; done <= 100; done++) writer.update('wheel', done * 1e6, 100e6);
      writer.finish();
      expect(written).toHaveLength(10);
      expect(written[0]).toBe('wheel 10 % (10/100 MB)\n');
      expect(written[9]).toBe('wheel 100 % (100/100 MB)\n');
    }
  });

  it('writes a line above the bar', () => {
    const { written, stream } = recorder({ isTTY: true });
    const writer = createProgressWriter(stream, { env: {}, now: () => 0 });
    writer.update('wheel', 0, 10);
    writer.line('note');
    expect(written.at(-1)).toMatch(/^\r\u001b\[2Knote\nwheel /);
  });
});
