/** 随机源: as announced, later than the commitment, entered by two or opened by its own hash; they give the seed. */

import type { Check, SourceRule } from "../check";
import { isOutside, isPublic, str } from "../check";
import { digest, framed, hex, join, seedOf, unhex, utf8 } from "../notation";
import type { Fields } from "../strict";
import { expect, isHex, isPlain, shape, time } from "../strict";

const REVEAL = /^(?:[0-9a-f]{2}){16,64}:(?:[0-9a-f]{2}){16,64}$/;

export function sources(check: Check): string {
  const value = check.json("sources.json");
  expect(Array.isArray(value), "应为列表");
  const given = check.json("selection.json");
  const values = value.map((one) =>
    shape(one, { confirmed_by: "string", entered_by: "string", label: "string", published_at: "string", value: "string" }),
  );
  if (given === null) return revealed(check, values);
  const same = values.length === check.sourceRules.length;
  expect(same && values.every((one, at) => one["label"] === check.sourceRules[at]!.label), "随机源与公布的不一致");
  expect(typeof given === "object" && !Array.isArray(given), "抽取结果不规范");
  check.given = given;
  check.drawnAt = time(given["drawn_at"] ?? null);
  const isThere = (one: Fields, at: number): boolean => !isOutside(check.sourceRules[at]!) || !isMissing(one);
  const there = values.filter(isThere);
  const mixed = values.flatMap((one, at) => (isThere(one, at) ? [entered(check, check.sourceRules[at]!, one)] : []));
  check.seed = seedOf(check.start, str(check.rules["draw_id"]), check.root, check.rulesHash, mixed) as typeof check.seed;
  const outside = check.sourceRules.filter(isOutside).length;
  const missing = values.length - there.length;
  const said = outside ? `，见证人 ${outside} 名，其中 ${missing} 名未揭示（不计入种子）` : "";
  return `${there.length} 个随机源晚于承诺，双人录入${said}，种子 ${hex(check.seed).slice(0, 16)}…`;
}

/** Before the draw: what was committed to and is open by now, in announced order. */
function revealed(check: Check, values: Fields[]): string {
  let at = -1;
  for (const one of values) {
    const place = check.sourceRules.findIndex((rule) => rule.label === one["label"]);
    const rule = check.sourceRules[place];
    expect(rule && !isPublic(rule) && place > at, "抽取前只能有见证人的揭示");
    entered(check, rule, one);
    at = place;
  }
  return values.length ? `尚未抽取，${values.length} 项承诺已揭示` : "尚未抽取";
}

/** A witness did not reveal in time: recorded, and left out of the seed. */
function isMissing(one: Fields): boolean {
  return !(one["value"] || one["published_at"] || one["entered_by"] || one["confirmed_by"]);
}

/** Label and bytes that enter the seed, of a value that came in time, from two, as announced or committed. */
function entered(check: Check, rule: SourceRule, one: Fields): readonly [string, Uint8Array] {
  const moment = time(one["published_at"]!);
  const content = str(one["value"]);
  const isDrawn = !check.drawnAt || moment <= check.drawnAt;
  const inTime = check.promised < moment && rule.not_before <= moment && isDrawn;
  expect(inTime, `「${rule.label}」的时间不在承诺与抽取之间`);
  const [by, confirmed] = [one["entered_by"]!, one["confirmed_by"]!];
  expect(isPlain(by) && isPlain(confirmed) && by !== confirmed, `「${rule.label}」须由两人录入、复核`);
  if (isPublic(rule)) {
    expect(isPlain(content) && (rule.encoding === "utf8" || isHex(content)), `「${rule.label}」的值不合编码`);
    return [rule.label, rule.encoding === "hex" ? unhex(content) : utf8(content)];
  }
  expect(REVEAL.test(content), `「${rule.label}」的值不合编码`);
  const both = join(...content.split(":").map((part) => framed(unhex(part))));
  const hash = digest(check.start, utf8("dr/1/witness"), framed(rule.label), both);
  expect(hex(hash) === rule.commitment, `「${rule.label}」与事先承诺的摘要不符`);
  const inTurn = !isOutside(rule) || (moment < check.due && confirmed === rule.label);
  expect(inTurn, `「${rule.label}」不是在公开的随机源之前揭示`);
  const told = !check.told || check.told.get(rule.label) === `${content} ${moment}`;
  expect(told, `没有事件记载「${rule.label}」的揭示`);
  return [rule.label, both];
}
