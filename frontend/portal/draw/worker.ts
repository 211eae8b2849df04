/** The verifier in a web worker: takes `{zip, key?}`, posts each Step, then `{done: holds}`. */

import { Wrong } from "./strict";
import type { Step } from "./verify";
import { verified } from "./verify";
import { unzipped } from "./zip";

export interface Request {
  zip: ArrayBuffer;
  key?: string;
}

export type Report = Step | { done: boolean };

/** Every step of a zipped bundle; a container that can't be read is a failed step of its own. */
export async function* reported({ zip, key = "" }: Request): AsyncGenerator<Report> {
  let holds = true;
  try {
    for (const step of verified(await unzipped(new Uint8Array(zip)), key)) {
      holds &&= step.holds;
      yield step;
    }
  } catch (error) {
    holds = false;
    yield { holds, name: "读取", text: error instanceof Wrong ? error.message : String(error) };
  }
  yield { done: holds };
}

interface Scope {
  onmessage: ((event: { data: Request }) => void) | null;
  postMessage: (report: Report) => void;
}

/** Call once in the worker's entry: `serve(self)`. */
export function serve(scope: Scope): void {
  scope.onmessage = async ({ data }) => {
    for await (const report of reported(data)) scope.postMessage(report);
  };
}
