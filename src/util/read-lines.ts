/** Characters after which a line that does not end is cut: a program may print anything, also no line ends at all. */
const longestLine = 64 * 1024;

/** Hands on what a program prints as whole lines, as many at a time as there are. */
export function readLines(stream: NodeJS.ReadableStream, onLines: (lines: readonly string[]) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) {
      lines.push(rest);
      rest = '';
    }
    if (lines.length > 0) onLines(lines);
  });
  stream.on('end', () => {
    if (rest !== '') onLines([rest]);
  });
}
