/** Seconds for people: "0.31 s", "42 s", "3 min 05 s", "2 h 07 min". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** "12,345". Not by toLocaleString: the tables of languages that it loads take longer than a run with nothing to do. */
export function grouped(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "1 job", "3 jobs"; `many` for nouns that do not just get an s. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : many}`;
}

/** A bar of `width` characters. */
export function bar(fraction: number, width: number): string {
  const filled = Math.round(Math.max(0, Math.min(1, fraction)) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

/** Escape sequences: CSI (colours, cursor), OSC (titles, links), and the short ones of two characters. */
const escapeSequences = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|.)/g;
/** Control characters but tab and line feed, and those that turn the direction of what follows. */
const controlCharacters = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A text that cannot steer the terminal: what logs, names and messages hold of escape sequences is taken out. */
export function harmless(text: string): string {
  return text.replace(escapeSequences, '').replace(controlCharacters, '');
}

const printable = /^[\u0020-\u007e]*$/;

/** A harmless text on one line: what would break or shift the line is a space. */
export function harmlessLine(text: string): string {
  // Nearly all names, a thousand in each frame.
  if (printable.test(text)) return text;
  return harmless(text).replace(/[\t\n\u2028\u2029]+/g, ' ');
}
