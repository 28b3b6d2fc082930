import type { Random } from '../util/random.ts';
import { type Glyph, glyphExtent, glyphSide } from './drawn-glyphs.ts';
import { interpolate } from './interpolate.ts';

/** Side of the square that a letter is deformed into, in pixels. */
export const canvasSide = 96;

const scale = glyphSide / canvasSide;

/** Final pixels are this many pixels of a glyph wide: its extent ends up as about 22 of 28 pixels. */
const finalPixel = glyphExtent / 22;

/** One sample's hand movement; lengths in pixels of the glyph. */
interface Deformation {
  /** From the square's pixels to the glyph's, about their centres: x = a u + b v, y = c u + d v. */
  readonly matrix: readonly [a: number, b: number, c: number, d: number];
  /** How far the edge is moved outwards. */
  readonly growth: number;
  readonly shift: Displacements;
}

/** Displacements at the nodes of a coarse grid over the glyph, between which one interpolates. */
interface Displacements {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

const nodes = 17;
const nodeDistance = glyphSide / (nodes - 1);

/** Strength and width of the elastic deformation in final pixels (Simard, Steinkraus, Platt, 2003, use 34 and 4). */
const elasticStrength = 15;
const elasticWidth = 4;

/**
 * Draws a glyph once more as a hand would: another slant, angle, proportion and pen, and a tremor (elastic deformation
 * after Simard, Steinkraus, Platt: "Best Practices for Convolutional Neural Networks", 2003).
 * Returns canvasSide * canvasSide values from 0 to 1.
 */
export function deformed(glyph: Glyph, random: Random): Float32Array {
  const { matrix, growth, shift } = deformationOf(glyph, random);
  const [a, b, c, d] = matrix;
  const ink = new Float32Array(canvasSide * canvasSide);
  const middle = canvasSide / 2 - 0.5;
  for (let row = 0; row < canvasSide; row++) {
    const v = (row - middle) * scale;
    for (let column = 0; column < canvasSide; column++) {
      const u = (column - middle) * scale;
      const x = a * u + b * v + glyphSide / 2;
      const y = c * u + d * v + glyphSide / 2;
      const movedX = x + interpolate(shift.x, nodes, x / nodeDistance, y / nodeDistance);
      const movedY = y + interpolate(shift.y, nodes, x / nodeDistance, y / nodeDistance);
      const distance = interpolate(glyph.distances, glyphSide, movedX - 0.5, movedY - 0.5);
      ink[row * canvasSide + column] = Math.min(1, Math.max(0, 0.5 + (growth - distance) / scale));
    }
  }
  return ink;
}

function deformationOf(glyph: Glyph, random: Random): Deformation {
  const angle = limited(random.normal() * 0.1, 0.25);
  const slant = limited(0.06 + random.normal() * 0.18, 0.5);
  const proportion = Math.exp(limited(random.normal() * 0.12, 0.3));
  const wanted = Math.min(4.8, Math.max(1.8, 2.9 + random.normal() * 0.75)) * finalPixel;
  // A pen much thinner than the font's would tear strokes, a much thicker one would fill the eyes of e and a.
  const growth = Math.max(-0.25 * glyph.strokeWidth, Math.min(3.5, (wanted - glyph.strokeWidth) / 2));
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return {
    matrix: [cos * proportion, (sin + slant * cos) * proportion, -sin / proportion, (cos - slant * sin) / proportion],
    growth,
    shift: { x: displacements(random), y: displacements(random) },
  };
}

function limited(value: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, value));
}

/** Uniform noise smoothed by a Gaussian, as in the paper, on the coarse grid; the result is in pixels of the glyph. */
function displacements(random: Random): Float32Array {
  const noise = Float32Array.from({ length: nodes * nodes }, () => 2 * random.uniform() - 1);
  const width = (elasticWidth * finalPixel) / nodeDistance;
  // On the paper's grid of single pixels the smoothed noise is weaker than on ours by the ratio of the spacings.
  const strength = (elasticStrength * finalPixel * finalPixel) / nodeDistance;
  const smooth = smoothedAlong(smoothedAlong(noise, width, 1, nodes), width, nodes, 1);
  return smooth.map((value) => value * strength);
}

/** Convolves each line of a square of nodes with a Gaussian; noise beyond the border counts as 0. */
function smoothedAlong(values: Float32Array, width: number, step: number, lineStep: number): Float32Array {
  const result = new Float32Array(values.length);
  const weights = Array.from({ length: nodes }, (_, offset) => Math.exp(-(offset ** 2) / (2 * width * width)));
  const total = Math.sqrt(2 * Math.PI) * width;
  for (let line = 0; line < nodes; line++) {
    for (let position = 0; position < nodes; position++) {
      let sum = 0;
      for (let other = 0; other < nodes; other++) {
        sum += (weights[Math.abs(other - position)] as number) * (values[line * lineStep + other * step] as number);
      }
      result[line * lineStep + position * step] = sum / total;
    }
  }
  return result;
}
