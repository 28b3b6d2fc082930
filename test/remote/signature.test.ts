import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodedPath, signedHeaders } from '../../src/remote/signature.ts';

// The credentials and requests of AWS's own examples.
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const now = new Date('2015-08-30T12:36:00Z');
const empty = createHash('sha256').update('').digest('hex');
const signatureOf = (headers: Record<string, string>) => /Signature=(\w+)/.exec(headers['authorization'] ?? '')?.[1];

test('get-vanilla of the AWS SigV4 test suite', () => {
  const request = { method: 'GET', url: new URL('https://example.amazonaws.com/'), payload: empty };
  const headers = signedHeaders(request, credentials, { region: 'us-east-1', service: 'service', now });
  expect(headers['authorization']).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  );
});

test('get-vanilla-query-order-key-case of the AWS SigV4 test suite', () => {
  const url = new URL('https://example.amazonaws.com/?Param2=value2&Param1=value1');
  const headers = signedHeaders({ method: 'GET', url, payload: empty }, credentials, {
    region: 'us-east-1',
    service: 'service',
    now,
  });
  expect(signatureOf(headers)).toBe('b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500');
});

test('the GET Object example of the S3 guide', () => {
  const request = {
    method: 'GET',
    url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
    payload: empty,
    headers: { range: 'bytes=0-9' },
  };
  const s3 = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const scope = { region: 'us-east-1', service: 's3', now: new Date('2013-05-24T00:00:00Z') };
  expect(signatureOf(signedHeaders(request, s3, scope))).toBe(
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});

test('a path is encoded part by part', () => {
  expect(encodedPath("a b/c+d/ü(1)'")).toBe('a%20b/c%2Bd/%C3%BC%281%29%27');
});
