/** Who is sent (docs/dr-1.md §6): dependent rounding of the committed table of chances in millionths. */

import type { Hits } from "./notation";

export interface Edge {
  target: string;
  officer: string;
  millionths: number;
}

const MILLION = 1_000_000;

/** The positions of the edges that become 1; the edges are sorted by (target, officer). */
export function roundEdges(edges: readonly Edge[], hits: Hits): Set<number> {
  const mass = edges.map((edge) => edge.millionths);
  const at = new Map<string, number[]>();
  edges.forEach((edge, number) => {
    for (const node of ends(edge)) {
      if (!at.has(node)) at.set(node, []);
      if (edge.millionths < MILLION) at.get(node)!.push(number);
    }
  });
  edges.forEach((edge, first) => {
    while (mass[first]! > 0 && mass[first]! < MILLION) walk(ends(edge)[0]);
  });
  return new Set(edges.map((_, number) => number).filter((number) => mass[number]! > 0));

  function ends(edge: Edge): [string, string] {
    return [`t${edge.target}`, `o${edge.officer}`];
  }

  /** Walk and shift until nothing of the walk is left. */
  function walk(start: string): void {
    let nodes = [start];
    let path: number[] = [];
    let fromDeadEnd = false;
    for (;;) {
      const here = nodes[nodes.length - 1]!;
      const out = wayOut(here, path[path.length - 1], nodes);
      if (out === undefined) {
        if (fromDeadEnd) return shift(path);
        [nodes, path, fromDeadEnd] = [[here], [], true];
        continue;
      }
      path.push(out);
      const [target, officer] = ends(edges[out]!);
      const next = here === target ? officer : target;
      const before = nodes.indexOf(next);
      if (before < 0) {
        nodes.push(next);
        continue;
      }
      shift(path.slice(before));
      if (before === 0) return;
      [nodes, path] = [nodes.slice(0, before + 1), path.slice(0, before)];
    }
  }

  function wayOut(node: string, arrived: number | undefined, walked: readonly string[]): number | undefined {
    const ways = at.get(node)!.filter((number) => number !== arrived);
    const isClosing = (number: number): boolean => walked.includes(ends(edges[number]!)[1]);
    return (node.startsWith("t") ? ways.find(isClosing) : undefined) ?? ways[0];
  }

  function shift(path: number[]): void {
    const even = path.filter((_, place) => place % 2 === 0).map((number) => mass[number]!);
    const odd = path.filter((_, place) => place % 2 === 1).map((number) => mass[number]!);
    const up = Math.min(MILLION - Math.max(...even), Math.min(...odd));
    const down = Math.min(Math.min(...even), MILLION - Math.max(...odd));
    let change = hits(BigInt(down), BigInt(up + down)) ? up : -down;
    for (const number of path) {
      mass[number] = mass[number]! + change;
      change = -change;
      if (mass[number] === 0 || mass[number] === MILLION) {
        for (const node of ends(edges[number]!)) at.set(node, at.get(node)!.filter((one) => one !== number));
      }
    }
  }
}
