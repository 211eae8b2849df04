"""Going through a page by keys alone."""

from playwright.sync_api import Page

# What Tab must reach in the main part. Of a group of radio buttons Tab reaches the chosen one, or the first.
_PREPARE = """() => {
  const main = document.querySelector("main");
  const named = new Set();
  const wanted = [...main.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((e) => e.getClientRects().length && !e.disabled)
    .filter((e) => {
      if (e.type !== "radio") return true;
      const group = [...main.querySelectorAll(`input[type=radio][name="${e.name}"]`)];
      return e === (group.find((one) => one.checked) ?? group[0]);
    });
  const walk = { wanted, seen: new Set(), dim: [] };
  document.addEventListener("focusin", ({ target }) => {
    walk.seen.add(target);
    const style = getComputedStyle(target);
    const shows = style.outlineStyle !== "none" || style.boxShadow !== "none";
    if (wanted.includes(target) && !shows) walk.dim.push(target.outerHTML.slice(0, 200));
  });
  globalThis.xzWalk = walk;
  main.focus();
  const parts = main.querySelectorAll("input[type=date], input[type=time], input[type=datetime-local]").length;
  return wanted.length + 7 * parts + main.querySelectorAll("[tabindex='0']").length;
}"""
_LEFT = "() => xzWalk.wanted.filter((e) => !xzWalk.seen.has(e)).length"
_FAULTS = """() => [
  ...xzWalk.wanted.filter((e) => !xzWalk.seen.has(e)).map((e) => `not reached: ${e.outerHTML.slice(0, 200)}`),
  ...xzWalk.dim.map((html) => `shows no focus: ${html}`),
]"""


def faults(page: Page) -> list[str]:
    """Controls of the page's main part that Tab does not reach or that do not show their focus, as text."""
    steps = page.evaluate(_PREPARE)
    for step in range(steps + 5):
        page.keyboard.press("Tab")
        if step % 10 == 9 and not page.evaluate(_LEFT):
            break
    return page.evaluate(_FAULTS)
