"""The bench in a real browser: dragged, typed, kept, compared, restarted; what it shows against the formulas.

Screenshots are kept in `build/screenshots`.
"""

import re
import time

import pytest

from slanb.goals.sensitivity import leads_of
from slanb.periods import parse_period
from slanb.simulate import simulate, write_files
from slanb.terms import load_terms
from slanb.terms.goals import goals_of
from slanb.terms.scenarios import load_scenario, proposed
from tests import reading
from tests.lab import CHROMIUM, FLAGS, ROOT, copy_project, lab, open_notebook, run_all

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium"),
]
SHOTS = ROOT / "build/screenshots"
OCTOBER = parse_period("2026-10")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    write_files(simulate(), folder / "data")
    return copy_project(folder / "project", folder / "data")


@pytest.fixture(scope="module")
def page(project):
    from playwright.sync_api import sync_playwright

    SHOTS.mkdir(parents=True, exist_ok=True)
    with lab(project) as address, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(20_000)
        open_notebook(page, address)
        page.keyboard.press("Control+B")  # the files' side bar closed
        run_all(page)
        yield page
        browser.close()


@pytest.fixture(scope="module")
def terms(project):
    return load_terms(project / "params/agreement.yml")


def shoot(page, name: str) -> None:
    page.evaluate(
        """() => {
          const bench = document.querySelector(".slanb-bench");
          const pane = document.querySelector(".jp-WindowedPanel-outer");
          pane.scrollTop += bench.getBoundingClientRect().top - pane.getBoundingClientRect().top - 8;
        }"""
    )
    time.sleep(0.3)
    page.screenshot(path=SHOTS / f"explore-{name}.png")


def field(page, label: str):
    return page.locator(".slanb-field", has=page.locator(f'label:text-is("{label}")')).first


def shown(page, key: str) -> str:
    return page.inner_text(f'.slanb-tiles [data-answer="{key}"] b')


def settled(page) -> None:
    """Waits until the kernel has answered everything."""
    page.wait_for_timeout(150)
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle")
    page.wait_for_timeout(150)


def tab(page, name: str) -> None:
    page.click(f'.slanb-bench .lm-TabBar-tabLabel:text-is("{name}")')
    settled(page)


def type_in(page, label: str, text: str) -> None:
    entry = field(page, label).locator("input")
    entry.fill(text)
    entry.press("Enter")
    settled(page)


def leads_in(terms, **what_if) -> str:
    return f"{goals_of(terms, OCTOBER, what_if).total['leads']:,.0f}"


def test_every_cell_ran_and_shows_the_agreed_plan(page, terms):
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert shown(page, "leads") == leads_in(terms)
    assert page.inner_text(".slanb-sentence").startswith("As agreed")
    shoot(page, "goals")


def test_a_typed_value_is_counted_with_the_formulas(page, terms):
    type_in(page, "Close rate", "8 %")
    total = goals_of(terms, OCTOBER).total
    agreed = {key: total[key] for key in ("quota", "marketing_share", "deal_size")}
    assert (
        shown(page, "leads")
        == f"{leads_of(**agreed, close_rate=0.08):,.0f}"
        == leads_in(terms, close_rate=0.08)
    )
    assert "fewer than the agreed" in page.inner_text(".slanb-sentence")
    caption = page.locator(".slanb-figure figcaption").first.inner_text()
    assert shown(page, "leads") in caption  # the tornado stands where the answer stands


def test_an_impossible_value_is_refused_in_words_beside_its_field(page):
    before = shown(page, "leads")
    type_in(page, "Close rate", "5")
    refusal = field(page, "Close rate").locator("[role=alert]")
    assert "5 % is 0.05" in refusal.inner_text()
    type_in(page, "Quota", "plenty")
    assert "is no number" in field(page, "Quota").locator("[role=alert]").inner_text()
    assert shown(page, "leads") == before
    shoot(page, "refused")
    type_in(page, "Close rate", "8 %")
    type_in(page, "Quota", "420,000")
    assert page.locator(".slanb-refused").count() == 0


def test_a_dragged_slider_ends_where_it_is_let_go(page, terms):
    handle = field(page, "Quota").locator(".noUi-handle")
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(40):  # faster than any answer: what lies between may be left out, the end may not
        page.mouse.move(x + 2 * step, y)
    page.mouse.up()
    let_go = time.monotonic()
    written = field(page, "Quota").locator("input")
    quota, ends = 0.0, float(handle.get_attribute("aria-valuenow"))
    while quota != ends and time.monotonic() - let_go < 5:  # no queue of old moves is worked off
        settled(page)
        quota = float(re.sub(r"[^0-9]", "", written.input_value()))
    assert quota == ends > 420_000
    assert shown(page, "leads") == leads_in(terms, quota=quota, close_rate=0.08)


def test_keys_move_a_slider_that_has_a_name(page):
    entry = field(page, "Confidence").locator("input")
    before = entry.input_value()
    field(page, "Confidence").locator(".noUi-handle").focus()
    page.keyboard.press("ArrowRight")
    settled(page)
    assert entry.input_value() != before
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Confidence"
    assert entry.evaluate("input => input.labels[0].textContent") == "Confidence"


def test_the_other_panels_answer(page):
    tab(page, "Value")
    assert "The fewest leads worth" in page.inner_text(".slanb-bench")
    shoot(page, "value")
    tab(page, "Bandwidth")
    assert "The follow-up fits" in page.inner_text(".slanb-bench")
    type_in(page, "Salespeople", "1")
    assert "The follow-up is short by" in page.inner_text(".slanb-bench")
    shoot(page, "bandwidth")
    tab(page, "Goal seek")
    type_in(page, "Leads that will come", "300")
    assert "The cheapest mix of small improvements" in page.inner_text(".slanb-bench")
    shoot(page, "goal-seek")


def test_scenarios_are_kept_taken_up_and_compared(page, project, terms):
    agreement = project / "params/agreement.yml"
    page.click("text=Back to the agreed plan")
    settled(page)
    for name, rate in (("hopeful", "9 %"), ("careful", "4 %")):
        tab(page, "Goals")
        type_in(page, "Close rate", rate)
        tab(page, "Scenarios")
        entry = page.get_by_label("Name", exact=True)
        entry.fill(name)
        entry.press("Enter")
        page.click("button:text-is('Save')")
        settled(page)
        assert f"params/scenarios/{name}.yml" in page.inner_text(".slanb-bench")
    assert load_scenario("hopeful", agreement) == {"close_rate": 0.09}
    page.get_by_label("Kept").select_option("hopeful")
    settled(page)
    page.click("button:text-is('Load')")
    settled(page)
    assert shown(page, "leads") == leads_in(terms, close_rate=0.09)
    page.get_by_label("Compare").select_option(["hopeful", "careful"])
    settled(page)
    page.click("button:text-is('Side by side')")
    page.wait_for_selector("#scenarios")
    row = page.locator("#scenarios tr", has_text="Leads needed").inner_text().split("\t")
    expected = [leads_in(terms), leads_in(terms, close_rate=0.04), leads_in(terms, close_rate=0.09)]
    assert row[0] == "Leads needed"
    assert sorted(row[1:]) == sorted(expected)
    shoot(page, "scenarios")
    page.click("text=Propose for November 2026")
    settled(page)
    assert proposed(agreement) == {"2026-11": "hopeful"}


@pytest.mark.parametrize("width", [1280, 620])
def test_the_layout_holds(page, width):
    tab(page, "Goals")
    page.evaluate(reading.AXE.read_text(encoding="utf-8"))
    page.set_viewport_size({"width": width, "height": 1000})
    settled(page)
    for place, name in enumerate(["Goals", "Value", "Bandwidth", "Goal seek", "Scenarios"]):
        tab(page, name)
        over = page.evaluate(
            """() => {
              const bench = document.querySelector(".slanb-bench").getBoundingClientRect();
              return [...document.querySelectorAll(".slanb-bench *")].filter((each) => {
                const box = each.getBoundingClientRect();
                const clipped = each.closest(".slanb-scroll, .noUi-target, select, .lm-TabBar");
                return box.width && !clipped && box.right > bench.right + 2;
              }).map((each) => each.outerHTML.slice(0, 120));
            }"""
        )
        assert over == [], name
        assert page.evaluate(reading.VIOLATIONS, ".slanb-bench") == [], name
        if width < 1280:
            shoot(page, f"narrow-{place}")
    page.set_viewport_size({"width": 1280, "height": 1000})


def test_after_a_restart_everything_runs_again(page, terms):
    page.click('.lm-MenuBar-itemLabel:text-is("Kernel")')
    page.click('.lm-Menu-itemLabel:text-is("Restart Kernel and Run All Cells…")')
    page.click(".jp-Dialog button.jp-mod-accept")
    page.wait_for_selector(".slanb-bench", state="detached", timeout=30_000)
    page.wait_for_selector(".slanb-bench .slanb-figure img", timeout=60_000)
    settled(page)
    assert shown(page, "leads") == leads_in(terms)
    tab(page, "Scenarios")
    options = page.get_by_label("Kept").locator("option").all_inner_texts()
    options = [option.replace("\u00a0", " ") for option in options]
    assert options == ["careful", "hopeful (proposed for November 2026)"]
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
