/** 规则: rules.json is announced in full and in order (docs/dr-1.md §5). */

import type { Check, SourceRule, StratumRule } from "../check";
import { int, isOutside, isPublic, list, str } from "../check";
import { gcd } from "../fraction";
import { isProfile, startOf } from "../notation";
import type { Fields, Json } from "../strict";
import { expect, isHex64, isPlain, shape, time } from "../strict";

interface Level {
  name: string;
  witnesses: number;
  notaries: number;
  most: number;
}

const LEVELS: Record<string, Level> = {
  routine: { name: "常规级", witnesses: 0, notaries: 0, most: 0 },
  joint: { name: "联合、年度级", witnesses: 1, notaries: 0, most: 9 },
  contested: { name: "争议级", witnesses: 2, notaries: 1, most: 9 },
  quick: {
    name: "紧急级：本次抽取采用系统自身随机数，仅能证明该数先固定、后使用，不能证明系统事先不知道该数",
    witnesses: 0, notaries: 0, most: 0,
  },
};

export function announced(check: Check): string {
  const rules = shape(check.json("rules.json"), {
    caps: "list", code_version: "string", coverage_root: "string", cycle: "object null", draw_id: "string",
    exclusions_root: "string", item: "string", level: "string", officers_root: "string", profile: "string",
    sources: "list", strata: "list", title: "string", window: "list",
  });
  const profile = str(rules["profile"]);
  expect(isProfile(profile), `不认识的规范 ${profile}`);
  const level = Object.hasOwn(LEVELS, str(rules["level"])) ? LEVELS[str(rules["level"])] : undefined;
  expect(level, `不认识的级别 ${str(rules["level"])}`);
  check.start = startOf(profile);
  check.rules = rules;
  const texts: Json[] = [rules["draw_id"]!, rules["title"]!, rules["item"]!, rules["code_version"]!];
  for (const cap of list(rules["caps"]!).map((one) => shape(one, { code: "string", limit: "int", per: "string" }))) {
    texts.push(cap["code"]!, cap["per"]!);
    expect(int(cap["limit"]) >= 0, "上限为负");
  }
  const cycle = rules["cycle"] as Fields | null;
  if (cycle) {
    shape(cycle, { draws: "int", name: "string", number: "int" });
    texts.push(cycle["name"]!);
    expect(1 <= int(cycle["number"]) && int(cycle["number"]) <= int(cycle["draws"]), "覆盖周期不符");
  }
  check.strata = list(rules["strata"]!).map((one) => stratumRule(one, cycle !== null));
  check.sourceRules = list(rules["sources"]!).map((one) => {
    const { encoding } = one as Fields;
    const isKept = ["witness", "notary", "system"].includes(encoding as string);
    const rule = shape(one, {
      ...(isKept ? { commitment: "string" } : {}), describes: "string", encoding: "string", label: "string",
      not_before: "string",
    });
    texts.push(rule["label"]!, rule["describes"]!);
    expect((isKept || ["utf8", "hex"].includes(encoding as string)) && time(rule["not_before"]!), "随机源编码不符");
    expect(!isKept || isHex64(rule["commitment"]), `「${str(rule["label"])}」的承诺不规范`);
    return rule as unknown as SourceRule;
  });
  texts.push(...check.strata.map((one) => one.stratum));
  for (const names of [check.strata.map((one) => one.stratum), check.sourceRules.map((one) => one.label)]) {
    expect(names.length && new Set(names).size === names.length, "层或随机源为空或重复");
  }
  expect(texts.every(isPlain), "文字为空或含控制字符");
  const window = list(rules["window"]!);
  expect(window.length === 2 && str(window[0]) <= str(window[1]), "检查时间段不符");
  for (const day of window) time(`${str(day)}T00:00:00Z`);
  ofLevel(check, level, rules["level"] === "quick");
  return `${str(rules["draw_id"])}「${str(rules["title"])}」，${level.name}，${check.strata.length} 层，规范 ${profile}`;
}

/** The sources make the level: public ones and enough witnesses, or the system's own number alone. */
function ofLevel(check: Check, level: Level, isQuick: boolean): void {
  const rules = check.sourceRules;
  const outside = rules.filter(isOutside);
  const notaries = rules.filter((rule) => rule.encoding === "notary").length;
  const enough = level.witnesses <= outside.length && outside.length <= level.most && level.notaries <= notaries;
  expect(enough, "见证人的数量与级别不符");
  const isOwn = rules.length === 1 && rules[0]!.encoding === "system";
  const open = rules.filter(isPublic);
  expect(isQuick ? isOwn : open.length > 0 && open.length + outside.length === rules.length, "随机源与级别不符");
  check.due = open.map((rule) => rule.not_before).sort()[0] ?? "";
  expect(outside.every((rule) => rule.not_before < check.due), "见证人揭示的时间不早于公开的随机源");
}

function stratumRule(value: Json, hasCycle: boolean): StratumRule {
  const rule = shape(value, {
    coverage: "bool", method: "string", n: "int null", ratio: "list null", reserves: "int", stratum: "string",
  }) as unknown as StratumRule;
  expect(["equal", "weighted"].includes(rule.method) && (rule.n === null) !== (rule.ratio === null), "方法或数量不符");
  expect(rule.reserves >= 0 && (rule.n ?? 0) >= 0 && (hasCycle || !rule.coverage), "数量不符");
  if (rule.ratio) {
    const [num, den] = rule.ratio;
    expect(rule.ratio.length === 2 && Number.isSafeInteger(num) && Number.isSafeInteger(den), "比例不符");
    expect(0 <= num && num <= den && den > 0 && gcd(BigInt(num), BigInt(den)) === 1n, "比例不规范");
  }
  return rule;
}
