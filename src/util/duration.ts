const units: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600, d: 86_400 };

/**
 * Seconds of a text like "90s", "30min", "2h", "1d 12h", or as batch systems write it: "02:30:00", "1-12:00:00". A number
 * alone is seconds. Undefined where it is no duration of more than zero.
 */
export function parseDuration(text: string): number | undefined {
  const seconds = ofClock(text.trim()) ?? ofUnits(text.trim());
  return seconds !== undefined && seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
}

function ofClock(text: string): number | undefined {
  const [, days = '0', hours, minutes, seconds] = /^(?:(\d+)-)?(\d+):([0-5]\d):([0-5]\d)$/.exec(text) ?? [];
  if (hours === undefined) return undefined;
  return Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

function ofUnits(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (!/^(\d+(\.\d+)?\s*(s|min|h|d)\s*)+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*(s|min|h|d)/g))
    seconds += Number(number) * (units[unit ?? ''] ?? Number.NaN);
  return seconds;
}
