import { describe, expect, it } from 'vitest';
import { parseReport } from '../../src/backend/wheel.ts';

describe('parseReport', () => {
  it("finds addresses and digests in pip's report, whatever way the names are spelled", () => {
    const report = {
      version: '1',
      install: [
        {
          download_info: { url: 'https://example.org/a.whl', archive_info: { hashes: { sha256: 'abc' } } },
          metadata: { name: 'nvidia_cuDNN.cu12', version: '9' },
        },
        { download_info: { url: 'https://example.org/b.whl' }, metadata: { name: 'tensorflow' } },
      ],
    };
    expect(parseReport(JSON.stringify(report))).toEqual(
      new Map([
        ['nvidia-cudnn-cu12', { url: 'https://example.org/a.whl', sha256: 'abc' }],
        ['tensorflow', { url: 'https://example.org/b.whl', sha256: undefined }],
      ]),
    );
  });

  it('finds nothing in what is no report', () => {
    for (const text of [
      '',
      'ERROR: no such option',
      '[]',
      'null',
      '{"install":[null,1,{"metadata":{}}]}',
      '{"install":{}}',
    ]) {
      expect(parseReport(text).size).toBe(0);
    }
  });
});
