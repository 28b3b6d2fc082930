import { createHash } from 'node:crypto';

/** A seeded stream of random numbers. The same seed gives the same stream on every machine. */
export interface Random {
  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number;
  /** A number in [0, 1) with 32 random bits. */
  uniform(): number;
  /** A whole number from 0 to bound - 1, without bias (rejection, bound at most 2^32). */
  below(bound: number): number;
  /** A standard normal number (Box and Muller, 1958). */
  normal(): number;
  /** The numbers 0 … length - 1 in random order (Durstenfeld's shuffle, CACM algorithm 235). */
  permutation(length: number): Int32Array;
}

/**
 * A stream named by its parts (seed, purpose, epoch …): streams of different names are independent,
 * so that a new use of randomness in one place does not shift the numbers of another.
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand), its state the SHA-256 of the name.
 */
export function createRandom(...name: readonly (string | number)[]): Random {
  const digest = createHash('sha256').update(JSON.stringify(name)).digest();
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let counter = 1;
  const uint32 = (): number => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) uint32();
  const uniform = (): number => uint32() / 4294967296;
  const below = (bound: number): number => {
    const limit = 4294967296 - (4294967296 % bound);
    let draw = uint32();
    while (draw >= limit) draw = uint32();
    return draw % bound;
  };
  const normal = (): number =>
    Math.sqrt(-2 * Math.log((uint32() + 1) / 4294967297)) * Math.cos(2 * Math.PI * uniform());
  const permutation = (length: number): Int32Array => {
    const order = Int32Array.from({ length }, (_, index) => index);
    for (let last = length - 1; last > 0; last--) {
      const other = below(last + 1);
      const moved = order[last] as number;
      order[last] = order[other] as number;
      order[other] = moved;
    }
    return order;
  };
  return { uint32, uniform, below, normal, permutation };
}
