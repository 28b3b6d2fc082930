import type { Artifact } from '../artifact/reader.ts';
import type { Tolerance } from './column-diff.ts';
import type { Meaning } from './meaning.ts';
import { diffTables, haveSameRows, isSame, type TableDiff } from './table-diff.ts';
import { meaningOf } from './typed.ts';
import { diffPredictions, diffScores, type FlipDiff, type PairedPredictions, type ScoreDiff } from './verdict.ts';

/** A measured time in two runs. */
export interface TimingDiff {
  readonly phase: string;
  readonly samples: number;
  readonly before: number;
  readonly after: number;
  /** Times are compared only where nothing else computed beside either. */
  readonly verdict: 'faster' | 'slower' | 'noise' | 'not comparable';
}

/** How one artifact differs between two runs. */
export interface ArtifactDiff {
  readonly type: string;
  readonly same: boolean;
  readonly table: TableDiff;
  readonly meaning?: Meaning;
  readonly scores?: readonly ScoreDiff[];
  readonly flips?: FlipDiff;
  /** Names of the classes, for the flips. */
  readonly classes?: readonly string[];
  readonly timings?: readonly TimingDiff[];
}

/** Times that differ by less than this share are noise: machines are. */
const timingNoise = 0.2;

/** Compares two artifacts, in the words of their type. `predictions`: those that belong to two `metrics`. */
export function diffArtifacts(
  before: Artifact,
  after: Artifact,
  tolerance: Tolerance,
  predictions?: PairedPredictions,
): ArtifactDiff {
  const compared = diffTables(before, after, tolerance);
  const facts = { type: before.type, same: isSame(compared.diff), table: compared.diff };
  if (facts.same || before.type !== after.type) return facts;
  // Of the metadata alone only samples have more to say: how their pixels are scaled.
  if (haveSameRows(compared.diff) && before.type !== 'samples') return facts;
  switch (before.type) {
    case 'metrics':
      return { ...facts, scores: diffScores(before, after, predictions) };
    case 'predictions': {
      const classes = JSON.parse(before.metadata['classes'] ?? '[]') as string[];
      return { ...facts, flips: diffPredictions(before, after), classes };
    }
    case 'timings':
      return { ...facts, timings: diffTimings(before, after) };
    default: {
      const meaning = meaningOf({ before, after, compared });
      return meaning === undefined ? facts : { ...facts, meaning };
    }
  }
}

function diffTimings(before: Artifact, after: Artifact): TimingDiff[] {
  const rowsOf = (artifact: Artifact) =>
    artifact.texts('phase').map((phase, row) => ({
      phase: phase ?? '',
      samples: artifact.numbers('samples')[row] ?? 0,
      seconds: artifact.numbers('seconds')[row] ?? Number.NaN,
      exclusive: artifact.numbers('exclusive')[row] === 1,
    }));
  const now = rowsOf(after);
  return rowsOf(before).flatMap((row): TimingDiff[] => {
    const other = now.find(({ phase, samples }) => phase === row.phase && samples === row.samples);
    if (other === undefined) return [];
    const { phase, samples } = row;
    const facts = { phase, samples, before: row.seconds, after: other.seconds };
    if (!row.exclusive || !other.exclusive) return [{ ...facts, verdict: 'not comparable' }];
    const ratio = other.seconds / row.seconds;
    const verdict = ratio < 1 / (1 + timingNoise) ? 'faster' : ratio > 1 + timingNoise ? 'slower' : 'noise';
    return [{ ...facts, verdict }];
  });
}
