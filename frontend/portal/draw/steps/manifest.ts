/** 清单: every file as the manifest says, and no other. */

import { sha256 } from "@noble/hashes/sha2.js";
import type { Check, FileName } from "../check";
import { FILES, list, str } from "../check";
import { hex } from "../notation";
import { expect, shape } from "../strict";

export function manifest(check: Check): string {
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
