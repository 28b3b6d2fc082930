import { failure } from '../errors/failure.ts';
import { createRandom } from '../util/random.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { Dataset } from './dataset.ts';
import { canvasSide, deformed } from './drawn-deform.ts';
import { type DigitSource, openDigits } from './drawn-digits.ts';
import { enlarged, fitted, imageSide } from './drawn-fit.ts';
import { type GlyphSource, openGlyphs } from './drawn-glyphs.ts';
import { type DrawnRow, drawnClasses, drawnTitle, planDrawnRows } from './drawn-plan.ts';

export interface DrawnOptions {
  /** The files of `findDrawnPackages`, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Rows wanted; at most `mostDrawnRows` ids of both partitions are there to take them from. */
  readonly rows: number;
  readonly subset: 'train' | 'test' | 'all';
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly progress?: (fraction: number) => void;
}

/** Drawn rows with their ids: positions in the sequence of both partitions, so that a subset keeps them. */
export interface DrawnDataset {
  readonly dataset: Dataset;
  readonly ids: Int32Array;
}

/** Rows between two looks at the signal. */
const batch = 500;

/**
 * Makes the offline stand-in for EMNIST ByClass: real digits of MNIST and letters drawn from open handwriting fonts,
 * 62 classes in EMNIST's shares, 28 x 28, ink high on 0, upright. The same seed gives the same rows, whatever their
 * number. Test letters come from fonts that no training letter comes from; digits keep MNIST's own partitions.
 *
 * Errors: `drawn-package-damaged`, `canvas-not-loadable`, `interrupted` (by the signal), and those of the disk.
 */
export async function drawHandwriting(options: DrawnOptions): Promise<Result<DrawnDataset>> {
  const digits = openDigits(options.files, options.seed);
  if (!digits.ok) return digits;
  const glyphs = openGlyphs(options.files);
  if (!glyphs.ok) return glyphs;
  const rows = planDrawnRows(options);
  const images = new Uint8Array(rows.length * imageSide * imageSide);
  for (const [index, row] of rows.entries()) {
    if (index % batch === 0) {
      await new Promise(setImmediate);
      if (options.signal.aborted) return err(failure('interrupted', 'drawing handwriting was interrupted'));
      options.progress?.(index / rows.length);
    }
    images.set(drawRow(row, options.seed, digits.value, glyphs.value), index * imageSide * imageSide);
  }
  return ok({
    ids: Int32Array.from(rows, (row) => row.id),
    dataset: {
      rows: rows.length,
      height: imageSide,
      width: imageSide,
      images,
      labels: Int32Array.from(rows, (row) => row.label),
      classes: drawnClasses,
      partition: rows.map((row) => row.partition),
      missing: 0,
      source: { format: 'drawn', title: drawnTitle, orientation: 'upright', files: [] },
    },
  });
}

function drawRow(row: DrawnRow, seed: number, digits: DigitSource, glyphs: GlyphSource): Uint8Array {
  const random = createRandom(seed, 'drawn row', row.id);
  const box = Math.min(24, Math.max(19, 22 + random.normal()));
  if (row.label < 10) {
    const { ink, side } = enlarged(digits.image(row.label, row.partition, row.occurrence));
    return fitted(ink, side, box);
  }
  const glyph = glyphs(row.hand, drawnClasses[row.label] as string);
  return fitted(deformed(glyph, random), canvasSide, box);
}
