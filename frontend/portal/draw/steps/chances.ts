/** 概率: each object's exact chance to be drawn (docs/dr-1.md §3.1, §3.4). */

import type { Check } from "../check";
import { complement, fraction, times, written } from "../fraction";
import { expect, text } from "../strict";

export function chances(check: Check): string {
  const lines: string[] = [];
  for (const { rule, weights, todo, cover, masses } of check.groups) {
    const inCover = new Set(todo);
    const byCover = fraction(BigInt(cover), BigInt(todo.length || 1));
    const kinds = new Map<string, { weight: bigint; mark: number; part: bigint; count: number }>();
    weights.forEach((weight, at) => {
      const mark = inCover.has(at) ? 1 : 0;
      const part = masses.parts[at]!;
      const kind = `${weight} ${mark} ${part}`;
      const found = kinds.get(kind);
      if (found) found.count += 1;
      else kinds.set(kind, { weight, mark, part, count: 1 });
    });
    const sorted = [...kinds.values()].sort((a, b) => Number(a.weight > b.weight) - Number(a.weight < b.weight) || a.mark - b.mark);
    for (const { weight, mark, part, count } of sorted) {
      const missed = times(complement(fraction(part, masses.whole)), mark ? complement(byCover) : fraction(1n));
      lines.push(`${rule.stratum}\t${weight}\t${mark}\t${count}\t${written(complement(missed))}\n`);
    }
  }
  expect(lines.join("") === text(check.file("chances.tsv")), "chances.tsv 与规则、名册算出的不符");
  return `${lines.length} 类对象的概率逐一算出，与公布的一致`;
}
