/** The browser's draw on docs/dr-1-vectors.json: it must agree with the other implementation on every value. */

import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { sha256 } from "@noble/hashes/sha2.js";
import { fraction } from "../portal/draw/fraction";
import type { ProfileName } from "../portal/draw/notation";
import { coin, digest, framed, hex, opaqueId, rosterRoot, seedOf, startOf, unhex, utf8 } from "../portal/draw/notation";
import { roundEdges } from "../portal/draw/officers";
import { Sm3 } from "../portal/draw/sm3";
import type { Method } from "../portal/draw/targets";
import { equal, equalMasses, ratioWalk, ticketOrder, weighted, weightedMasses } from "../portal/draw/targets";
import { FILES } from "../portal/draw/check";
import { STEP_NAMES, verified } from "../portal/draw/verify";
import { reported } from "../portal/draw/worker";

type Named = { hash: string; seed: string };
type Objects = [string, string][];

interface Vectors {
  commitments: (Named & {
    draw_id: string;
    rules_utf8: string;
    roster: [string, string, string][];
    sources: [string, string][];
    root: string;
    rules_hash: string;
  })[];
  ids: { hash: string; code: string; salt: string; id: string }[];
  below: (Named & { label: string; bounds: string[]; values: string[] })[];
  selections: (Named & { stratum: string; method: Method; n: number; objects: Objects; selected: string[] })[];
  ratios: (Named & {
    ratio: [number, number];
    strata: { stratum: string; method: Method; objects: Objects; selected: string[] }[];
  })[];
  rounding: (Named & { edges: [string, string, number][]; chosen: [string, string][] })[];
  bundles: { hash: string; files: Record<string, string> }[];
  forgeries: Forgery[];
  witnesses: { hash: string; label: string; value: string; commitment: string }[];
  levels: { level: string; hash: string; missing: string[]; drawn: boolean; files: Record<string, string>; forgeries: Forgery[] }[];
}

type Forgery = { file: string; old: string; new: string; manifest: string; step: string };

const vectors = JSON.parse(
  readFileSync(new URL("../../docs/dr-1-vectors.json", import.meta.url), "utf-8"),
) as Vectors;
const PROFILES: Record<string, ProfileName> = { sha256: "dr/1", sm3: "dr/1-sm3" };
const start = (one: { hash: string }) => startOf(PROFILES[one.hash]!);

function files(number: number): Map<string, Uint8Array> {
  return filesOf(vectors.bundles[number]!);
}

function filesOf(bundle: { files: Record<string, string> }): Map<string, Uint8Array> {
  const published = Object.entries(bundle.files).map(([name, text]) => [name, utf8(text)] as const);
  return new Map([...published, ["README.md", new Uint8Array()], ["verify.py", new Uint8Array()]]);
}

/** The step at which verification stops, or "" when all hold. */
function failed(bundle: ReadonlyMap<string, Uint8Array>, key = ""): string {
  const last = [...verified(bundle, key)].at(-1)!;
  return last.holds ? "" : last.name;
}

test.each([
  ["616263", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"],
  ["61626364".repeat(16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"],
])("SM3 of %s as in GB/T 32905", (message, expected) => {
  expect(hex(new Sm3().update(unhex(message)).digest())).toBe(expected);
});

test.each(vectors.commitments)("root, rules hash and seed ($hash)", (one) => {
  const roster = one.roster.map(([id, stratum, weight]) => ({ id, stratum, weight: BigInt(weight) })).reverse();
  const root = rosterRoot(start(one), roster);
  const rulesHash = digest(start(one), utf8(one.rules_utf8));
  const sources = one.sources.map(([label, value]) => [label, unhex(value)] as const);
  expect(hex(root)).toBe(one.root);
  expect(hex(rulesHash)).toBe(one.rules_hash);
  expect(hex(seedOf(start(one), one.draw_id, root, rulesHash, sources))).toBe(one.seed);
});

test.each(vectors.ids)("opaque id of $code ($hash)", (one) => {
  expect(opaqueId(start(one), one.code, unhex(one.salt))).toBe(one.id);
});

test.each(vectors.below)("the bit stream ($hash)", (one) => {
  const { below } = coin(start(one), unhex(one.seed), one.label);
  expect(one.bounds.map((bound) => below(BigInt(bound)).toString())).toEqual(one.values);
});

test.each(vectors.selections)("$method, $n of $objects.length ($hash)", (one) => {
  const ids = one.objects.map(([id]) => id);
  const weights = one.objects.map(([, weight]) => BigInt(weight));
  const seed = unhex(one.seed);
  const drawn =
    one.method === "equal"
      ? equal(start(one), seed, one.stratum, ids, one.n)
      : weighted(start(one), seed, one.stratum, ids, weights, one.n);
  expect(drawn).toEqual(one.selected);
});

test.each(vectors.ratios)("a ratio over strata ($hash)", (one) => {
  const seed = unhex(one.seed);
  const groups = one.strata.map(({ stratum, method, objects }) => {
    const wanted = fraction(BigInt(one.ratio[0] * objects.length), BigInt(one.ratio[1]));
    const weights = objects.map(([, weight]) => BigInt(weight));
    const masses = method === "equal" ? equalMasses(objects.length, wanted) : weightedMasses(weights, wanted);
    return { order: ticketOrder(start(one), seed, stratum, objects.map(([id]) => id)), masses };
  });
  ratioWalk(groups, coin(start(one), seed, "\u001fratio").hits).forEach((positions, number) => {
    const { objects, selected } = one.strata[number]!;
    expect(positions.map((at) => objects[at]![0])).toEqual(selected);
  });
});

test.each(vectors.rounding)("officers' rounding ($hash)", (one) => {
  const edges = one.edges.map(([target, officer, millionths]) => ({ target, officer, millionths }));
  const chosen = roundEdges(edges, coin(start(one), unhex(one.seed), "\u001fofficers").hits);
  expect(edges.filter((_, at) => chosen.has(at)).map((edge) => [edge.target, edge.officer])).toEqual(one.chosen);
});

describe("published draws", () => {
  test.each([0, 1])("bundle %i holds at every step", (number) => {
    const steps = [...verified(files(number))];
    expect(steps.filter((step) => !step.holds)).toEqual([]);
    expect(steps.map((step) => step.name)).toEqual(STEP_NAMES);
  });

  test.each(vectors.forgeries)("$file with $new for $old stops at $step", (one) => {
    const forged = files(0);
    const text = vectors.bundles[0]!.files[one.file]!;
    forged.set(one.file, utf8(text.replace(one.old, () => one.new)));
    forged.set("manifest.json", utf8(one.manifest));
    expect(failed(forged)).toBe(one.step);
  });

  test("any changed byte of any data file is named", () => {
    for (const name of [...FILES, "manifest.json"]) {
      const data = files(0).get(name)!;
      for (let at = 0; at < data.length; at += Math.max(1, Math.floor(data.length / 25))) {
        const changed = data.slice();
        changed[at]! ^= 1 + (at % 255);
        expect(failed(files(0).set(name, changed)), `${name} ${at}`).not.toBe("");
      }
    }
  });

  test("an unlisted file fails, a changed README does not", () => {
    expect(failed(files(0).set("notes.txt", new Uint8Array()))).toBe("清单");
    expect(failed(files(0).set("README.md", utf8("anything")))).toBe("");
  });

  test("another log's key fails", () => {
    expect(failed(files(0), "other.example.org+00000000+AQ==")).toBe("存证");
  });
});

describe("levels of the ceremony", () => {
  test.each(vectors.witnesses)("what a witness commits to ($hash)", (one) => {
    const parts = one.value.split(":").map((part) => framed(unhex(part)));
    expect(hex(digest(start(one), utf8("dr/1/witness"), framed(one.label), ...parts))).toBe(one.commitment);
  });

  test.each(vectors.levels)("$level ($hash), missing $missing, drawn: $drawn", (one) => {
    const steps = [...verified(filesOf(one))];
    expect(steps.filter((step) => !step.holds)).toEqual([]);
    expect(steps.map((step) => step.name)).toEqual(STEP_NAMES);
    if (one.level === "quick") expect(steps[1]!.text).toContain("本次抽取采用系统自身随机数，仅能证明");
    if (one.missing.length && one.drawn) expect(steps[5]!.text).toContain(`其中 ${one.missing.length} 名未揭示`);
  });

  test.each(vectors.levels.flatMap((one) => one.forgeries.map((forgery) => ({ ...forgery, one }))))(
    "$one.level: $file with $new for $old stops at $step",
    ({ one, ...forgery }) => {
      const forged = filesOf(one);
      forged.set(forgery.file, utf8(one.files[forgery.file]!.replace(forgery.old, () => forgery.new)));
      forged.set("manifest.json", utf8(forgery.manifest));
      expect(failed(forged)).toBe(forgery.step);
    },
  );

  test.each(vectors.levels)("any changed byte of $level ($hash) is named", (one) => {
    for (const name of [...FILES, "manifest.json"]) {
      const data = filesOf(one).get(name)!;
      const stride = name === "sources.json" ? 1 : Math.max(1, Math.floor(data.length / 25));
      for (let at = 0; at < data.length; at += stride) {
        const changed = data.slice();
        changed[at]! ^= 1 + (at % 255);
        expect(failed(filesOf(one).set(name, changed)), `${name} ${at}`).not.toBe("");
      }
    }
  });
});

describe("zip", () => {
  test.each([false, true])("a bundle is read (deflated: %s)", async (deflated) => {
    const reports = await all(zip([...files(0)], deflated));
    expect(reports.at(-1)).toEqual({ done: true });
    expect(reports).toHaveLength(STEP_NAMES.length + 1);
  });

  test("a duplicate name, a cut file and no zip at all fail at 读取", async () => {
    const twice = [...files(0), ["rules.json", new Uint8Array()] as const];
    for (const data of [zip(twice, false), zip([...files(0)], false).slice(0, -40), utf8("PK no zip"), new Uint8Array()]) {
      expect(await all(data)).toEqual([expect.objectContaining({ holds: false, name: "读取" }), { done: false }]);
    }
  });

  async function all(data: Uint8Array): Promise<unknown[]> {
    const reports = [];
    for await (const report of reported({ zip: data.slice().buffer as ArrayBuffer })) reports.push(report);
    return reports;
  }
});

/** A zip of the members, as a standard tool writes it (CRCs are left to the reader's SHA-256). */
function zip(members: readonly (readonly [string, Uint8Array])[], deflated: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const [name, data] of members) {
    const body = deflated ? new Uint8Array(deflateRawSync(data)) : data;
    const head = record(30, 0x04034b50, [[8, deflated ? 8 : 0, 2], [18, body.length, 4], [22, data.length, 4], [26, utf8(name).length, 2]]);
    const entry = record(46, 0x02014b50, [[10, deflated ? 8 : 0, 2], [20, body.length, 4], [24, data.length, 4], [28, utf8(name).length, 2], [42, offset, 4]]);
    parts.push(head, utf8(name), body);
    central.push(entry, utf8(name));
    offset += head.length + utf8(name).length + body.length;
  }
  const size = central.reduce((sum, part) => sum + part.length, 0);
  const end = record(22, 0x06054b50, [[8, members.length, 2], [10, members.length, 2], [12, size, 4], [16, offset, 4]]);
  return Uint8Array.from([...parts, ...central, end].flatMap((part) => [...part]));
}

function record(length: number, signature: number, fields: [at: number, value: number, size: number][]): Uint8Array {
  const view = new DataView(new ArrayBuffer(length));
  view.setUint32(0, signature, true);
  for (const [at, value, size] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  }
  return new Uint8Array(view.buffer);
}

test("sha256 of the library is the profile's", () => {
  expect(hex(sha256(utf8("abc")))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
