import pc from 'picocolors';

/** Whether standard output takes colours: a terminal, and nobody asked for none (no-color.org). */
export function wantsColors(): boolean {
  return process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
}

/** Colours for standard output; plain text where it takes none. */
export function outputColors(): ReturnType<typeof pc.createColors> {
  return pc.createColors(wantsColors());
}
