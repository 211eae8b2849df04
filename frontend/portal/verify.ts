/**
 * <xz-verify data-bundle="/…/bundle.zip" data-key="…"> verifies a draw in the reader's own browser and shows each step.
 * What the page holds inside it (how to verify without a browser) stays below. A file of the reader's may be chosen too.
 */
import { gettext } from "../shared/texts";
import type { Report } from "./draw/worker";

const TEXTS = {
  start: gettext("在浏览器中校验"),
  again: gettext("重新校验"),
  choose: gettext("选择已下载的抽取包"),
  orChoose: gettext("或选择已下载的抽取包"),
  running: gettext("正在校验……"),
  good: gettext("全部步骤通过：抽取结果与公布的名单、随机源和规则一致。"),
  bad: gettext("校验未通过：这个抽取包与规则不符，请以已公布的摘要为准并向执法机构反映。"),
  old: gettext("这个浏览器过旧，不能在网页中校验。请下载抽取包，用其中的 verify.py 校验。"),
  fetch: gettext("抽取包下载失败，请检查网络后重试。"),
};

function element<K extends keyof HTMLElementTagNameMap>(name: K, className: string, text = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function able(): boolean {
  if (typeof Worker === "undefined" || typeof DecompressionStream === "undefined") return false;
  try {
    new DecompressionStream("deflate-raw");
    return true;
  } catch {
    return false;
  }
}

class Verify extends HTMLElement {
  private worker: Worker | null = null;
  private readonly button = element("button", "xz-button", TEXTS.start);
  private readonly steps = element("ol", "xz-steps");
  private readonly outcome = element("div", "");

  connectedCallback(): void {
    if (this.contains(this.button)) return;
    this.outcome.setAttribute("role", "status");
    if (!able()) {
      this.prepend(this.outcome);
      this.tell("warning", TEXTS.old);
      return;
    }
    this.button.type = "button";
    this.button.addEventListener("click", () => void this.fetchAndRun());
    const actions = element("div", "xz-actions");
    if (this.dataset["bundle"]) actions.append(this.button);
    this.prepend(actions, this.chooser(), this.outcome, this.steps);
  }

  disconnectedCallback(): void {
    this.worker?.terminate();
  }

  private chooser(): HTMLElement {
    const field = element("div", "xz-field");
    const label = element("label", "", this.dataset["bundle"] ? TEXTS.orChoose : TEXTS.choose);
    const input = element("input", "");
    input.type = "file";
    input.accept = ".zip";
    input.id = label.htmlFor = `verify-file-${Math.random().toString(36).slice(2)}`;
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (file) void file.arrayBuffer().then((zip) => this.run(zip));
    });
    field.append(label, input);
    return field;
  }

  private async fetchAndRun(): Promise<void> {
    try {
      const response = await fetch(this.dataset["bundle"] ?? "", { credentials: "same-origin" });
      if (!response.ok) throw new Error(String(response.status));
      this.run(await response.arrayBuffer());
    } catch {
      this.tell("error", TEXTS.fetch);
    }
  }

  private run(zip: ArrayBuffer): void {
    this.worker?.terminate();
    this.steps.replaceChildren();
    this.button.disabled = true;
    this.tell("", TEXTS.running);
    const worker = new Worker(new URL("./verify.worker.ts", import.meta.url));
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Report>) => ("done" in data ? this.end(data.done) : this.step(data));
    worker.onerror = () => this.end(false);
    worker.postMessage({ zip, key: this.dataset["key"] ?? "" }, [zip]);
  }

  private step(step: Exclude<Report, { done: boolean }>): void {
    const item = element("li", step.holds ? "xz-step--done" : "xz-step--failed");
    const title = element("p", "xz-step__title", step.name);
    title.append(element("span", "xz-step__state", step.holds ? gettext("通过") : gettext("未通过")));
    item.append(title, element("p", "", step.text));
    this.steps.append(item);
  }

  private end(holds: boolean): void {
    this.worker?.terminate();
    this.button.disabled = false;
    this.button.textContent = TEXTS.again;
    this.tell(holds ? "success" : "error", holds ? TEXTS.good : TEXTS.bad);
    this.dataset["outcome"] = holds ? "holds" : "fails";
  }

  private tell(kind: string, text: string): void {
    const notice = element("div", `xz-notice${kind ? ` xz-notice--${kind}` : ""}`);
    notice.append(element("p", "", text));
    this.outcome.replaceChildren(notice);
  }
}

customElements.define("xz-verify", Verify);
