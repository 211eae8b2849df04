/** 承诺: commitment.json holds the roots of what is published, and precedes every source. */

import type { Check } from "../check";
import { digest, hex } from "../notation";
import type { Json } from "../strict";
import { beijing, expect, shape, time } from "../strict";

export function commitment(check: Check): string {
  const promise = shape(check.json("commitment.json"), {
    committed_at: "string", draw_id: "string", objects: "int", profile: "string", root: "string", rules_hash: "string",
  });
  check.rulesHash = digest(check.start, check.file("rules.json"));
  const expected: Record<string, Json> = {
    root: hex(check.root),
    rules_hash: hex(check.rulesHash),
    objects: check.roster.length,
    draw_id: check.rules["draw_id"]!,
    profile: check.rules["profile"]!,
  };
  for (const [name, value] of Object.entries(expected)) {
    expect(promise[name] === value, `承诺的 ${name} 与名册、规则算出的不符`);
  }
  check.promised = time(promise["committed_at"]!);
  expect(check.sourceRules.every((rule) => check.promised < rule.not_before), "公布的随机源时间不晚于承诺");
  return `根 ${hex(check.root).slice(0, 16)}…，承诺于${beijing(check.promised)}`;
}
