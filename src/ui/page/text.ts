/** A score in three digits behind the point: ".912"; its leading zero says nothing. */
export function shortScore(score: number): string {
  if (!Number.isFinite(score)) return '–';
  const text = score.toFixed(3);
  return text.startsWith('0.') ? text.slice(1) : text;
}

/** Bytes for people: "1.2 GB". */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** unit;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** How long ago something was: "just now", "5 min ago", "yesterday 14:05", "3 Nov 14:05". Times in milliseconds since the epoch. */
export function agoText(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const date = new Date(at);
  const clock = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  if (at >= midnight) return `today ${clock}`;
  if (at >= midnight - 24 * 60 * 60 * 1000) return `yesterday ${clock}`;
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })} ${clock}`;
}

/** A signed share or count that stays narrow: "12", "0.25", "3e-4". */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e6 ? value.toExponential(2) : String(Number(value.toPrecision(5)));
}
