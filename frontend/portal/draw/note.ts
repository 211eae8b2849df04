/** Signed notes (C2SP) with Ed25519 (RFC 8032) and inclusion proofs (RFC 9162), in plain BigInt. */

import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { compareBytes, hex, join, utf8 } from "./notation";
import { base64, expect, whole } from "./strict";

const P = 2n ** 255n - 19n;
const Q = 2n ** 252n + 27742317777372353535851937790883648493n;

const mod = (x: bigint, m: bigint = P): bigint => ((x % m) + m) % m;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = mod(base); exponent; exponent >>= 1n, b = (b * b) % P) if (exponent & 1n) result = (result * b) % P;
  return result;
}

const D = mod(-121665n * power(121666n, P - 2n));
type Point = readonly [bigint, bigint, bigint, bigint];

function add([x1, y1, z1, t1]: Point, [x2, y2, z2, t2]: Point): Point {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * t1 * t2 * D);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function multiple(n: bigint, point: Point): Point {
  let total: Point = [0n, 1n, 1n, 0n];
  for (; n; n >>= 1n, point = add(point, point)) if (n & 1n) total = add(total, point);
  return total;
}

const little = (data: Uint8Array): bigint => BigInt("0x" + hex(Uint8Array.from(data).reverse()));

function pressed([x, y, z]: Point): Uint8Array {
  const inverse = power(z, P - 2n);
  let value = mod(y * inverse) | ((mod(x * inverse) & 1n) << 255n);
  const out = new Uint8Array(32);
  for (let at = 0; at < 32; at++, value >>= 8n) out[at] = Number(value & 255n);
  return out;
}

function unpressed(data: Uint8Array): Point {
  const all = little(data);
  const y = all & ((1n << 255n) - 1n);
  const sign = all >> 255n;
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * power(2n, (P - 1n) / 4n));
  expect(data.length === 32 && y < P && mod(x * x) === square && (x || !sign), "公钥不在曲线上");
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

const BASE_Y = mod(4n * power(5n, P - 2n));
const BASE = unpressed(pressed([0n, BASE_Y, 1n, 0n]));

export function isSigned(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  const r = signature.slice(0, 32);
  const s = little(signature.slice(32));
  if (s >= Q) return false;
  const h = mod(little(sha512(join(r, key, message))), Q);
  const [x, y, z, t] = unpressed(key);
  return compareBytes(pressed(add(multiple(s, BASE), multiple(h, [mod(-x), y, z, mod(-t)]))), r) === 0;
}

/** (size, root) of a checkpoint signed by the log's key. */
export function openedNote(note: string, vkey: string): { size: bigint; root: Uint8Array } {
  const parts = vkey.split("+");
  const [name, number] = parts as [string, string];
  const key = base64(parts.slice(2).join("+"));
  const id = hex(sha256(join(utf8(`${name}\n`), key))).slice(0, 8);
  expect(key.length === 33 && key[0] === 1 && id === number, "日志公钥不规范");
  const cut = note.lastIndexOf("\n\n");
  expect(cut >= 0, "检查点不规范");
  const lines = note.slice(0, cut).split("\n");
  const signatures = note.slice(cut + 2).split("\n");
  expect(lines.length >= 3 && signatures.pop() === "" && signatures.length > 0, "检查点不规范");
  const message = utf8(note.slice(0, cut + 1));
  let good = false;
  for (const line of signatures) {
    const fields = line.split(" ");
    const data = base64(fields[2] ?? "");
    expect(fields.length === 3 && fields[0] === "—" && data.length > 4, "检查点签名行不规范");
    const ours = fields[1] === name && hex(data.slice(0, 4)) === number;
    good ||= ours && isSigned(key.slice(1), message, data.slice(4));
  }
  expect(good, "检查点的签名不成立");
  return { size: whole(lines[1]!), root: base64(lines[2]!) };
}

/** The root that an inclusion proof leads to. */
export function included(leaf: Uint8Array, index: bigint, size: bigint, proof: readonly Uint8Array[]): Uint8Array {
  expect(index >= 0n && index < size, "证明的位置超出日志");
  let [node, f, s] = [leaf, index, size - 1n];
  for (const other of proof) {
    expect(s > 0n, "证明过长");
    if (f & 1n || f === s) {
      node = sha256(join(Uint8Array.of(1), other, node));
      while (!(f & 1n) && f) [f, s] = [f >> 1n, s >> 1n];
    } else node = sha256(join(Uint8Array.of(1), node, other));
    [f, s] = [f >> 1n, s >> 1n];
  }
  expect(s === 0n, "证明过短");
  return node;
}
