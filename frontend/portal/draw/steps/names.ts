/** 名称: opened codes and salts give ids that were committed. */

import type { Check } from "../check";
import { opaqueId, unhex } from "../notation";
import { expect, isHex, rising, rows } from "../strict";

export function names(check: Check): string {
  const opened = rows(check.file("opened.tsv"), 3);
  rising(opened.map(([id]) => id!), "公开名单");
  for (const [id, code, salt] of opened as [string, string, string][]) {
    expect(isHex(salt) && salt.length >= 32, `盐值不规范：${code}`);
    expect(opaqueId(check.start, code, unhex(salt)) === id, `「${code}」算不出编号 ${id}`);
    expect(check.known.has(id) || check.excluded.has(id), `「${code}」的编号不在已承诺的名单`);
  }
  return `已公开 ${opened.length} 个名称，均为承诺过的编号`;
}
