/** The console: htmx for partial refreshes, and the behaviours that components ask for by data attributes. */
import "./desk.scss";
import "./calendar.css";
import "./agenda.css";
import "./numbers.css";
import htmx from "htmx.org";
import { startComponents } from "../shared/components";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;

startComponents(document);
document.addEventListener("htmx:afterSwap", (event) => startComponents(event.target as HTMLElement));

// htmx leaves the page as it was when an answer is an error; a refusal must be read, so show the answer's own page.
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean }>).detail;
  if (detail.xhr.status >= 400) {
    detail.shouldSwap = false;
    const parsed = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
    const main = parsed.querySelector("main");
    const here = document.querySelector("main");
    if (main && here) {
      here.replaceWith(document.adoptNode(main));
      startComponents(document.querySelector("main") as HTMLElement);
    }
  }
});
