/** Behaviours of web/templates/web/components, started on any part of a page. Each works without this file too. */

/** The error summary takes the focus, so that a screen reader reads it and the next Tab is its first link. */
function focusErrors(root: ParentNode): void {
  root.querySelector<HTMLElement>("[data-focus]")?.focus();
}

/** A link of the error summary goes to the field itself, label in view. */
function linkErrors(root: ParentNode): void {
  for (const link of root.querySelectorAll<HTMLAnchorElement>(".xz-errors a[href^='#']")) {
    link.addEventListener("click", (event) => {
      const field = document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      (field.closest(".xz-field") ?? field).scrollIntoView();
      const target = field.matches("input,select,textarea,button") ? field : field.querySelector<HTMLElement>("input,select,textarea");
      target?.focus({ preventScroll: true });
    });
  }
}

/** The body of a confirm opens as a modal <dialog>; browsers without one keep the <details>. */
function openConfirms(root: ParentNode): void {
  if (typeof HTMLDialogElement === "undefined") return;
  for (const details of root.querySelectorAll<HTMLDetailsElement>("details.xz-confirm:not([data-ready])")) {
    const summary = details.querySelector("summary");
    const body = details.querySelector<HTMLElement>(".xz-confirm__body");
    if (!summary || !body) continue;
    details.dataset["ready"] = "";
    const dialog = document.createElement("dialog");
    dialog.className = "xz-dialog";
    const heading = body.querySelector("h2");
    if (heading) {
      heading.id ||= `xz-confirm-${Math.random().toString(36).slice(2)}`;
      dialog.setAttribute("aria-labelledby", heading.id);
    }
    dialog.append(body);
    details.after(dialog);
    summary.setAttribute("role", "button");
    summary.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
    for (const cancel of body.querySelectorAll<HTMLElement>("[data-cancel]")) {
      cancel.hidden = false;
      cancel.addEventListener("click", () => dialog.close());
    }
    dialog.addEventListener("close", () => summary.focus());
  }
}

/** One submission a form: the second click of an impatient hand does nothing. */
function submitOnce(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[method='post']:not([data-again])")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset["sent"] !== undefined) event.preventDefault();
      form.dataset["sent"] = "";
    });
  }
}

export function startComponents(root: ParentNode): void {
  linkErrors(root);
  openConfirms(root);
  submitOnce(root);
  focusErrors(root);
}

// A page taken back from the browser's own cache may send its forms anew.
if (typeof window !== "undefined") {
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset["sent"];
  });
}
