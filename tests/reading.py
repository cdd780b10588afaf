"""What a reader's browser makes of a page: accessibility by axe-core, contents that do not fit, both schemes.

axe-core is kept in `tests/assets/axe`, as npm has it, with its licence.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lab import CHROMIUM, FLAGS

AXE = Path(__file__).parent / "assets/axe/axe.min.js"
WIDTHS = (1280, 1000, 390, 320)
VIOLATIONS = """async (part) => (await axe.run(part ?? document)).violations.map(
  (each) => `${each.id} (${each.impact}): ${each.nodes.map((node) => node.html.slice(0, 99)).join(" | ")}`)"""
CLIPPED = """() => [...document.querySelectorAll("html, body *")].filter((each) => {
  const style = getComputedStyle(each);
  const hides = style.overflowX !== "visible" && style.position !== "absolute";
  return (hides || each === document.documentElement) && each.scrollWidth > each.clientWidth + 1;
}).map((each) => `${each.querySelector("[id]")?.id ?? each.className}, ${each.scrollWidth} px wide`)"""


@contextmanager
def browser() -> Iterator:
    """A headless Chromium, for all pages of a test; skips where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium: apt-get install chromium")
    with playwright.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def problems(opened, path: Path) -> list[str]:
    """All that axe finds on a page, unfolded, wide and narrow, light and dark, and what does not fit at four
    widths."""
    found = []
    for scheme in ("light", "dark"):
        # axe is put into the page, which its own policy forbids to everyone else.
        context = opened.new_context(color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        page.goto(path.resolve().as_uri())
        page.evaluate(AXE.read_text(encoding="utf-8"))
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            where = f"{path.name}, {scheme}, {width} px"
            if scheme == "light":
                found += [f"{where}: clipped {each}" for each in page.evaluate(CLIPPED)]
            if (scheme, width) in (("light", 1280), ("light", 390), ("dark", 1280)):
                found += [f"{where}: {each}" for each in page.evaluate(VIOLATIONS)]
        context.close()
    return found
