import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { sha256 } from '../util/sha256.ts';
import { awsCredentials, awsRegion } from './aws-settings.ts';
import { type Answer, type Exchange, exchange, refused } from './exchange.ts';
import type { Remote, RemoteSettings } from './remote.ts';
import { encodedPath, signedHeaders } from './signature.ts';

const empty = sha256('');

/**
 * A bucket of S3, or of a server that speaks like it (`AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`): `<prefix>/cas/<digest>` and
 * `<prefix>/records/<fingerprint>`. Every body goes with its digest, which the server checks; blobs are written only where
 * there is none (conditional writes).
 */
export function openS3Remote(address: string, settings: RemoteSettings): Result<Remote> {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/*$/.exec(address) ?? [];
  if (bucket === '')
    return err(
      failure('remote-address', `"${address}" names no bucket`, { hint: 'write s3://bucket or s3://bucket/prefix' }),
    );
  const credentials = awsCredentials(settings.env);
  if (!credentials.ok) return credentials;
  const region = awsRegion(settings.env);
  const endpoint = settings.env['AWS_ENDPOINT_URL_S3'] ?? settings.env['AWS_ENDPOINT_URL'];
  let base: URL;
  try {
    base = new URL(
      endpoint === undefined
        ? `https://${bucket}.s3.${region}.amazonaws.com`
        : `${endpoint.replace(/\/+$/, '')}/${bucket}`,
    );
  } catch {
    return err(
      failure('remote-address', `AWS_ENDPOINT_URL is no URL, got ${endpoint}`, { hint: 'write http://host:port' }),
    );
  }
  const urlOf = (key: string): URL => {
    const url = new URL(base);
    url.pathname = [base.pathname.replace(/\/$/, ''), encodedPath(prefix === '' ? key : `${prefix}/${key}`)].join('/');
    return url;
  };
  const send = (
    method: Exchange['method'],
    key: string,
    more: Partial<Pick<Exchange, 'body' | 'toFile' | 'headers'>> & { readonly payload?: string } = {},
  ): Promise<Result<Answer>> => {
    const { payload = empty, headers = {}, ...rest } = more;
    const url = urlOf(key);
    const scope = { region, service: 's3', now: new Date() };
    return exchange(
      { method, url, headers: signedHeaders({ method, url, payload, headers }, credentials.value, scope), ...rest },
      settings,
    );
  };
  const get = async (key: string, toFile?: Exchange['toFile']): Promise<Result<Answer | undefined>> => {
    const answer = await send('GET', key, toFile === undefined ? {} : { toFile });
    if (!answer.ok || answer.value.status === 200) return answer;
    // A bucket that is not there is a mistake; a key that is not there is an answer.
    const missing = answer.value.status === 404 && !answer.value.body.includes('NoSuchBucket');
    return missing ? ok(undefined) : err(refused('cannot read from the remote', address, answer.value));
  };
  const written = (answer: Result<Answer>, there: readonly number[]): Result<void> => {
    if (!answer.ok) return answer;
    const { status } = answer.value;
    if ((status >= 200 && status < 300) || there.includes(status)) return ok();
    return err(refused('cannot write to the remote', address, answer.value));
  };
  return ok({
    name: address,
    getRecord: async (fingerprint) => {
      const answer = await get(`records/${fingerprint}`);
      return answer.ok ? ok(answer.value?.body.toString('utf8')) : answer;
    },
    putRecord: async (fingerprint, text) => {
      const body = Buffer.from(text);
      return written(await send('PUT', `records/${fingerprint}`, { body, payload: sha256(body) }), []);
    },
    hasBlob: async ({ digest }) => {
      const answer = await send('HEAD', `cas/${digest}`);
      if (!answer.ok) return answer;
      const { status } = answer.value;
      if (status === 200 || status === 404) return ok(status === 200);
      return err(refused('cannot look into the remote', address, answer.value));
    },
    getBlob: async (digest, path, limit) => {
      const answer = await get(`cas/${digest}`, { path, limit });
      return answer.ok ? ok(answer.value !== undefined) : answer;
    },
    putBlob: async ({ digest, size }, file) => {
      const only = { 'if-none-match': '*' };
      // 412: it is there already, with the same content.
      return written(
        await send('PUT', `cas/${digest}`, { body: { file, size }, payload: digest, headers: only }),
        [412],
      );
    },
  });
}
