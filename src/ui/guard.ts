import { createHash, timingSafeEqual } from 'node:crypto';

/** What the page's server is known by. */
export interface Door {
  readonly port: number;
  /** Secret of this start of the server: in the printed address, then in a cookie. */
  readonly token: string;
}

/** The parts of a request that say whether it may come in. Header values as they came; undefined where there is none. */
export interface Knock {
  readonly method: string;
  readonly path: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`: where the page is from that asks; every browser of today sends it. */
  readonly fetchSite: string | undefined;
  readonly cookie: string | undefined;
  readonly contentType: string | undefined;
  /** Of the address: `?token=…`. */
  readonly token: string | undefined;
}

/** Why a request is turned away. */
export interface Refusal {
  readonly status: 401 | 403 | 405 | 415;
  readonly reason: string;
}

/** Names by which a browser on this machine reaches the server. */
const ownNames = ['127.0.0.1', 'localhost'];
/** HEAD is not among them: a stream that is asked for without its body would never end. */
const readingMethods: ReadonlySet<string> = new Set(['GET']);

/** Name of the cookie. Cookies are shared by all ports of a host, so each server has one of its own. */
export function cookieName({ port }: Pick<Door, 'port'>): string {
  return `pipe-${port}`;
}

/** The cookie that lets a browser in which opened the printed address. */
export function cookieText(door: Door): string {
  return `${cookieName(door)}=${door.token}; Path=/; HttpOnly; SameSite=Strict`;
}

/** Whether a request shows the token in the address of the page: then the cookie is given. */
export function showsToken(knock: Knock, door: Door): boolean {
  return knock.path === '/' && knock.token !== undefined && isSame(knock.token, door.token);
}

/**
 * Why a request is turned away; undefined where it may come in. Checked on every request, whatever it asks for:
 * the name in `Host` (a foreign name that was made to point here, "DNS rebinding"), the token, and where the request is from: other
 * pages may neither read nor ask for anything, not even one on another port of this machine, which counts as the same site.
 */
export function refusal(knock: Knock, door: Door): Refusal | undefined {
  const hosts = ownNames.map((name) => `${name}:${door.port}`);
  if (knock.host === undefined || !hosts.includes(knock.host)) {
    const reason = `this server answers to ${hosts.join(' and ')} only; behind a tunnel, let both ends have the same port`;
    return { status: 403, reason };
  }
  const opening = showsToken(knock, door);
  if (!opening && !cookieValues(knock.cookie, cookieName(door)).some((value) => isSame(value, door.token)))
    return { status: 401, reason: 'open the address that pipe printed: it has the token that lets you in' };
  // The address may be clicked in a mail or a chat: then another site asks for the page, and for nothing else.
  const foreign = knock.fetchSite !== undefined && !['same-origin', 'none'].includes(knock.fetchSite);
  if (foreign && !(opening && readingMethods.has(knock.method)))
    return { status: 403, reason: 'another page asks for this' };
  const own = knock.origin !== undefined && hosts.some((host) => knock.origin === `http://${host}`);
  if (knock.origin !== undefined && !own) return { status: 403, reason: 'another page asks for this' };
  if (readingMethods.has(knock.method)) return undefined;
  if (knock.method !== 'POST') return { status: 405, reason: `nothing here takes ${knock.method}` };
  if (!own) return { status: 403, reason: 'only the page itself may ask for this: the request names no origin' };
  // A form of another page cannot send this type, so a browser asks us before it sends, and we never agree.
  if (knock.contentType !== 'application/json') return { status: 415, reason: 'send application/json' };
  return undefined;
}

/** All cookies of a name: another server on this machine may have set one too. */
function cookieValues(header: string | undefined, name: string): string[] {
  return (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1));
}

/** Compares in a time that tells nothing of how much is right. */
function isSame(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
