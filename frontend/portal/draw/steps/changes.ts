/** 替换、作废: every replacement is the next reserve's turn; a void draw says why (docs/dr-1.md §3.5). */

import type { Check } from "../check";
import { str } from "../check";
import { beijing, expect, isPlain, shape, time } from "../strict";

export function changes(check: Check): string {
  const made = check.json("changes.json");
  expect(Array.isArray(made) && !(made.length && !check.given), "尚未抽取，不得替换");
  const streams = new Map<string, { active: Set<string>; reserves: string[] }>();
  for (const { stratum, streams: parts } of check.result) {
    for (const part of parts) {
      const active = new Set(part.drawn.map(([id]) => id));
      streams.set(`${stratum}\t${part.stream}`, { active, reserves: part.reserves.map(([id]) => id) });
    }
  }
  const used = new Set([...streams.values()].flatMap((stream) => [...stream.active]));
  let last = check.drawnAt;
  for (const item of made) {
    const one = shape(item, {
      at: "string", document: "string", in: "string null", out: "string", reason: "string", stratum: "string",
      stream: "string",
    });
    const at = time(one["at"]!);
    expect(last <= at && isPlain(one["reason"]) && isPlain(one["document"]), "替换的时间、事由、文号不符");
    const stream = streams.get(`${str(one["stratum"])}\t${str(one["stream"])}`);
    expect(stream && stream.active.has(str(one["out"])), `被替换的对象不在抽中之列：${str(one["out"])}`);
    const turn = stream.reserves.find((id) => !used.has(id)) ?? null;
    expect(one["in"] === turn, `递补的不是下一个备选：${String(one["in"])}`);
    for (const { active } of streams.values()) active.delete(str(one["out"]));
    if (turn !== null) {
      stream.active.add(turn);
      used.add(turn);
    }
    last = at;
  }
  return `${made.length} 次替换，均由下一个备选递补`;
}

export function voided(check: Check): string {
  const value = check.json("void.json");
  if (value === null) return "本次抽取有效";
  const one = shape(value, { document: "string", explanation: "string", reason: "string", voided_at: "string" });
  expect(Object.values(one).every(isPlain) && time(one["voided_at"]!) >= check.promised, "作废的说明或时间不符");
  return `注意：本次抽取${beijing(str(one["voided_at"]))} 作废（${str(one["reason"])}，${str(one["document"])}），不得据以检查`;
}
