import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';
import { cookieText, type Door, type Knock, refusal, showsToken } from './guard.ts';
import { answerHeaders } from './headers.ts';
import { pageText } from './page-text.ts';

export interface ServerOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** What the page runs, all of it: nothing else of the disk can be asked for. */
  readonly script: string;
  readonly styleSheet: string;
  /** What the page asks for. */
  readonly api: Hono;
}

export interface UiServer {
  readonly port: number;
  /** The address that lets a browser in; it has the token. */
  readonly address: string;
  close(): Promise<void>;
}

const loopback = '127.0.0.1';
/**
 * Connections at a time, and milliseconds in which a request must have come: any user of the machine can connect, with or without the
 * token, and a run in this process must keep its file descriptors.
 */
const mostConnections = 200;
const patience = 30_000;
/** Bytes of a request's body: SQL is the longest that anybody sends. */
const mostBody = 256 * 1024;

/** Serves the page, on this machine's loopback only. Errors: the port is taken. */
export async function startServer(options: ServerOptions): Promise<Result<UiServer>> {
  // A secret, not part of any result: it must not follow from a seed.
  const token = randomBytes(16).toString('base64url');
  let door: Door = { port: options.port, token };
  const app = new Hono();
  app.use(async (context, next) => {
    const knock = knockOf(context);
    const refused = refusal(knock, door);
    if (refused === undefined) await next();
    else context.res = context.json({ code: 'refused', message: refused.reason }, refused.status);
    for (const [name, value] of Object.entries(answerHeaders))
      if (!context.res.headers.has(name)) context.res.headers.set(name, value);
    if (refused === undefined && showsToken(knock, door)) context.res.headers.set('Set-Cookie', cookieText(door));
  });
  app.use(bodyLimit({ maxSize: mostBody }));
  app.get('/', (context) => context.html(pageText()));
  app.get('/style.css', (context) => context.body(options.styleSheet, 200, { 'Content-Type': 'text/css' }));
  app.get('/page.js', (context) => context.body(options.script, 200, { 'Content-Type': 'text/javascript' }));
  app.route('/api', options.api);
  app.notFound((context) => context.json({ code: 'unknown', message: 'there is nothing at this address' }, 404));
  const server = createAdaptorServer({ fetch: app.fetch, hostname: loopback }) as Server;
  server.maxConnections = mostConnections;
  server.headersTimeout = patience;
  server.requestTimeout = patience;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, loopback, resolve);
    });
  } catch (problem) {
    return err(systemFailure('the page cannot be served', problem, 'choose another port with --port, or none'));
  }
  const { port } = server.address() as AddressInfo;
  door = { port, token };
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      // Streams of events stay open as long as their pages do.
      server.closeAllConnections();
    });
  return ok({ port, address: `http://${loopback}:${port}/?token=${token}`, close });
}

function knockOf({ req }: Context): Knock {
  return {
    method: req.method,
    path: req.path,
    host: req.header('Host'),
    origin: req.header('Origin'),
    fetchSite: req.header('Sec-Fetch-Site'),
    cookie: req.header('Cookie'),
    contentType: req.header('Content-Type'),
    token: req.query('token'),
  };
}
