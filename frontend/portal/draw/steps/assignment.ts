/** 派遣: dependent rounding of the officers' table for the drawn targets (docs/dr-1.md §6). */

import type { Check } from "../check";
import { UNIT } from "../check";
import { coin } from "../notation";
import { roundEdges } from "../officers";
import type { Json } from "../strict";
import { expect } from "../strict";
import { ticketOrder } from "../targets";

export function assignment(check: Check): string {
  let found: Json = null;
  if (check.given && check.edges.length) {
    const teams = new Map<string, { officers: string[]; spare: string[] }>();
    for (const id of check.result.flatMap((one) => one.drawn).sort()) teams.set(id, { officers: [], spare: [] });
    const edges = check.edges.filter((edge) => teams.has(edge.target));
    const sent = roundEdges(edges, coin(check.start, check.seed, `${UNIT}officers`).hits);
    edges.forEach((edge, at) => {
      const team = teams.get(edge.target)!;
      (sent.has(at) ? team.officers : team.spare).push(edge.officer);
    });
    found = [...teams].map(([target, { officers, spare }]) => {
      const order = ticketOrder(check.start, check.seed, `${UNIT}officers${UNIT}${target}`, spare);
      return { officers, reserves: order.map((at) => spare[at]!), target };
    });
  }
  expect(check.same("assignment.json", found), "assignment.json 与重算的派遣不符");
  return found === null ? "本次不派遣执法人员" : `重算 ${found.length} 个对象的执法人员，逐字节一致`;
}
