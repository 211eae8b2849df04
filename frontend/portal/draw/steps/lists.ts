/** 名单: roster, coverage, exclusions and officers' table under their roots (docs/dr-1.md §2). */

import type { Check, Group, StratumRule } from "../check";
import { int } from "../check";
import { fraction } from "../fraction";
import type { Entry } from "../notation";
import { entryLeaf, framed, hex, join, merkleRoot } from "../notation";
import type { Edge } from "../officers";
import type { Fields } from "../strict";
import { expect, isHex64, rising, rows, whole } from "../strict";
import { equalMasses, weightedMasses } from "../targets";

/** Above this many objects a phone is too slow: the page says to use verify.py. */
const MOST_OBJECTS = 100_000;
const MILLION = 1_000_000;

export function lists(check: Check): string {
  const byStratum = new Map<string, Entry[]>(check.strata.map((rule) => [rule.stratum, []]));
  check.roster = rows(check.file("roster.tsv"), 3).map(([id, stratum, weight]) => {
    const entry = { id: id!, stratum: stratum!, weight: whole(weight!) };
    expect(isHex64(entry.id) && byStratum.has(entry.stratum), `名册编号或层不符：${entry.id}`);
    byStratum.get(entry.stratum)!.push(entry);
    return entry;
  });
  const count = check.roster.length;
  expect(count <= MOST_OBJECTS, `名册有 ${count} 个对象，请下载后用包内的 verify.py 复核`);
  rising(check.roster.map((entry) => entry.id), "名册");
  check.root = merkleRoot(check.start, check.roster.map(entryLeaf));
  check.known = new Set(check.roster.map((entry) => entry.id));
  const coverage = rows(check.file("coverage.tsv"), 1);
  rising(coverage.map(([id]) => id!), "覆盖名单");
  check.covered = new Set(coverage.map(([id]) => id!));
  for (const id of check.covered) expect(check.known.has(id), "覆盖名单中有不在名册的编号");
  const exclusions = rows(check.file("exclusions.tsv"), 3);
  rising(exclusions.map(([id]) => id!), "排除名单");
  check.excluded = new Set(exclusions.map(([id]) => id!));
  for (const id of check.excluded) expect(isHex64(id) && !check.known.has(id), "排除名单编号不符或仍在名册");
  const officers = rows(check.file("officers.tsv"), 3);
  check.edges = edgesOf(check, officers);
  for (const [name, leaves] of [["coverage", coverage], ["exclusions", exclusions], ["officers", officers]] as const) {
    const root = merkleRoot(check.start, leaves.map((row) => join(...row.map(framed))));
    expect(hex(root) === check.rules[`${name}_root`], `${name}.tsv 的根与规则不符`);
  }
  const cycle = check.rules["cycle"] as Fields | null;
  check.groups = check.strata.map((rule) => groupOf(check, rule, byStratum.get(rule.stratum)!, cycle));
  return `名册 ${count} 个对象，待覆盖 ${coverage.length} 个，排除 ${exclusions.length} 个，各名单的根与规则一致`;
}

function edgesOf(check: Check, table: string[][]): Edge[] {
  rising(table.map(([target, officer]) => `${target}\t${officer}`), "派遣概率表");
  const sums = new Map<string, number>();
  const edges = table.map(([target, officer, x]) => {
    const edge = { target: target!, officer: officer!, millionths: Number(whole(x!)) };
    const isEdge = check.known.has(edge.target) && isHex64(edge.officer);
    expect(isEdge && edge.millionths >= 1 && edge.millionths <= MILLION, `派遣概率不符：${edge.target}`);
    sums.set(edge.target, (sums.get(edge.target) ?? 0) + edge.millionths);
    return edge;
  });
  for (const sum of sums.values()) expect(sum % MILLION === 0 && sum >= 2 * MILLION, "派遣概率之和不符");
  return edges;
}

function groupOf(check: Check, rule: StratumRule, entries: Entry[], cycle: Fields | null): Group {
  const ids = entries.map((entry) => entry.id);
  const weights = entries.map((entry) => entry.weight);
  const wanted = rule.ratio
    ? fraction(BigInt(rule.ratio[0]) * BigInt(ids.length), BigInt(rule.ratio[1]))
    : fraction(BigInt(rule.n!));
  const todo = rule.coverage ? ids.map((_, at) => at).filter((at) => check.covered.has(ids[at]!)) : [];
  const left = cycle ? int(cycle["draws"]) - int(cycle["number"]) + 1 : 1;
  const masses = rule.method === "equal" ? equalMasses(ids.length, wanted) : weightedMasses(weights, wanted);
  return { rule, ids, weights, wanted, todo, cover: Math.ceil(todo.length / left), masses };
}
