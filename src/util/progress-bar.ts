/** How far something is, for one line of a terminal. Counts are bytes. */
export interface ProgressState {
  readonly label: string;
  readonly done: number;
  readonly total: number | undefined;
  /** Seconds since the count began. */
  readonly seconds: number;
  /** The count at that time: what was there already says nothing about the speed. */
  readonly initial?: number;
}

/** A stream that lines are written to: standard error, mostly. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0);

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Speed and time left; nothing in the first half second, when both would be guesses. */
function pace(state: ProgressState): string {
  const received = state.done - (state.initial ?? 0);
  if (state.seconds < 0.5 || received <= 0) return '';
  const rate = received / state.seconds;
  const speed = ` ${megabytes(rate)} MB/s`;
  if (state.total === undefined || state.done >= state.total) return speed;
  return `${speed} ETA ${duration((state.total - state.done) / rate)}`;
}

/**
 * One line: `label ████░░ 123/274 MB 45 MB/s ETA 3 s`, at most `width` characters. Where the width does not suffice, first the
 * bar goes, then the end of the line. Without a total only the bytes so far are told.
 */
export function drawProgress(state: ProgressState, width: number): string {
  const { label, done, total } = state;
  if (total === undefined) return `${label} ${megabytes(done)} MB${pace(state)}`.slice(0, width);
  const facts = `${megabytes(done)}/${megabytes(total)} MB${pace(state)}`;
  const room = Math.min(30, width - label.length - facts.length - 2);
  if (room < 5) return `${label} ${facts}`.slice(0, width);
  const share = total === 0 ? 1 : Math.min(1, Math.max(0, done / total));
  const filled = Math.floor(share * room);
  return `${label} ${'█'.repeat(filled)}${'░'.repeat(room - filled)} ${facts}`;
}

export interface ProgressWriter {
  /** Shows how far `label` is. A new label begins a new line. */
  update(label: string, done: number, total: number | undefined): void;
  /** Writes a line above the bar. */
  line(text: string): void;
  /** Ends the bar's line. Call it also before a failure is printed. */
  finish(): void;
}

const redrawMilliseconds = 100;

interface Shown {
  readonly label: string;
  readonly begin: number;
  readonly initial: number;
  /** When a terminal was last drawn to, in milliseconds. */
  drawn: number;
  /** Tenths that a log was told about; a first line of 0 % is none. */
  tenth: number;
  text: string;
}

/**
 * Writes progress to a stream: on a terminal one line redrawn in place, ten times a second at most; in a pipe, in a
 * log or with NO_COLOR (no escape sequences wanted) a plain line every 10 %. `now` gives milliseconds.
 */
export function createProgressWriter(
  stream: ProgressStream,
  options: { readonly env: Readonly<Record<string, string | undefined>>; readonly now: () => number },
): ProgressWriter {
  const noColor = (options.env['NO_COLOR'] ?? '') !== '';
  const inPlace = stream.isTTY === true && !noColor && options.env['TERM'] !== 'dumb';
  let shown: Shown | undefined;

  const finish = () => {
    if (shown !== undefined && inPlace) stream.write(`\r\u001b[2K${shown.text}\n`);
    shown = undefined;
  };
  const begin = (label: string, done: number): Shown => {
    finish();
    return { label, begin: options.now(), initial: done, drawn: Number.NEGATIVE_INFINITY, tenth: 0, text: '' };
  };
  const update = (label: string, done: number, total: number | undefined) => {
    shown = shown?.label === label ? shown : begin(label, done);
    const seconds = (options.now() - shown.begin) / 1000;
    const state = { label, done, total, seconds, initial: shown.initial };
    if (inPlace) {
      // One column stays free: a full line would wrap on some terminals.
      shown.text = drawProgress(state, (stream.columns ?? 80) - 1);
      if (options.now() - shown.drawn < redrawMilliseconds && done !== total) return;
      shown.drawn = options.now();
      stream.write(`\r\u001b[2K${shown.text}`);
      return;
    }
    const tenth = total === undefined || total === 0 ? 0 : Math.floor((10 * done) / total);
    if (tenth <= shown.tenth) return;
    shown.tenth = tenth;
    stream.write(`${label} ${tenth * 10} % (${megabytes(done)}/${megabytes(total ?? done)} MB)\n`);
  };
  const line = (text: string) => {
    stream.write(inPlace && shown !== undefined ? `\r\u001b[2K${text}\n${shown.text}` : `${text}\n`);
  };
  return { update, line, finish };
}
