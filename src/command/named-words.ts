/** What a shell keeps in variables of its own: not a pattern, though it looks like one. */
const shellVariables = /\$[?*#@!$-]/g;

/** Where output goes: that a file of the name is there already changes nothing. */
const redirections = /\d*>{1,2}\|?\s*[^\s;&|<>()]+/g;

/**
 * The words of an argument or a text for the shell that may name a file: those between blanks and the shell's own
 * characters, those in quotes with their blanks, and the value of `--name=value`. A word more than the program reads
 * costs a run too many; a word less would keep a result that is wrong.
 */
export function namedWords(text: string): readonly string[] {
  const read = text.replace(redirections, ' ').replace(shellVariables, ' ');
  const quoted = [...read.matchAll(/'([^']+)'|"([^"]+)"/g)].map(([, single, double]) => single ?? double ?? '');
  const bare = read.split(/[\s;&|<>()'"`$={},:]+/);
  return [...new Set([...quoted, ...bare])].filter((word) => word !== '');
}

/** Whether a word is a pattern of file names, as shells understand them. */
export function isPattern(word: string): boolean {
  return /[*?]|\[[^\]]+\]/.test(word);
}
