import { type Artifact, openArtifact } from '../artifact/reader.ts';
import { openerOf } from '../diff/diff-sides.ts';
import { htmlDiff } from '../diff/html-diff.ts';
import type { DiffSide, RunDiff } from '../diff/run-diff.ts';
import type { Store } from '../store/store.ts';
import { changeLines } from './change-lines.ts';

/** A diff as a document of its own, with pictures of what changed, and the words for causes that the terminal has. */
export function diffDocument(store: Store, diff: RunDiff, sides: readonly [DiffSide, DiffSide] | undefined): string {
  const samples = (digest: string): Artifact | undefined => {
    const opened = openArtifact(store.layout.blob(digest));
    return opened.ok ? opened.value : undefined;
  };
  const causeTexts = ({ changes }: RunDiff['causes'][number]): string[] => changeLines(changes);
  return htmlDiff(diff, { sides, open: openerOf(store), samples, causeTexts });
}
