import { request } from 'node:http';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type UiServer } from '../../src/ui/server.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

let server: UiServer;
let asked = 0;

beforeAll(async () => {
  const api = new Hono();
  api.get('/thing', (context) => context.json({ secret: 42 }));
  api.post('/act', (context) => {
    asked++;
    return context.json({ done: true });
  });
  const started = await startServer({ port: 0, script: 'export {};', styleSheet: '', api });
  if (!started.ok) throw new Error(started.error.message);
  server = started.value;
});
afterAll(() => server.close());

/** A real request with exactly these headers: fetch would set Host and Origin by itself. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port, path, method, headers };
    const asking = request(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

const token = (): string => new URL(server.address).searchParams.get('token') ?? '';
const cookie = (): string => `pipe-${server.port}=${token()}`;
const origin = (): string => `http://127.0.0.1:${server.port}`;
const json = { 'Content-Type': 'application/json' };

test('the printed address opens the page and gives a cookie that no script and no other site can use', async () => {
  const answer = await ask(`/?token=${token()}`);
  expect(answer.status).toBe(200);
  expect(String(answer.headers['set-cookie'])).toBe(`${cookie()}; Path=/; HttpOnly; SameSite=Strict`);
  expect((await ask('/api/thing', { Cookie: cookie() })).text).toBe('{"secret":42}');
});

test('the address works where it was clicked in a page of another site', async () => {
  expect((await ask(`/?token=${token()}`, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(200);
});

describe('turned away', () => {
  test.each([
    ['/', {}],
    ['/?token=wrong', {}],
    ['/api/thing', {}],
    ['/page.js', {}],
    ['/nothing', {}],
    ['/api/thing', { Cookie: 'pipe-1=x' }],
  ])('without the token: %s %j', async (path, headers) => {
    const answer = await ask(path, headers);
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('open the address that pipe printed');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('the token in an address other than that of the page', async () => {
    expect((await ask(`/api/thing?token=${token()}`)).status).toBe(401);
  });

  test.each(['evil.example', 'evil.example:PORT', 'localhost', '127.0.0.1:1', '127.0.0.1.evil.example:PORT'])(
    'another name for this machine (DNS rebinding): Host %s',
    async (host) => {
      const headers = { Host: host.replace('PORT', String(server.port)), Cookie: cookie() };
      const answer = await ask(`/?token=${token()}`, headers);
      expect(answer.status).toBe(403);
      expect(answer.text).toContain(`127.0.0.1:${server.port}`);
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );

  test.each(['cross-site', 'same-site'])('a reading request of a page elsewhere: %s', async (site) => {
    expect((await ask('/api/thing', { Cookie: cookie(), 'Sec-Fetch-Site': site })).status).toBe(403);
    expect((await ask('/', { Cookie: cookie(), 'Sec-Fetch-Site': site })).status).toBe(403);
  });

  test.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1:PORT'])(
    'a request of another origin: %s',
    async (from) => {
      const headers = { Cookie: cookie(), Origin: from.replace('PORT', String(server.port)), ...json };
      expect((await ask('/api/thing', headers)).status).toBe(403);
      expect((await ask('/api/act', headers, 'POST', '{}')).status).toBe(403);
    },
  );

  test('an action without an origin, of a form, of another method; none of them acts', async () => {
    const own = { Cookie: cookie(), Origin: origin() };
    expect((await ask('/api/act', { Cookie: cookie(), ...json }, 'POST', '{}')).status).toBe(403);
    expect((await ask('/api/act', { ...own, 'Content-Type': 'text/plain' }, 'POST', '{}')).status).toBe(415);
    for (const method of ['DELETE', 'PUT', 'PATCH', 'OPTIONS', 'HEAD'])
      expect((await ask('/api/act', { ...own, ...json }, method)).status).toBe(405);
    expect(asked).toBe(0);
    expect((await ask('/api/act', { ...own, ...json }, 'POST', '{}')).status).toBe(200);
    expect(asked).toBe(1);
  });
});

test('every answer has the strict policy, refusals too', async () => {
  for (const answer of [await ask(`/?token=${token()}`), await ask('/'), await ask('/x', { Cookie: cookie() })]) {
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['x-frame-options']).toBe('DENY');
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('the page has no inline script and names no other host', async () => {
  const { text } = await ask(`/?token=${token()}`);
  expect(text).not.toMatch(/<script(?![^>]*src=)/);
  expect(text).not.toMatch(/\bon\w+=/);
  expect(text).not.toMatch(/https?:/);
});

test('nothing of the disk is served but the page itself', async () => {
  expect((await ask('/page.js', { Cookie: cookie() })).status).toBe(200);
  for (const path of ['/package.json', '/../package.json', '/%2e%2e/package.json', '/src/ui/page.js', '/page.js.map'])
    expect((await ask(path, { Cookie: cookie() })).status).toBe(404);
});

test('two starts have two tokens', async () => {
  const other = await startServer({
    port: 0,
    script: '',
    styleSheet: '',
    api: new Hono(),
  });
  if (!other.ok) throw new Error(other.error.message);
  expect(new URL(other.value.address).searchParams.get('token')).not.toBe(token());
  await other.value.close();
});

test('a port that is taken is a failure that says what to do', async () => {
  const other = await startServer({
    port: server.port,
    script: '',
    styleSheet: '',
    api: new Hono(),
  });
  expect(other).toMatchObject({ ok: false, error: { hint: expect.stringContaining('--port') } });
});
