import { randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function encode(value: bigint, length: number): string {
  let text = '';
  let rest = value;
  for (let digit = 0; digit < length; digit++) {
    text = `${alphabet[Number(rest & 31n)]}${text}`;
    rest >>= 5n;
  }
  return text;
}

/** A name that sorts by time: 48 bits of milliseconds and 80 random bits in Crockford's base 32 (the ULID specification). */
export function ulid(time: number = Date.now()): string {
  return encode(BigInt(time), 10) + encode(BigInt(`0x${randomBytes(10).toString('hex')}`), 16);
}

/** Whether a text has the form of such a name. */
export function isUlid(text: string): boolean {
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text);
}

/** The time in a name, in milliseconds since the epoch. */
export function ulidTime(id: string): number {
  return [...id.slice(0, 10)].reduce((time, digit) => time * 32 + alphabet.indexOf(digit), 0);
}
