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
    while (mass[first]! > 0 && mass[first]! < MILLION) shift(find(ends(edge)[0]));
  });
  return new Set(edges.map((_, number) => number).filter((number) => mass[number]! > 0));

  function ends(edge: Edge): [string, string] {
    return [`t${edge.target}`, `o${edge.officer}`];
  }

  function find(from: string): number[] {
    const { path, deadEnd } = route(from);
    return deadEnd === null ? path : route(deadEnd).path;
  }

  function route(from: string): { path: number[]; deadEnd: string | null } {
    const seen = new Map([[from, 0]]);
    const path: number[] = [];
    let node = from;
    let last = -1;
    for (;;) {
      const out = at.get(node)!.find((number) => number !== last);
      if (out === undefined) return { path, deadEnd: node };
      path.push(out);
      const [target, officer] = ends(edges[out]!);
      node = node === target ? officer : target;
      last = out;
      const before = seen.get(node);
      if (before !== undefined) return { path: path.slice(before), deadEnd: null };
      seen.set(node, path.length);
    }
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
