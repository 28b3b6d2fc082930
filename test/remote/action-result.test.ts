import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeActionResult, encodeActionResult } from '../../src/remote/action-result.ts';

test('what is written is read again', () => {
  const blob = fc.record({ digest: fc.stringMatching(/^[0-9a-f]{64}$/), size: fc.integer({ min: 0, max: 2 ** 45 }) });
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), blob, { noNullPrototype: true }), (files) => {
      const read = decodeActionResult(encodeActionResult(files));
      expect(read).toEqual(Object.fromEntries(Object.entries(files).map(([path, { digest }]) => [path, digest])));
    }),
    { seed: 3 },
  );
});

test('the bytes are those of the protocol', () => {
  const digest = 'ab'.repeat(32);
  const hex = encodeActionResult({ x: { digest, size: 300 } }).toString('hex');
  // ActionResult.output_files (12), OutputFile.path (0a), .digest (12), Digest.hash (0a), .size_bytes (10): 300 is ac02.
  expect(hex).toBe(`124a0a0178${'1245'}0a40${Buffer.from(digest).toString('hex')}10ac02`);
});

test.each([
  ['cut off', Buffer.from([0x12, 0x40, 1])],
  ['of a wrong wire type', Buffer.from([0x17])],
])('bytes that are %s are none', (_, bytes) => {
  expect(decodeActionResult(bytes)).toBeUndefined();
});
