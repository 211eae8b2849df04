/**
 * Verifies a published draw in the browser, step by step: the same steps as the bundle's verify.py
 * (docs/dr-1.md §5), written apart from it. Pure; runs in a worker (worker.ts).
 */

import { Check } from "./check";
import { assignment } from "./steps/assignment";
import { chances } from "./steps/chances";
import { changes, voided } from "./steps/changes";
import { commitment } from "./steps/commitment";
import { lists } from "./steps/lists";
import { manifest } from "./steps/manifest";
import { names } from "./steps/names";
import { announced } from "./steps/rules";
import { seal } from "./steps/seal";
import { drawing } from "./steps/selection";
import { sources } from "./steps/sources";
import { Wrong } from "./strict";

export interface Step {
  holds: boolean;
  name: string;
  text: string;
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
