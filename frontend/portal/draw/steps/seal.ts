/** 存证: the record's proofs: each event under a signed checkpoint, its files as published. */

import { sha256 } from "@noble/hashes/sha2.js";
import type { Check, FileName } from "../check";
import { FILES, int, list, str } from "../check";
import { hex, join, unhex, utf8 } from "../notation";
import { included, openedNote } from "../note";
import type { Json } from "../strict";
import { canonical, expect, isHex, isHex64, shape, text } from "../strict";

export function seal(check: Check): string {
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
  const told = (check.told = new Map<string, string>());
  let before = -1;
  for (const item of list(proofs["events"]!)) {
    const one = shape(item, { event: "object", index: "int", proof: "list", salt: "string" });
    const proof = list(one["proof"]!);
    expect(isHex(str(one["salt"])) && proof.every(isHex64), "证明不规范");
    const leaf = sha256(join(Uint8Array.of(0), unhex(str(one["salt"])), utf8(canonical(one["event"]!))));
    const found = included(leaf, BigInt(int(one["index"])), size, proof.map((hash) => unhex(str(hash))));
    expect(hex(found) === hex(root), `第 ${int(one["index"])} 号事件不在检查点之下`);
    expect(before < int(one["index"]), "事件未排序或重复");
    before = int(one["index"]);
    const { data } = one["event"] as { data: { [key: string]: Json; files: Record<string, string> } };
    if ("value" in data) {
      expect(sealed.has("commitment.json"), "揭示早于承诺");
      told.set(str(data["label"]), `${str(data["value"])} ${str(data["published_at"])}`);
    }
    for (const [name, hash] of Object.entries(data.files ?? {})) {
      const isOurs = (FILES as readonly string[]).includes(name);
      expect(isOurs && hex(sha256(check.file(name as FileName))) === hash, `事件所记的 ${name} 不符`);
      sealed.add(name);
    }
  }
  expect(sealed.has("commitment.json"), "没有事件记载本次承诺");
  const events = list(proofs["events"]!).length;
  return `${events} 个事件在日志 ${size} 条的检查点之下，Ed25519 签名成立；公钥 ${str(proofs["vkey"])}`;
}
