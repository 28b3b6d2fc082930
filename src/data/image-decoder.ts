import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { failure } from '../errors/failure.ts';
import { isSystemError, systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';
import { malformed } from './malformed.ts';

/** Turns an image file into `size` x `size` grey values, ink high. */
export type ImageDecoder = (file: string) => Promise<Result<Uint8Array>>;

/** Side of the largest image that is decoded: 64 million pixels take 256 MB. */
const largestSide = 8192;
const largestFile = 64 * 2 ** 20;

/** Width and height that a PNG or JPEG file says it has; undefined for anything else. Reads only what is there. */
export function imageSize(bytes: Buffer): { readonly width: number; readonly height: number } | undefined {
  if (bytes.length >= 24 && bytes.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n') {
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  // JPEG (ITU T.81, annex B): segments of marker and length, until a frame header (SOF) with the size.
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    const length = bytes.readUInt16BE(at + 2);
    if (length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}

/** Grey values (ITU-R BT.601 luma) of opaque RGBA pixels, inverted where ink is dark. */
function greyOf(rgba: Uint8ClampedArray, invert: boolean): Uint8Array {
  const grey = new Uint8Array(rgba.length / 4);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    const at = 4 * pixel;
    const [red, green, blue] = [rgba[at] as number, rgba[at + 1] as number, rgba[at + 2] as number];
    const luma = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    grey[pixel] = invert ? 255 - luma : luma;
  }
  return grey;
}

/**
 * Opens a decoder for PNG and JPEG files by @napi-rs/canvas, which is loaded only now because most people need it
 * never. Errors: the package is not installed.
 */
export async function openImageDecoder(options: {
  readonly size: number;
  readonly invert: boolean;
}): Promise<Result<ImageDecoder>> {
  let canvas: typeof import('@napi-rs/canvas');
  try {
    canvas = await import('@napi-rs/canvas');
  } catch (problem) {
    const detail = problem instanceof Error ? problem.message.split('\n')[0] : undefined;
    const hint = 'install it: npm install @napi-rs/canvas';
    return err(
      failure('canvas-missing', 'folders of images need the package @napi-rs/canvas, which cannot be loaded', {
        hint,
        detail,
      }),
    );
  }
  const { size, invert } = options;
  const context = canvas.createCanvas(size, size).getContext('2d', { willReadFrequently: true } as never);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  return ok(async (file) => {
    const bytes = await readImage(file);
    if (!bytes.ok) return bytes;
    try {
      const image = await canvas.loadImage(bytes.value);
      // What is transparent is ground: black, or paper where ink is dark.
      context.fillStyle = invert ? '#fff' : '#000';
      context.fillRect(0, 0, size, size);
      context.drawImage(image, 0, 0, size, size);
    } catch (problem) {
      const why = problem instanceof Error ? problem.message : String(problem);
      return malformed('image-invalid', file, `cannot be decoded: ${why}`, 'the file is cut off or damaged');
    }
    return ok(greyOf(context.getImageData(0, 0, size, size).data, invert));
  });
}

/** The bytes of an image file, when its header says that it can be decoded in a bounded memory. */
async function readImage(file: string): Promise<Result<Buffer>> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (problem) {
    if (!isSystemError(problem)) throw problem;
    return err(systemFailure(`cannot read ${basename(file)}`, problem));
  }
  const size = imageSize(bytes);
  if (size === undefined || bytes.length > largestFile) {
    return malformed(
      'image-invalid',
      file,
      `(${bytes.length} bytes) is not a PNG or JPEG image`,
      'the file is cut off or damaged',
    );
  }
  if (size.width < 1 || size.height < 1 || size.width > largestSide || size.height > largestSide) {
    return malformed(
      'image-invalid',
      file,
      `has ${size.width} x ${size.height} pixels`,
      `from 1 to ${largestSide} a side are read`,
    );
  }
  return ok(bytes);
}
