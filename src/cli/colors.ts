import pc from 'picocolors';

/** Whether standard output takes colours: a terminal, and nobody asked for none (no-color.org), or somebody forces them. */
export function wantsColors(): boolean {
  const { NO_COLOR: none, FORCE_COLOR: force } = process.env;
  if (force !== undefined && force !== '' && force !== '0') return true;
  return process.stdout.isTTY === true && (none === undefined || none === '');
}

/** Colours for standard output; plain text where it takes none. */
export function outputColors(): ReturnType<typeof pc.createColors> {
  return pc.createColors(wantsColors());
}
