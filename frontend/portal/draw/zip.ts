/** A small zip reader for bundles: stored or deflated members, no zip64, no encryption, every name once. */

import { Wrong, expect, text } from "./strict";

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const LARGEST = 1 << 30;

/** The files of a zip by name; Wrong for anything odd. */
export async function unzipped(data: Uint8Array): Promise<Map<string, Uint8Array>> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  try {
    return await members(data, view);
  } catch (error) {
    throw error instanceof Wrong ? error : new Wrong(`压缩包损坏：${String(error)}`);
  }
}

async function members(data: Uint8Array, view: DataView): Promise<Map<string, Uint8Array>> {
  let end = data.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  expect(end >= 0, "不是 ZIP 文件");
  const files = new Map<string, Uint8Array>();
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  let total = 0;
  for (let number = 0; number < count; number++) {
    expect(view.getUint32(at, true) === CENTRAL, "压缩包目录损坏");
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    const name = text(data.subarray(at + 46, nameEnd));
    const local = view.getUint32(at + 42, true);
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    total += size;
    expect((method === 0 || method === 8) && !(flags & 1) && total <= LARGEST, `压缩方式不支持：${name}`);
    expect(!files.has(name), `压缩包内有重名文件：${name}`);
    expect(view.getUint32(local, true) === LOCAL, "压缩包损坏");
    const start = local + 30 + view.getUint16(local + 26, true);
    expect(text(data.subarray(local + 30, start)) === name, `压缩包内文件名不一致：${name}`);
    const from = start + view.getUint16(local + 28, true);
    expect(from + packed <= data.length, "压缩包不完整");
    const raw = data.subarray(from, from + packed);
    const content = method === 0 ? raw : await inflated(raw, size);
    expect(content.length === size, `文件大小不符：${name}`);
    files.set(name, content);
  }
  return files;
}

async function inflated(data: Uint8Array, size: number): Promise<Uint8Array> {
  const stream = new Blob([data as BlobPart]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const out = new Uint8Array(size);
  let at = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    expect(at + next.value.length <= size, "压缩包内文件大于所称");
    out.set(next.value, at);
    at += next.value.length;
  }
  return out.subarray(0, at);
}
