/** SM3 (GB/T 32905-2016) as a running hash. */

const INITIAL = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
];

const rot = (x: number, n: number): number => (x << (n & 31)) | (x >>> ((32 - n) & 31));

export class Sm3 {
  private state = Int32Array.from(INITIAL);
  private rest = new Uint8Array(64);
  private held = 0;
  private length = 0;

  update(data: Uint8Array): Sm3 {
    this.length += data.length;
    for (const byte of data) {
      this.rest[this.held++] = byte;
      if (this.held === 64) {
        compress(this.state, this.rest);
        this.held = 0;
      }
    }
    return this;
  }

  clone(): Sm3 {
    const copy = new Sm3();
    copy.state.set(this.state);
    copy.rest.set(this.rest);
    copy.held = this.held;
    copy.length = this.length;
    return copy;
  }

  digest(): Uint8Array {
    const last = this.clone();
    const padding = new Uint8Array(((119 - (this.length % 64)) % 64) + 9);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setBigUint64(padding.length - 8, BigInt(this.length) * 8n);
    last.update(padding);
    const out = new DataView(new ArrayBuffer(32));
    last.state.forEach((word, at) => out.setInt32(4 * at, word));
    return new Uint8Array(out.buffer);
  }
}

function compress(state: Int32Array, block: Uint8Array): void {
  const view = new DataView(block.buffer, block.byteOffset, 64);
  const w = new Int32Array(68);
  for (let j = 0; j < 16; j++) w[j] = view.getInt32(4 * j);
  for (let j = 16; j < 68; j++) {
    const x = w[j - 16]! ^ w[j - 9]! ^ rot(w[j - 3]!, 15);
    w[j] = x ^ rot(x, 15) ^ rot(x, 23) ^ rot(w[j - 13]!, 7) ^ w[j - 6]!;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let j = 0; j < 64; j++) {
    const early = j < 16;
    const s1 = rot((rot(a, 12) + e + rot(early ? 0x79cc4519 : 0x7a879d8a, j)) | 0, 7);
    const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = early ? e ^ f ^ g : (e & f) | (~e & g);
    const t1 = (ff + d + (s1 ^ rot(a, 12)) + (w[j]! ^ w[j + 4]!)) | 0;
    const t2 = (gg + h + s1 + w[j]!) | 0;
    [d, c, b, a] = [c, rot(b, 9), a, t1];
    [h, g, f, e] = [g, rot(f, 19), e, t2 ^ rot(t2, 9) ^ rot(t2, 17)];
  }
  [a, b, c, d, e, f, g, h].forEach((word, at) => {
    state[at] = state[at]! ^ word;
  });
}
