/** Strict reading (docs/dr-1.md §5): what is read is written anew and must give the same bytes. */

export class Wrong extends Error {}

export function expect(holds: unknown, text: string): asserts holds {
  if (!holds) throw new Wrong(text);
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Fields = { [key: string]: Json };

export const isPlain = (text: unknown): text is string => typeof text === "string" && /^[^\x00-\x1f\x7f]+$/u.test(text);
export const isHex64 = (text: unknown): text is string => typeof text === "string" && /^[0-9a-f]{64}$/.test(text);
export const isHex = (text: string): boolean => /^(?:[0-9a-f]{2})*$/.test(text);

/** RFC 8785 under our restriction: ASCII keys, safe whole numbers. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value).sort();
    expect(keys.every((key) => /^[\x00-\x7f]*$/.test(key)), "键不是 ASCII");
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`).join(",")}}`;
  }
  if (typeof value === "number") expect(Number.isSafeInteger(value), `数字不规范：${value}`);
  return JSON.stringify(value);
}

export function text(data: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
}

export function parsed(data: Uint8Array): Json {
  const source = text(data);
  const value = JSON.parse(source) as Json;
  expect(canonical(value) === source, "不是规范 JSON（RFC 8785）");
  return value;
}

type Kind = "string" | "int" | "bool" | "list" | "object" | "null";

function kindOf(value: Json): Kind {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value === "number") return "int";
  if (typeof value === "boolean") return "bool";
  return typeof value as "string" | "object";
}

/** Exactly these fields, each of one of these kinds (`"int null"`). */
export function shape(value: Json, kinds: Record<string, string>): Fields {
  expect(kindOf(value) === "object", "应为对象");
  const fields = value as Fields;
  const names = Object.keys(kinds).sort();
  expect(Object.keys(fields).sort().join() === names.join(), `字段应为 ${names.join("、")}`);
  for (const name of names) {
    expect(kinds[name]!.split(" ").includes(kindOf(fields[name]!)), `字段 ${name} 类型不符`);
  }
  return fields;
}

/** Lines of tab-parted, non-empty fields without control characters, each line ended by LF. */
export function rows(data: Uint8Array, columns: number): string[][] {
  const lines = text(data).split("\n");
  expect(lines.pop() === "", "最后一行缺换行");
  return lines.map((line, at) => {
    const row = line.split("\t");
    expect(row.length === columns && row.every(isPlain), `第 ${at + 1} 行不规范`);
    return row;
  });
}

export function whole(digits: string): bigint {
  expect(/^(?:0|[1-9][0-9]{0,3999})$/.test(digits), `不是规范的非负整数：${digits.slice(0, 40)}`);
  return BigInt(digits);
}

export function time(moment: Json): string {
  const good = typeof moment === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(moment);
  const parsedTime = good ? new Date(moment) : new Date(Number.NaN);
  expect(
    good && !Number.isNaN(parsedTime.getTime()) && parsedTime.toISOString() === moment.replace("Z", ".000Z"),
    "时间不规范",
  );
  return moment;
}

/** A time of the profile as people in China read it. */
export function beijing(moment: string): string {
  const shifted = new Date(Date.parse(moment) + 8 * 3_600_000).toISOString();
  return `北京时间 ${shifted.slice(0, 10)} ${shifted.slice(11, 19)}`;
}

export function rising(values: readonly string[], name: string): void {
  for (let at = 1; at < values.length; at++) {
    if (values[at - 1]! >= values[at]!) throw new Wrong(`${name}未排序或重复：${values[at]}`);
  }
}

export function base64(source: string): Uint8Array {
  const data = Uint8Array.from(atob(source), (char) => char.charCodeAt(0));
  expect(btoa(String.fromCharCode(...data)) === source, "base64 不规范");
  return data;
}
