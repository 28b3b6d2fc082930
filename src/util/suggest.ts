/**
 * Edits between two words: letters put in, left out, exchanged or swapped with their neighbour (optimal string
 * alignment, Damerau 1964), three rows of the table at a time.
 */
function distance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const exchanged = (last[column - 1] ?? 0) + (same ? 0 : 1);
      const swaps = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const swapped = swaps ? (beforeLast[column - 2] ?? 0) + 1 : exchanged;
      current.push(Math.min(exchanged, swapped, (last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}

/** The known word that somebody most likely meant, or undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const separation = distance(word.toLowerCase(), candidate.toLowerCase());
    if (separation < bestDistance) {
      best = candidate;
      bestDistance = separation;
    }
  }
  return best;
}

/** "did you mean «x»?" when a known word is near, else the list of what is known. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (known.length === 0) return 'none is defined';
  return `known: ${[...known].sort().join(', ')}`;
}
