import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunEvent, UntimedEvent } from '../../src/events/event.ts';
import { createReporter, type LogLevel, type ReporterMode } from '../../src/terminal/reporter.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** A terminal that keeps what is written to it. */
class Terminal extends EventEmitter {
  columns = 60;
  rows = 20;
  written = '';
  write(text: string): boolean {
    this.written += text;
    return true;
  }
}

const runStarted: UntimedEvent = {
  type: 'run-started',
  run: 'R',
  pipeline: 'study',
  file: 'study.yaml',
  profile: 'default',
  params: {},
  store: 'artifacts',
  workers: 2,
  backend: 'native',
  pid: 1,
  host: 'here',
};
const runFinished: UntimedEvent = {
  type: 'run-finished',
  status: 'done',
  seconds: 2,
  jobsRun: 1,
  jobsCached: 0,
  secondsSaved: 0,
};

async function reporterOn(mode: ReporterMode, logLevel: LogLevel = 'info') {
  const terminal = new Terminal();
  const out = terminal as unknown as NodeJS.WriteStream;
  const reporter = await createReporter({ mode, logLevel, stages: ['ingest', 'search'], out, colors: false });
  const tell = (event: UntimedEvent) => reporter.onEvent({ at: Date.now(), ...event } as RunEvent);
  return { terminal, reporter, tell };
}

test('the live view hides the cursor while it draws and shows it at the end, also of a run that breaks off', async () => {
  const { terminal, reporter, tell } = await reporterOn('live');
  tell(runStarted);
  vi.advanceTimersByTime(150);
  expect(terminal.written).toContain('\u001b[?25l');
  expect(terminal.written).toContain('· ingest');
  expect(terminal.written).not.toContain('\u001b[?25h');
  reporter.close();
  expect(terminal.written.endsWith('\u001b[?25h')).toBe(true);
});

test('where nothing changed, nothing is drawn, but for the clock once a second', async () => {
  const { terminal, tell } = await reporterOn('live');
  tell(runStarted);
  vi.advanceTimersByTime(200);
  terminal.written = '';
  vi.advanceTimersByTime(700);
  expect(terminal.written).toBe('');
  vi.advanceTimersByTime(600);
  expect(terminal.written).toContain('passed');
});

test('no line is wider than the terminal, and no frame higher, also after it was resized', async () => {
  const { terminal, tell } = await reporterOn('live');
  tell(runStarted);
  vi.advanceTimersByTime(150);
  Object.assign(terminal, { columns: 24, rows: 4, written: '' });
  terminal.emit('resize');
  vi.advanceTimersByTime(150);
  const frame =
    terminal.written
      .split('\u001b[?2026h')
      .at(-1)
      ?.replace(/\u001b\[[?\d;]*[a-zA-Z]/g, '')
      .trimEnd() ?? '';
  const lines = frame.replaceAll('\r', '').split('\n');
  expect(lines.length).toBeLessThanOrEqual(4);
  for (const line of lines) expect(line.length).toBeLessThan(24);
});

test('a name or a log line cannot steer the terminal', async () => {
  const { terminal, tell } = await reporterOn('live', 'debug');
  tell(runStarted);
  tell({ type: 'job-log', stage: 'search', job: 'fold 1', lines: ['\u001b]0;owned\u0007\u001b[2Jhello'] });
  vi.advanceTimersByTime(150);
  expect(terminal.written).toContain('fold 1 | hello');
  expect(terminal.written).not.toContain('owned');
  expect(terminal.written).not.toContain('\u001b[2J');
});

test('a warning just before the end is told, also where progress is not', async () => {
  const { terminal, reporter, tell } = await reporterOn('live', 'warning');
  tell(runStarted);
  tell({ type: 'notice', level: 'warning', text: 'something odd' });
  tell(runFinished);
  reporter.end([]);
  expect(terminal.written).toContain('something odd');
  expect(terminal.written).not.toContain('ingest');
});

test('what is told before there is a view, or as it breaks off, is not lost', async () => {
  const { terminal, reporter, tell } = await reporterOn('live');
  reporter.tell('Stopping');
  expect(terminal.written).toBe('Stopping\n');
  tell(runStarted);
  tell({ type: 'notice', level: 'warning', text: 'something odd' });
  reporter.close();
  expect(terminal.written).toContain('something odd\n');
});

test('the GPUs stand below the header by name, those of a kind together', async () => {
  const { terminal, reporter, tell } = await reporterOn('live');
  tell(runStarted);
  const gpus = ['a', 'b'].map((id) => ({ id, name: 'NVIDIA H100', memory: 85e9 }));
  tell({ type: 'devices', cpus: 16, memory: 1e11, gpus });
  reporter.close();
  expect(terminal.written).toContain('study, profile default, 2 workers\nGPUs: 2 × NVIDIA H100 (85.0 GB)\n');
});

test.each<[LogLevel, boolean, boolean, boolean]>([
  ['error', false, false, false],
  ['warning', true, false, false],
  ['info', true, true, false],
  ['debug', true, true, true],
])('--log-level %s', async (level, warnings, notes, logs) => {
  const { terminal, reporter, tell } = await reporterOn('plain', level);
  tell(runStarted);
  tell({ type: 'notice', level: 'warning', text: 'something odd' });
  tell({ type: 'notice', level: 'note', text: 'something usual' });
  tell({ type: 'job-log', stage: 'search', job: 'fold 1', lines: ['loss 0.5'] });
  tell(runFinished);
  reporter.end([]);
  expect(terminal.written.includes('warning: something odd')).toBe(warnings);
  expect(terminal.written.includes('note: something usual')).toBe(notes);
  expect(terminal.written.includes('fold 1 | loss 0.5')).toBe(logs);
  expect(terminal.written).toContain('Done in 2.0 s.');
});

test('plain lines of a stage with many jobs come one in twenty, or every ten seconds', async () => {
  const { terminal, tell } = await reporterOn('plain');
  tell({ type: 'stage-started', stage: 'search', jobs: 400, cachedJobs: 0 });
  const finish = (job: number) =>
    tell({ type: 'job-finished', stage: 'search', job: `fold ${job}`, fingerprint: 'f', seconds: 1, cached: false });
  for (let job = 0; job < 200; job++) finish(job);
  const lines = terminal.written.split('\n').length - 1;
  expect(lines).toBeLessThanOrEqual(11);
  expect(lines).toBeGreaterThanOrEqual(10);
  vi.advanceTimersByTime(10_001);
  terminal.written = '';
  finish(200);
  expect(terminal.written).toContain('(201 of 400)');
});

test('quiet tells the end alone, with what failed', async () => {
  const { terminal, reporter, tell } = await reporterOn('quiet');
  tell(runStarted);
  const failure = { code: 'stage-threw', message: 'it broke', detail: 'line one\nline two' };
  tell({ type: 'job-failed', stage: 'search', job: 'fold 1', failure, log: 'runs/R/logs/fold.log' });
  tell({ ...runFinished, status: 'failed' } as UntimedEvent);
  expect(terminal.written).toBe('');
  reporter.end([]);
  expect(terminal.written).toContain(
    'fold 1 failed: it broke\n    line one\n    line two\n  log: runs/R/logs/fold.log\n',
  );
});
