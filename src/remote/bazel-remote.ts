import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { sha256 } from '../util/sha256.ts';
import { decodeActionResult, encodeActionResult } from './action-result.ts';
import { type Answer, type Exchange, exchange, refused } from './exchange.ts';
import type { Remote, RemoteSettings } from './remote.ts';

const recordFile = 'record.json';

/**
 * A cache that speaks Bazel's HTTP protocol (https://bazel.build/remote/caching#http-caching): `cas/<sha256>` has contents,
 * `ac/<fingerprint>` says which belong to a result, so that the cache keeps and drops them together. A record's text is a
 * content like any other, named by the result.
 */
export function openBazelRemote(address: string, settings: RemoteSettings): Result<Remote> {
  let base: URL;
  try {
    base = new URL(address.endsWith('/') ? address : `${address}/`);
  } catch {
    return err(failure('remote-address', 'the address of the remote is no URL', { hint: 'write http://host:port' }));
  }
  const login = unescaped(base.username) + (base.password === '' ? '' : `:${unescaped(base.password)}`);
  base.username = '';
  base.password = '';
  const headers: Record<string, string> =
    login === '' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  const name = base.href.replace(/\/$/, '');
  const send = (
    method: Exchange['method'],
    path: string,
    more: Partial<Pick<Exchange, 'body' | 'toFile'>> = {},
  ): Promise<Result<Answer>> => exchange({ method, url: new URL(path, base), headers, ...more }, settings);
  const put = async (path: string, body: Required<Exchange>['body']): Promise<Result<void>> => {
    const answer = await send('PUT', path, { body });
    if (!answer.ok) return answer;
    const { status } = answer.value;
    return status >= 200 && status < 300 ? ok() : err(refused('cannot write to the remote', name, answer.value));
  };
  const get = async (path: string, toFile?: Exchange['toFile']): Promise<Result<Answer | undefined>> => {
    const answer = await send('GET', path, toFile === undefined ? {} : { toFile });
    if (!answer.ok || answer.value.status === 200) return answer;
    if (answer.value.status === 404) return ok(undefined);
    return err(refused('cannot read from the remote', name, answer.value));
  };
  return ok({
    name,
    getRecord: async (fingerprint) => {
      const result = await get(`ac/${fingerprint}`);
      if (!result.ok) return result;
      if (result.value === undefined) return ok(undefined);
      const digest = decodeActionResult(result.value.body)?.[recordFile];
      if (digest === undefined || !/^[0-9a-f]{64}$/.test(digest))
        return err(failure('remote-damaged', `${name} has something under this fingerprint that pipe did not write`));
      const text = await get(`cas/${digest}`);
      return text.ok ? ok(text.value?.body.toString('utf8')) : text;
    },
    putRecord: async (fingerprint, text, blobs) => {
      const body = Buffer.from(text);
      const digest = sha256(body);
      const kept = await put(`cas/${digest}`, body);
      if (!kept.ok) return kept;
      const files = { [recordFile]: { digest, size: body.length }, ...blobs };
      return put(`ac/${fingerprint}`, encodeActionResult(files));
    },
    hasBlob: async ({ digest }) => {
      const answer = await send('HEAD', `cas/${digest}`);
      if (!answer.ok) return answer;
      const { status } = answer.value;
      if (status === 200 || status === 404) return ok(status === 200);
      return err(refused('cannot look into the remote', name, answer.value));
    },
    getBlob: async (digest, path, limit) => {
      const answer = await get(`cas/${digest}`, { path, limit });
      return answer.ok ? ok(answer.value !== undefined) : answer;
    },
    putBlob: ({ digest, size }, file) => put(`cas/${digest}`, { file, size }),
  });
}

/** A name or password as people write it: with %-escapes, or with a plain % in it. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
