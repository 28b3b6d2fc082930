import { createHmac } from 'node:crypto';
import { sha256 } from '../util/sha256.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  /** SHA-256 of the body, hexadecimal. */
  readonly payload: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Percent-encoding as AWS wants it: all but the unreserved characters of RFC 3986. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A path with each part encoded once. */
export function encodedPath(path: string): string {
  return path.split('/').map(encoded).join('/');
}

/**
 * The headers of a signed request: AWS Signature Version 4 ("Create a signed AWS API request", AWS IAM User Guide). The URL's path
 * must be encoded already. All given headers are signed.
 */
export function signedHeaders(
  request: SignedRequest,
  credentials: AwsCredentials,
  scope: { readonly region: string; readonly service: string; readonly now: Date },
): Record<string, string> {
  const time = scope.now.toISOString().replace(/[:-]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.url.host,
    'x-amz-date': time,
    ...(scope.service === 's3' ? { 'x-amz-content-sha256': request.payload } : {}),
    ...(credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const query = [...request.url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const canonical = [
    request.method,
    request.url.pathname,
    query,
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    names.join(';'),
    request.payload,
  ].join('\n');
  const within = `${day}/${scope.region}/${scope.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, within, sha256(canonical)].join('\n');
  const key = [scope.region, scope.service, 'aws4_request'].reduce(
    hmac,
    hmac(`AWS4${credentials.secretAccessKey}`, day),
  );
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${within}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...headers, authorization };
}
