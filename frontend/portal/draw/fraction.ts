/** Exact fractions in lowest terms, denominator > 0. */

export interface Fraction {
  readonly num: bigint;
  readonly den: bigint;
}

export function gcd(a: bigint, b: bigint): bigint {
  while (b) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

export function fraction(num: bigint, den: bigint = 1n): Fraction {
  const shared = gcd(num, den) || 1n;
  return { num: num / shared, den: den / shared };
}

export const times = (a: Fraction, b: Fraction): Fraction => fraction(a.num * b.num, a.den * b.den);
export const complement = (a: Fraction): Fraction => fraction(a.den - a.num, a.den);
export const written = (a: Fraction): string => `${a.num}/${a.den}`;
