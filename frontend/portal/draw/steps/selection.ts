/** 抽取: who is drawn and who stands in reserve, in equal and weighted strata and the walk over ratios. */

import type { Check, Group, Stream } from "../check";
import { UNIT } from "../check";
import type { Fraction } from "../fraction";
import { fraction, written } from "../fraction";
import { coin, hex } from "../notation";
import type { Json } from "../strict";
import { expect } from "../strict";
import type { Method } from "../targets";
import { ratioWalk, ticketOrder, tickets, walk } from "../targets";

export function drawing(check: Check): string {
  if (!check.given) return "尚未抽取";
  const { start, seed, groups } = check;
  const orders = groups.map((group) => ticketOrder(start, seed, group.rule.stratum, group.ids));
  const chosen = groups.map((group, number): Set<number> => {
    if (group.wanted.den > 1n) return new Set();
    const order = orders[number]!;
    if (group.rule.method === "equal") return new Set(order.slice(0, Number(group.wanted.num)));
    const masses = group.masses;
    const line = order.map((at) => [at, masses.parts[at]!] as const);
    return new Set(walk(line, masses.whole, coin(start, seed, group.rule.stratum).hits));
  });
  const shared = groups.map((_, number) => number).filter((number) => groups[number]!.wanted.den > 1n);
  const ratios = shared.map((number) => ({ order: orders[number]!, masses: groups[number]!.masses }));
  ratioWalk(ratios, coin(start, seed, `${UNIT}ratio`).hits).forEach((positions, at) => {
    chosen[shared[at]!] = new Set(positions);
  });
  check.result = groups.map((group, number) => {
    const streams: Stream[] = [];
    if (group.todo.length) {
      const label = `${group.rule.stratum}${UNIT}coverage`;
      const turn = ticketOrder(start, seed, label, group.todo.map((at) => group.ids[at]!)).map((at) => group.todo[at]!);
      const taken = new Set(turn.slice(0, group.cover));
      streams.push(streamOf(check, "coverage", label, "equal", group, turn, taken, fraction(BigInt(group.cover))));
    }
    const { method, stratum } = group.rule;
    const able = orders[number]!.filter((at) => method === "equal" || group.weights[at]! > 0n);
    streams.push(streamOf(check, "open", stratum, method, group, able, chosen[number]!, group.wanted));
    const drawn = [...new Set(streams.flatMap((stream) => stream.drawn.map(([id]) => id)))].sort();
    return { drawn, objects: group.ids.length, streams, stratum };
  });
  const found: Json = {
    draw_id: check.rules["draw_id"]!,
    drawn_at: check.drawnAt,
    profile: check.rules["profile"]!,
    seed: hex(seed),
    strata: check.result,
  };
  expect(check.same("selection.json", found), "selection.json 与重算的抽取不符");
  const count = check.result.reduce((sum, one) => sum + one.drawn.length, 0);
  return `重算抽中 ${count} 个对象，逐字节一致`;
}

function streamOf(
  check: Check,
  stream: string,
  label: string,
  method: Method,
  group: Group,
  order: number[],
  picked: Set<number>,
  wanted: Fraction,
): Stream {
  const ids = order.map((at) => [group.ids[at]!, picked.has(at)] as const);
  const pairs = (some: string[]): [string, string][] => {
    const keys = tickets(check.start, check.seed, label, some);
    return some.map((id, at) => [id, hex(keys[at]!)]);
  };
  const drawn = pairs(ids.filter(([, isDrawn]) => isDrawn).map(([id]) => id));
  const spare = ids.filter(([, isDrawn]) => !isDrawn).slice(0, group.rule.reserves);
  const hasBar = drawn.length > 0 && method === "equal" && wanted.den === 1n;
  return {
    drawn, expected: written(wanted), label, method, reserves: pairs(spare.map(([id]) => id)), stream,
    threshold: hasBar ? drawn[drawn.length - 1]![1] : null,
  };
}
