/** Notation of docs/dr-1.md §1: the two hash profiles, L(x), Merkle roots and the coin. Pure functions. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { Sm3 } from "./sm3";

/** A hash that is fed piece by piece; `clone` lets a common prefix be hashed once. */
export interface Running {
  update(data: Uint8Array): Running;
  clone(): Running;
  digest(): Uint8Array;
}

export type ProfileName = "dr/1" | "dr/1-sm3";
export type Start = () => Running;

const STARTS: Record<ProfileName, Start> = {
  "dr/1": () => sha256.create() as unknown as Running,
  "dr/1-sm3": () => new Sm3(),
};

export function isProfile(name: string): name is ProfileName {
  return Object.hasOwn(STARTS, name);
}

export function startOf(profile: ProfileName): Start {
  return STARTS[profile];
}

export const utf8 = utf8ToBytes;
export const hex = bytesToHex;
export const unhex = hexToBytes;
export const join = concatBytes;

/** L(x): the length as four big-endian bytes, then the bytes. */
export function framed(data: Uint8Array | string): Uint8Array {
  const bytes = typeof data === "string" ? utf8(data) : data;
  const out = new Uint8Array(4 + bytes.length);
  new DataView(out.buffer).setUint32(0, bytes.length);
  out.set(bytes, 4);
  return out;
}

export function digest(start: Start, ...parts: Uint8Array[]): Uint8Array {
  const running = start();
  for (const part of parts) running.update(part);
  return running.digest();
}

/** RFC 9162 root over leaf data in the given order. */
export function merkleRoot(start: Start, leaves: Iterable<Uint8Array>): Uint8Array {
  const leaf = start().update(Uint8Array.of(0));
  const node = start().update(Uint8Array.of(1));
  let level: Uint8Array[] = [];
  for (const data of leaves) level.push(leaf.clone().update(data).digest());
  if (level.length === 0) return digest(start);
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at + 1 < level.length; at += 2) {
      above.push(node.clone().update(level[at]!).update(level[at + 1]!).digest());
    }
    if (level.length % 2) above.push(level[level.length - 1]!);
    level = above;
  }
  return level[0]!;
}

/** H("dr/1/id" L(salt) L(code)) in hex. */
export function opaqueId(start: Start, code: string, salt: Uint8Array): string {
  return hex(digest(start, utf8("dr/1/id"), framed(salt), framed(code)));
}

export interface Entry {
  id: string;
  stratum: string;
  weight: bigint;
}

export function entryLeaf(entry: Entry): Uint8Array {
  return join(framed(entry.id), framed(entry.stratum), framed(entry.weight.toString()));
}

/** Byte order of two texts' UTF-8 forms. */
export function byBytes(a: string, b: string): number {
  return compareBytes(utf8(a), utf8(b));
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return a.length - b.length;
}

export function rosterRoot(start: Start, roster: readonly Entry[]): Uint8Array {
  return merkleRoot(start, [...roster].sort((a, b) => byBytes(a.id, b.id)).map(entryLeaf));
}

/** H("dr/1/seed" L(draw_id) L(root) L(rules_hash) L(L(label) L(value)) …). */
export function seedOf(
  start: Start,
  drawId: string,
  root: Uint8Array,
  rulesHash: Uint8Array,
  sources: readonly (readonly [string, Uint8Array])[],
): Uint8Array {
  const mixed = sources.map(([label, value]) => framed(join(framed(label), framed(value))));
  return digest(start, utf8("dr/1/seed"), framed(drawId), framed(root), framed(rulesHash), ...mixed);
}

/** Answers with chance cut / bound. */
export type Hits = (cut: bigint, bound: bigint) => boolean;

/** The bit stream H("dr/1/coin" seed L(label) uint64 j), most significant bit first, as a whole number below a bound. */
export function coin(start: Start, seed: Uint8Array, label: string): { below: (bound: bigint) => bigint; hits: Hits } {
  const base = start().update(utf8("dr/1/coin")).update(seed).update(framed(label));
  let block = 0n;
  let held = 0n;
  let left = 0n;
  function below(bound: bigint): bigint {
    const bits = bound === 1n ? 0n : BigInt((bound - 1n).toString(2).length);
    for (;;) {
      while (left < bits) {
        const counter = new Uint8Array(8);
        new DataView(counter.buffer).setBigUint64(0, block);
        held = (held << 256n) | BigInt("0x" + hex(base.clone().update(counter).digest()));
        left += 256n;
        block += 1n;
      }
      left -= bits;
      const value = held >> left;
      held &= (1n << left) - 1n;
      if (value < bound) return value;
    }
  }
  return { below, hits: (cut, bound) => below(bound) < cut };
}
