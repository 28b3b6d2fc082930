import { describe, expect, it } from 'vitest';
import { withoutChatter } from '../../src/backend/quiet.ts';

describe('withoutChatter', () => {
  it("takes out TensorFlow's start-up information and leaves everything else as it was", () => {
    const text = [
      'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n',
      'I0000 00:00:1795417148.117821   12669 port.cc:153] oneDNN custom operations are on.\n',
      'E0000 00:00:1795417148.117821   12669 cuda.cc:1] no driver\n',
      'W0000 00:00:1795417148.117821   12669 x.cc:1] a warning',
    ];
    expect(withoutChatter(text.join(''))).toBe(`${text[2]}${text[3]}`);
    expect(withoutChatter('')).toBe('');
  });
});
