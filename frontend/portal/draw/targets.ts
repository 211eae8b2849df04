/** Who is drawn (docs/dr-1.md §3): tickets, equal chance, the exact weighted walk, ratios over strata. */

import type { Fraction } from "./fraction";
import { fraction, gcd } from "./fraction";
import type { Hits, Start } from "./notation";
import { coin, compareBytes, framed, utf8 } from "./notation";

export type Method = "equal" | "weighted";

export function tickets(start: Start, seed: Uint8Array, label: string, ids: readonly string[]): Uint8Array[] {
  const base = start().update(utf8("dr/1/ticket")).update(seed).update(framed(label));
  return ids.map((id) => base.clone().update(framed(id)).digest());
}

/** Positions of `ids` by (ticket, id's bytes). */
export function ticketOrder(start: Start, seed: Uint8Array, label: string, ids: readonly string[]): number[] {
  const drawn = tickets(start, seed, label, ids);
  return ids
    .map((_, at) => at)
    .sort((a, b) => compareBytes(drawn[a]!, drawn[b]!) || compareBytes(utf8(ids[a]!), utf8(ids[b]!)));
}

/** Object i is drawn with chance parts[i] / whole. */
export interface Masses {
  parts: bigint[];
  whole: bigint;
}

export class TooFew extends Error {}

export function equalMasses(count: number, wanted: Fraction): Masses {
  if (wanted.num > BigInt(count) * wanted.den) throw new TooFew("要抽的多于可抽的");
  return { parts: new Array<bigint>(count).fill(wanted.num), whole: wanted.den * BigInt(Math.max(1, count)) };
}

/** Chances in proportion to weights, none above 1: objects that are certain leave in rounds, as the text says. */
export function weightedMasses(weights: readonly bigint[], wanted: Fraction): Masses {
  const positive = weights.filter((weight) => weight > 0n).length;
  if (wanted.num > BigInt(positive) * wanted.den) throw new TooFew("要抽的多于可抽的");
  const certain = new Array<boolean>(weights.length).fill(false);
  let left = wanted;
  let total = 0n;
  for (;;) {
    total = 0n;
    weights.forEach((weight, at) => {
      if (!certain[at]) total += weight;
    });
    let found = 0n;
    if (left.num > 0n) {
      weights.forEach((weight, at) => {
        if (!certain[at] && weight > 0n && left.num * weight >= total * left.den) {
          certain[at] = true;
          found += 1n;
        }
      });
    }
    if (found === 0n) break;
    left = fraction(left.num - found * left.den, left.den);
  }
  const whole = total && left.num ? total * left.den : 1n;
  return { parts: weights.map((weight, at) => (certain[at] ? whole : left.num * weight)), whole };
}

/** The pivotal walk over (object, mass) in ticket order; the selected, in order of selection. */
export function walk<T>(order: Iterable<readonly [T, bigint]>, whole: bigint, hits: Hits): T[] {
  const selected: T[] = [];
  let leader: T | undefined;
  let held = 0n;
  for (const [one, mass] of order) {
    const both = held + mass;
    if (mass === 0n) continue;
    if (mass === whole) selected.push(one);
    else if (held === 0n) [leader, held] = [one, mass];
    else if (both < whole) {
      if (!hits(held, both)) leader = one;
      held = both;
    } else if (both === whole) {
      selected.push(hits(held, whole) ? leader! : one);
      held = 0n;
    } else {
      if (hits(whole - mass, 2n * whole - both)) {
        selected.push(leader!);
        leader = one;
      } else selected.push(one);
      held = both - whole;
    }
  }
  if (held) throw new Error("概率之和不是整数");
  return selected;
}

export function equal(start: Start, seed: Uint8Array, label: string, ids: readonly string[], n: number): string[] {
  if (n > ids.length) throw new TooFew("要抽的多于可抽的");
  return ticketOrder(start, seed, label, ids)
    .slice(0, n)
    .map((at) => ids[at]!);
}

export function weighted(
  start: Start,
  seed: Uint8Array,
  label: string,
  ids: readonly string[],
  weights: readonly bigint[],
  n: number,
): string[] {
  const masses = weightedMasses(weights, fraction(BigInt(n)));
  const order = ticketOrder(start, seed, label, ids).map((at) => [at, masses.parts[at]!] as const);
  return walk(order, masses.whole, coin(start, seed, label).hits).map((at) => ids[at]!);
}

/** One walk over several strata with a common whole; a phantom at the end takes what is missing. */
export function ratioWalk(groups: readonly { order: number[]; masses: Masses }[], hits: Hits): number[][] {
  let whole = 1n;
  for (const { masses } of groups) whole = (whole / gcd(whole, masses.whole)) * masses.whole;
  const line: (readonly [readonly [number, number] | null, bigint])[] = [];
  let total = 0n;
  groups.forEach(({ order, masses }, number) => {
    for (const at of order) {
      const mass = masses.parts[at]! * (whole / masses.whole);
      line.push([[number, at], mass]);
      total += mass;
    }
  });
  line.push([null, (whole - (total % whole)) % whole]);
  const chosen: number[][] = groups.map(() => []);
  for (const one of walk(line, whole, hits)) if (one) chosen[one[0]]!.push(one[1]);
  return chosen;
}
