/**
 * <xz-compare data-hashes="hex hex"> around the form of the authenticity page: the chosen file is hashed here, in the
 * reader's browser, and compared; it is not uploaded. Without scripts the form sends it to be hashed by the server.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { gettext } from "../shared/texts";

const TEXTS = {
  running: gettext("正在计算摘要……"),
  same: gettext("一致：所选文件与签发或用印时存档的文件逐字节相同。（在本机计算，没有上传）"),
  other: gettext("不一致：所选文件不是存档的那一份（可能是另行扫描、打印或被改动）。请以纸质原件和本页所列内容核对。"),
  none: gettext("请先选择文件。"),
};
const PIECE = 4 * 1024 * 1024;

/** SHA-256 of a file of any size, piece by piece; also on plain HTTP, where browsers lend no crypto.subtle. */
export async function digestOf(file: Blob): Promise<string> {
  const hash = sha256.create();
  for (let start = 0; start < file.size; start += PIECE)
    hash.update(new Uint8Array(await file.slice(start, start + PIECE).arrayBuffer()));
  return bytesToHex(hash.digest());
}

class Compare extends HTMLElement {
  private readonly outcome = document.createElement("div");

  connectedCallback(): void {
    const form = this.querySelector("form");
    if (!form) return;
    this.outcome.setAttribute("role", "status");
    this.append(this.outcome);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const file = form.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
      if (!file) return this.tell("warning", TEXTS.none);
      this.tell("", TEXTS.running);
      void digestOf(file).then((digest) => {
        const same = (this.dataset["hashes"] ?? "").split(" ").includes(digest);
        this.tell(same ? "success" : "error", same ? TEXTS.same : TEXTS.other);
      });
    });
  }

  private tell(kind: string, text: string): void {
    const said = document.createElement("p");
    said.textContent = text;
    this.outcome.className = kind ? `xz-notice xz-notice--${kind}` : "xz-notice";
    this.outcome.replaceChildren(said);
  }
}

if (typeof customElements !== "undefined") customElements.define("xz-compare", Compare);
