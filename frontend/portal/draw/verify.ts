/**
 * Verifies a published draw in the browser, step by step: the same steps as the bundle's verify.py
 * (docs/dr-1.md §5), written apart from it. Pure; runs in a worker (worker.ts).
 */

import { sha256 } from "@noble/hashes/sha2.js";
import type { Fraction } from "./fraction";
import { complement, fraction, gcd, times, written } from "./fraction";
import type { Entry, Start } from "./notation";
import {
  coin, digest, entryLeaf, framed, hex, isProfile, join, merkleRoot, opaqueId, seedOf, startOf, unhex, utf8,
} from "./notation";
import { included, openedNote } from "./note";
import type { Edge } from "./officers";
import { roundEdges } from "./officers";
import type { Fields, Json } from "./strict";
import {
  Wrong, canonical, expect, isHex, isHex64, isPlain, parsed, rising, rows, shape, text, time, whole,
} from "./strict";
import type { Masses, Method } from "./targets";
import { equalMasses, ratioWalk, ticketOrder, tickets, walk, weightedMasses } from "./targets";

export const FILES = [
  "assignment.json", "chances.tsv", "changes.json", "checkpoint.txt", "commitment.json", "coverage.tsv",
  "exclusions.tsv", "officers.tsv", "opened.tsv", "proofs.json", "roster.tsv", "rules.json", "selection.json",
  "sources.json", "void.json",
] as const;
type FileName = (typeof FILES)[number];

const UNIT = "\u001f";
const MILLION = 1_000_000;
/** Above this many objects a phone is too slow: the page says to use verify.py. */
export const MOST_OBJECTS = 100_000;

export interface Step {
  holds: boolean;
  name: string;
  text: string;
}

interface StratumRule {
  stratum: string;
  method: Method;
  n: number | null;
  ratio: [number, number] | null;
  coverage: boolean;
  reserves: number;
}

interface SourceRule {
  label: string;
  encoding: string;
  not_before: string;
}

interface Group {
  rule: StratumRule;
  ids: string[];
  weights: bigint[];
  wanted: Fraction;
  todo: number[];
  cover: number;
  masses: Masses;
}

interface Stream {
  [key: string]: Json;
  drawn: [string, string][];
  reserves: [string, string][];
  stream: string;
}

/** The steps in order, ending after the first that fails. `key` is the log's vkey known from elsewhere. */
export function* verified(files: ReadonlyMap<string, Uint8Array>, key = ""): Generator<Step, void> {
  const check = new Check(files, key);
  for (const [name, step] of STEPS) {
    try {
      yield { holds: true, name, text: step(check) };
    } catch (error) {
      yield { holds: false, name, text: error instanceof Wrong ? error.message : `数据不规范（${String(error)}）` };
      return;
    }
  }
}

class Check {
  start!: Start;
  rules!: Fields;
  strata!: StratumRule[];
  sourceRules!: SourceRule[];
  roster: Entry[] = [];
  known = new Set<string>();
  covered = new Set<string>();
  excluded = new Set<string>();
  edges: Edge[] = [];
  groups: Group[] = [];
  root!: Uint8Array;
  rulesHash!: Uint8Array;
  promised = "";
  given: Fields | null = null;
  drawnAt = "";
  seed = new Uint8Array();
  result: { stratum: string; drawn: string[]; streams: Stream[] }[] = [];

  constructor(
    readonly files: ReadonlyMap<string, Uint8Array>,
    readonly key: string,
  ) {}

  file(name: FileName | "manifest.json"): Uint8Array {
    const data = this.files.get(name);
    expect(data, `缺少 ${name}`);
    return data;
  }

  json(name: FileName | "manifest.json"): Json {
    return parsed(this.file(name));
  }

  same(name: FileName, value: Json): boolean {
    return canonical(value) === text(this.file(name));
  }
}

const list = (value: Json): Json[] => value as Json[];
const str = (value: Json | undefined): string => value as string;
const int = (value: Json | undefined): number => value as number;

function manifest(check: Check): string {
  const listed = shape(check.json("manifest.json"), { files: "list", format: "string", unbound: "list" });
  expect(listed["format"] === "xiezhi-draw-bundle/1", "清单格式不认识");
  const entries = list(listed["files"]!).map((one) => shape(one, { name: "string", sha256: "string", size: "int" }));
  expect(entries.map((one) => one["name"]).join() === FILES.join(), "清单文件名不符");
  const unbound = list(listed["unbound"]!).map((name) => {
    expect(typeof name === "string" && /^(?:verify\.py|[^/\\]+\.(?:md|html))$/.test(name), `不得免检：${String(name)}`);
    return name;
  });
  const known = new Set<string>([...FILES, "manifest.json", ...unbound]);
  expect(known.size === FILES.length + 1 + unbound.length, "清单重复");
  for (const name of known) expect(check.files.has(name), `缺少文件：${name}`);
  for (const name of check.files.keys()) expect(known.has(name), `清单外的文件：${name}`);
  for (const one of entries) {
    const data = check.file(one["name"] as FileName);
    expect(data.length === one["size"] && hex(sha256(data)) === one["sha256"], `${str(one["name"])} 被改动`);
  }
  return `${FILES.length} 个文件的 SHA-256 与清单一致，没有清单外的文件`;
}

function announced(check: Check): string {
  const rules = shape(check.json("rules.json"), {
    caps: "list", code_version: "string", coverage_root: "string", cycle: "object null", draw_id: "string",
    exclusions_root: "string", item: "string", level: "string", officers_root: "string", profile: "string",
    sources: "list", strata: "list", title: "string", window: "list",
  });
  const profile = str(rules["profile"]);
  expect(isProfile(profile), `不认识的规范 ${profile}`);
  expect(rules["level"] === "routine", `不认识的级别 ${str(rules["level"])}`);
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
    const rule = shape(one, { describes: "string", encoding: "string", label: "string", not_before: "string" });
    texts.push(rule["label"]!, rule["describes"]!);
    expect(["utf8", "hex"].includes(str(rule["encoding"])) && time(rule["not_before"]!), "随机源编码不符");
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
  return `${str(rules["draw_id"])}「${str(rules["title"])}」，常规级，${check.strata.length} 层，规范 ${profile}`;
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

function lists(check: Check): string {
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

function commitment(check: Check): string {
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
  return `根 ${hex(check.root).slice(0, 16)}…，承诺于 ${check.promised}`;
}

function seal(check: Check): string {
  const note = text(check.file("checkpoint.txt"));
  const value = check.json("proofs.json");
  if (value === null) {
    expect(!note && !check.key, "缺少收录证明");
    return "本包未附日志的收录证明，承诺的先后请另行查证";
  }
  const proofs = shape(value, { events: "list", vkey: "string" });
  expect(check.key === "" || check.key === proofs["vkey"], "日志公钥与给出的不同");
  const { size, root } = openedNote(note, str(proofs["vkey"]));
  const sealed = new Set<string>();
  for (const item of list(proofs["events"]!)) {
    const one = shape(item, { event: "object", index: "int", proof: "list", salt: "string" });
    const proof = list(one["proof"]!);
    expect(isHex(str(one["salt"])) && proof.every(isHex64), "证明不规范");
    const leaf = sha256(join(Uint8Array.of(0), unhex(str(one["salt"])), utf8(canonical(one["event"]!))));
    const found = included(leaf, BigInt(int(one["index"])), size, proof.map((hash) => unhex(str(hash))));
    expect(hex(found) === hex(root), `第 ${int(one["index"])} 号事件不在检查点之下`);
    const { data } = one["event"] as { data: { files: Record<string, string> } };
    for (const [name, hash] of Object.entries(data.files)) {
      const isOurs = (FILES as readonly string[]).includes(name);
      expect(isOurs && hex(sha256(check.file(name as FileName))) === hash, `事件所记的 ${name} 不符`);
      sealed.add(name);
    }
  }
  expect(sealed.has("commitment.json"), "没有事件记载本次承诺");
  const events = list(proofs["events"]!).length;
  return `${events} 个事件在日志 ${size} 条的检查点之下，Ed25519 签名成立；公钥 ${str(proofs["vkey"])}`;
}

function sources(check: Check): string {
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

function chances(check: Check): string {
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

function drawing(check: Check): string {
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

function assignment(check: Check): string {
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

function changes(check: Check): string {
  const made = check.json("changes.json");
  expect(Array.isArray(made) && !(made.length && !check.given), "尚未抽取，不得替换");
  const streams = new Map<string, { active: Set<string>; reserves: string[] }>();
  for (const { stratum, streams: parts } of check.result) {
    for (const part of parts) {
      const active = new Set(part.drawn.map(([id]) => id));
      streams.set(`${stratum}\t${part.stream}`, { active, reserves: part.reserves.map(([id]) => id) });
    }
  }
  const used = new Set([...streams.values()].flatMap((stream) => [...stream.active]));
  let last = check.drawnAt;
  for (const item of made) {
    const one = shape(item, {
      at: "string", document: "string", in: "string null", out: "string", reason: "string", stratum: "string",
      stream: "string",
    });
    const at = time(one["at"]!);
    expect(last <= at && isPlain(one["reason"]) && isPlain(one["document"]), "替换的时间、事由、文号不符");
    const stream = streams.get(`${str(one["stratum"])}\t${str(one["stream"])}`);
    expect(stream && stream.active.has(str(one["out"])), `被替换的对象不在抽中之列：${str(one["out"])}`);
    const turn = stream.reserves.find((id) => !used.has(id)) ?? null;
    expect(one["in"] === turn, `递补的不是下一个备选：${String(one["in"])}`);
    for (const { active } of streams.values()) active.delete(str(one["out"]));
    if (turn !== null) {
      stream.active.add(turn);
      used.add(turn);
    }
    last = at;
  }
  return `${made.length} 次替换，均由下一个备选递补`;
}

function voided(check: Check): string {
  const value = check.json("void.json");
  if (value === null) return "本次抽取有效";
  const one = shape(value, { document: "string", explanation: "string", reason: "string", voided_at: "string" });
  expect(Object.values(one).every(isPlain) && time(one["voided_at"]!) >= check.promised, "作废的说明或时间不符");
  return `注意：本次抽取已于 ${str(one["voided_at"])} 作废（${str(one["reason"])}，${str(one["document"])}），不得据以检查`;
}

function names(check: Check): string {
  const opened = rows(check.file("opened.tsv"), 3);
  rising(opened.map(([id]) => id!), "公开名单");
  for (const [id, code, salt] of opened as [string, string, string][]) {
    expect(isHex(salt) && salt.length >= 32, `盐值不规范：${code}`);
    expect(opaqueId(check.start, code, unhex(salt)) === id, `「${code}」算不出编号 ${id}`);
    expect(check.known.has(id) || check.excluded.has(id), `「${code}」的编号不在已承诺的名单`);
  }
  return `已公开 ${opened.length} 个名称，均为承诺过的编号`;
}

const STEPS: readonly (readonly [string, (check: Check) => string])[] = [
  ["清单", manifest],
  ["规则", announced],
  ["名单", lists],
  ["承诺", commitment],
  ["存证", seal],
  ["随机源", sources],
  ["概率", chances],
  ["抽取", drawing],
  ["派遣", assignment],
  ["替换", changes],
  ["作废", voided],
  ["名称", names],
];

export const STEP_NAMES = STEPS.map(([name]) => name);
