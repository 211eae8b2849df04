/** What one check of a bundle reads and what its steps have found so far; each step uses what earlier ones left. */

import type { Fraction } from "./fraction";
import type { Entry, Start } from "./notation";
import type { Edge } from "./officers";
import type { Fields, Json } from "./strict";
import { canonical, expect, parsed, text } from "./strict";
import type { Masses, Method } from "./targets";

export const FILES = [
  "assignment.json", "chances.tsv", "changes.json", "checkpoint.txt", "commitment.json", "coverage.tsv",
  "exclusions.tsv", "officers.tsv", "opened.tsv", "proofs.json", "roster.tsv", "rules.json", "selection.json",
  "sources.json", "void.json",
] as const;
export type FileName = (typeof FILES)[number];

/** Parts a label of the profile from a stratum's name, which cannot hold it. */
export const UNIT = "\u001f";

export interface StratumRule {
  stratum: string;
  method: Method;
  n: number | null;
  ratio: [number, number] | null;
  coverage: boolean;
  reserves: number;
}

export interface SourceRule {
  label: string;
  encoding: string;
  not_before: string;
  /** Of a witness, a notary or the system itself: the hash that its reveal must give. */
  commitment?: string;
}

export const isPublic = (rule: SourceRule): boolean => ["utf8", "hex"].includes(rule.encoding);
export const isOutside = (rule: SourceRule): boolean => ["witness", "notary"].includes(rule.encoding);

export interface Group {
  rule: StratumRule;
  ids: string[];
  weights: bigint[];
  wanted: Fraction;
  todo: number[];
  cover: number;
  masses: Masses;
}

export interface Stream {
  [key: string]: Json;
  drawn: [string, string][];
  reserves: [string, string][];
  stream: string;
}

export class Check {
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
  /** When the first public source is due: witnesses reveal before. */
  due = "";
  /** Label → value and time of the reveals that sealed events tell; null without proofs. */
  told: Map<string, string> | null = null;
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

export const list = (value: Json): Json[] => value as Json[];
export const str = (value: Json | undefined): string => value as string;
export const int = (value: Json | undefined): number => value as number;
