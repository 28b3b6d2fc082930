import { createRequire } from 'node:module';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { signedDistances } from './distance-field.ts';
import { fontFileName, hands } from './drawn-packages.ts';

/** Side of a glyph's square in pixels, and the length that its longer extent is drawn at. */
export const glyphSide = 128;
export const glyphExtent = 84;

/** One letter of one font as a distance field, from which strokes of any weight can be cut. */
export interface Glyph {
  /** glyphSide * glyphSide signed distances to the letter's edge in pixels, negative inside. */
  readonly distances: Float32Array;
  /** Mean width of its strokes in pixels. */
  readonly strokeWidth: number;
}

/** Gives the glyph of a letter in one of `hands`; each is rendered once. */
export type GlyphSource = (hand: number, letter: string) => Glyph;

/** Loads the fonts among `files` into a canvas. Fails when the canvas library cannot be loaded or refuses a font. */
export function openGlyphs(files: Readonly<Record<string, string>>): Result<GlyphSource> {
  const canvas = loadCanvas(Object.values(files));
  if (!canvas.ok) return canvas;
  const { GlobalFonts, createCanvas } = canvas.value;
  for (const hand of hands) {
    const name = fontFileName(hand);
    const path = files[name];
    if (path === undefined) throw new Error(`the file ${name} is not among the stage's files`);
    if (GlobalFonts.registerFromPath(path, familyOf(hand.font)) === null) {
      return err(
        failure('drawn-package-damaged', `${name} cannot be loaded as a font`, {
          hint: `install the package @fontsource/${hand.font} again`,
        }),
      );
    }
  }
  const context = createCanvas(glyphSide, glyphSide).getContext('2d');
  const glyphs = new Map<string, Glyph>();
  return ok((hand, letter) => {
    const key = `${hand} ${letter}`;
    const known = glyphs.get(key);
    if (known !== undefined) return known;
    const glyph = glyphOf(rasterise(context, familyOf(hands[hand]?.font ?? ''), letter));
    glyphs.set(key, glyph);
    return glyph;
  });
}

/** A family name that no font of the machine has, so that a font that failed to load cannot be taken for another. */
function familyOf(font: string): string {
  return `drawn handwriting ${font}`;
}

interface Metrics {
  readonly actualBoundingBoxLeft: number;
  readonly actualBoundingBoxRight: number;
  readonly actualBoundingBoxAscent: number;
  readonly actualBoundingBoxDescent: number;
}

interface DrawingContext {
  font: string;
  fillStyle: unknown;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): Metrics;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: ArrayLike<number> };
}

/** The part of the canvas library that is used here; its own types come with a development dependency. */
interface CanvasLibrary {
  readonly GlobalFonts: { registerFromPath(path: string, name: string): object | null };
  createCanvas(width: number, height: number): { getContext(kind: '2d'): DrawingContext };
}

/** The canvas library that is installed beside this module, or beside the fonts. */
function loadCanvas(fonts: readonly string[]): Result<CanvasLibrary> {
  let problem: unknown;
  for (const start of [import.meta.url, ...fonts.slice(-1)]) {
    try {
      return ok(createRequire(start)('@napi-rs/canvas') as CanvasLibrary);
    } catch (caught) {
      problem = caught;
    }
  }
  return err(
    failure('canvas-not-loadable', 'the package @napi-rs/canvas, which draws the letters, cannot be loaded', {
      detail: problem instanceof Error ? (problem.message.split('\n')[0] ?? '') : String(problem),
      hint: 'install it for this platform, or put files of EMNIST into the data folder',
    }),
  );
}

/** Draws a letter white on black into the middle of the square, its longer extent `glyphExtent` pixels long. */
function rasterise(context: DrawingContext, family: string, letter: string): Uint8Array {
  const trial = 100;
  context.font = `${trial}px "${family}"`;
  const rough = extents(context.measureText(letter));
  context.font = `${(trial * glyphExtent) / Math.max(rough.width, rough.height)}px "${family}"`;
  const box = extents(context.measureText(letter));
  context.fillStyle = 'black';
  context.fillRect(0, 0, glyphSide, glyphSide);
  context.fillStyle = 'white';
  context.fillText(letter, glyphSide / 2 - box.width / 2 + box.left, glyphSide / 2 - box.height / 2 + box.ascent);
  const { data } = context.getImageData(0, 0, glyphSide, glyphSide);
  const inside = new Uint8Array(glyphSide * glyphSide);
  for (let index = 0; index < inside.length; index++) inside[index] = (data[4 * index] as number) > 127 ? 1 : 0;
  return inside;
}

function extents(metrics: Metrics): { width: number; height: number; left: number; ascent: number } {
  return {
    width: metrics.actualBoundingBoxLeft + metrics.actualBoundingBoxRight,
    height: metrics.actualBoundingBoxAscent + metrics.actualBoundingBoxDescent,
    left: metrics.actualBoundingBoxLeft,
    ascent: metrics.actualBoundingBoxAscent,
  };
}

/** In a strip of width w the mean distance to the edge is w / 4. */
function glyphOf(inside: Uint8Array): Glyph {
  const distances = signedDistances(inside, glyphSide);
  let depth = 0;
  let pixels = 0;
  for (const distance of distances) {
    if (distance > 0) continue;
    depth -= distance;
    pixels++;
  }
  return { distances, strokeWidth: (4 * depth) / Math.max(1, pixels) };
}
