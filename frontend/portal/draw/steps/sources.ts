/** 随机源: as announced, later than the commitment, entered by two; they give the seed. */

import type { Check } from "../check";
import { str } from "../check";
import { hex, seedOf, unhex, utf8 } from "../notation";
import type { Json } from "../strict";
import { canonical, expect, isHex, isPlain, shape, time } from "../strict";

export function sources(check: Check): string {
  const value = check.json("sources.json");
  expect(Array.isArray(value), "应为列表");
  const given = check.json("selection.json");
  expect((given === null) === (value.length === 0), "随机源与抽取结果须同时有无");
  if (given === null) return "尚未抽取";
  const values = value.map((one) =>
    shape(one, { confirmed_by: "string", entered_by: "string", label: "string", published_at: "string", value: "string" }),
  );
  const labels = (many: { label: Json }[]): string => canonical(many.map((one) => one.label));
  expect(labels(values as unknown as { label: Json }[]) === labels(check.sourceRules), "随机源与公布的不一致");
  expect(typeof given === "object" && !Array.isArray(given), "抽取结果不规范");
  check.given = given;
  check.drawnAt = time(given["drawn_at"] ?? null);
  const mixed = values.map((one, at) => {
    const rule = check.sourceRules[at]!;
    const moment = time(one["published_at"]!);
    const content = str(one["value"]);
    const inTime = check.promised < moment && rule.not_before <= moment && moment <= check.drawnAt;
    expect(inTime, `「${rule.label}」的时间不在承诺与抽取之间`);
    expect(isPlain(content) && (rule.encoding === "utf8" || isHex(content)), `「${rule.label}」的值不合编码`);
    const [entered, confirmed] = [one["entered_by"]!, one["confirmed_by"]!];
    expect(isPlain(entered) && isPlain(confirmed) && entered !== confirmed, `「${rule.label}」须由两人录入、复核`);
    return [rule.label, rule.encoding === "hex" ? unhex(content) : utf8(content)] as const;
  });
  check.seed = seedOf(check.start, str(check.rules["draw_id"]), check.root, check.rulesHash, mixed) as typeof check.seed;
  return `${values.length} 个随机源晚于承诺，双人录入，种子 ${hex(check.seed).slice(0, 16)}…`;
}
