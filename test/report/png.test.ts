import { crc32, inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { encodePng, pngAddress } from '../../src/report/png.ts';

function chunks(png: Buffer): { type: string; content: Buffer }[] {
  const found: { type: string; content: Buffer }[] = [];
  for (let position = 8; position < png.length; ) {
    const length = png.readUInt32BE(position);
    const named = png.subarray(position + 4, position + 8 + length);
    expect(png.readUInt32BE(position + 8 + length)).toBe(crc32(named));
    found.push({ type: named.toString('latin1', 0, 4), content: named.subarray(4) });
    position += 12 + length;
  }
  return found;
}

it('writes a PNG whose chunks are whole and whose pixels come back', () => {
  const pixels = Uint8Array.from({ length: 5 * 3 }, (_, index) => (index * 37) % 256);
  const png = Buffer.from(encodePng(pixels, 5, 3));
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  const [header, data, end] = chunks(png);
  expect(header?.type).toBe('IHDR');
  expect([...(header?.content ?? [])]).toEqual([0, 0, 0, 5, 0, 0, 0, 3, 8, 0, 0, 0, 0]);
  const lines = inflateSync(data?.content ?? Buffer.alloc(0));
  const rows = [0, 1, 2].map((row) => [...lines.subarray(row * 6, row * 6 + 6)]);
  expect(rows).toEqual([0, 1, 2].map((row) => [0, ...pixels.subarray(row * 5, row * 5 + 5)]));
  expect(end).toEqual({ type: 'IEND', content: Buffer.alloc(0) });
});

it('refuses pixels that do not fill the picture', () => {
  expect(() => encodePng(new Uint8Array(5), 2, 3)).toThrow('5 pixels are not 2 x 3');
});

it('gives the picture as an address that needs no network', () => {
  expect(pngAddress(new Uint8Array(1), 1, 1)).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/]+=*$/);
});
