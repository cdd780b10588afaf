"""The sample company's whole report: run once, read as its three users would."""

import json
import os
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pandas as pd
import pytest

from slanb.dictionary.figures import definition
from slanb.dictionary.wording import Wording
from slanb.periods import label
from slanb.publish.paper import laid_out
from slanb.simulate import simulate, write_files
from slanb.tables import anchor
from tests import reading
from tests.printing import cut, least_points
from tests.sampled import PROMISED, report
from tests.workbooks import recomputed, written

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
PAGES = ["index", "agreement", "figures", "quality", *NOTEBOOKS]

pytestmark = pytest.mark.run


@pytest.fixture(scope="module")
def company():
    return simulate()


@pytest.fixture(scope="module")
def outputs(tmp_path_factory, company):
    folder = tmp_path_factory.mktemp("report")
    write_files(company, folder / "data")
    return folder


@pytest.fixture(scope="module")
def october(outputs):
    return report(outputs, "first")


@pytest.fixture(scope="module")
def figures(october):
    return {figure["id"]: figure for figure in json.loads((october / "figures.json").read_text())}


def local(times: pd.Series) -> pd.Series:
    """The month of the CRM's own local times, without going through the import."""
    return pd.to_datetime(times).dt.to_period("M").astype(str)


def test_the_tracked_numbers_agree_with_plain_pandas_on_the_crm_files(outputs, figures):
    leads = pd.read_csv(outputs / "data/leads.csv", dtype=str)
    deals = pd.read_csv(outputs / "data/deals.csv", dtype={"Lead ID": str})
    by_sales = ["Sales outreach", "Partner"]
    october = leads[(local(leads["Create Date"]) == "2026-10") & ~leads["Original Source"].isin(by_sales)]
    october = october[october["Rating"].isin(PROMISED)]
    won = deals[deals["Stage"] == "closedwon"]
    closed = won[local(won["Close Date"]) == "2026-10"]
    of_marketing = closed[~closed["Source"].isin(by_sales)]

    def value(name):
        return figures[name]["value"]

    assert value("cohort.leads") == len(october)
    assert value("cohort.customers") == october["Record ID"].isin(won["Lead ID"]).sum()
    assert value("closing.revenue") == pytest.approx(closed["Amount"].sum())
    assert value("closing.marketing_revenue") == pytest.approx(of_marketing["Amount"].sum())
    assert value("closing.marketing_share") == pytest.approx(
        of_marketing["Amount"].sum() / closed["Amount"].sum()
    )
    assert value("closing.deal_size") == pytest.approx(of_marketing["Amount"].mean())
    handed = leads[(local(leads["Hand-off Date"]) == "2026-10") & ~leads["Original Source"].isin(by_sales)]
    assert value("marketing.leads") == handed["Rating"].isin(["A", "B", "C"]).sum()
    worth = {"A": 1800, "B": 480, "C": 120}  # as agreed
    assert value("marketing.value") == pytest.approx(handed["Rating"].map(worth).sum())


@pytest.mark.parametrize("tier", ["A", "B", "C"])
def test_the_value_of_a_lead_agrees_with_plain_pandas_on_the_crm_files(outputs, figures, tier):
    figure = figures[f"tier.{tier}.lead_value"]
    [(first, last)] = re.findall(r"are (\w+ \d+) to (\w+ \d+)\.$", figure["note"])
    leads = pd.read_csv(outputs / "data/leads.csv", dtype=str)
    month = local(leads["Create Date"])
    of_marketing = ~leads["Original Source"].isin(["Sales outreach", "Partner"])
    cohort = leads[
        month.between(label(pd.Period(first)), label(pd.Period(last)))
        & of_marketing
        & (leads["Rating"] == tier)
    ]
    deals = pd.read_csv(outputs / "data/deals.csv", dtype={"Lead ID": str})
    won = deals[(deals["Stage"] == "closedwon") & deals["Lead ID"].isin(cohort["Record ID"])]
    assert figure["n"] == len(cohort)
    assert figure["value"] == pytest.approx(won["Amount"].sum() / len(cohort))
    assert figure["low"] < figure["value"] < figure["high"]


def test_every_figure_says_what_it_is(figures):
    for figure in figures.values():
        assert figure["label"]
        assert figure["formula"]
        assert figure["unit"]
        assert figure["clock"] in {"cohort", "closing", "plan", "calendar"}
        if figure["clock"] != "plan":
            assert figure["n"] is not None, figure["id"]


def test_a_second_run_gives_the_same_bytes(outputs, october):
    again = report(outputs, "second")
    names = {path.name for path in october.iterdir()}
    assert names == {path.name for path in again.iterdir()}
    for name in names - {"run.json"}:
        assert (october / name).read_bytes() == (again / name).read_bytes(), name


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_small_whole_and_without_code(october, name):
    text = (october / f"{name}.html").read_text()
    assert len(text) < 1_500_000
    assert re.search(r'<html[^>]* lang="en', text)
    assert re.search(r"<title>[^<]+</title>", text)
    assert "open_period(" not in text
    assert "Traceback" not in text
    images = re.findall(r"<img[^>]*>", text)
    assert all(re.search(r'alt="[^"]{20,}"', image) for image in images)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)


@pytest.fixture(scope="module")
def opened():
    with reading.browser() as opened:
        yield opened


@pytest.mark.browser
@pytest.mark.parametrize("name", [*PAGES, "plan-2026-11"])
def test_axe_finds_nothing_on_a_page_and_nothing_is_clipped(opened, october, name):
    assert reading.problems(opened, october / f"{name}.html") == []


def test_every_link_leads_somewhere(october):
    pages = {path.name: path.read_text() for path in october.glob("*.html")}
    anchors = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in pages.items()}
    for name, text in pages.items():
        for link in re.findall(r'href="([^"]+)"', text):
            page, _, place = unquote(unescape(link)).partition("#")
            assert Path(os.path.normpath(october / (page or name))).exists(), f"{name}: {link}"
            assert not place or place in anchors[page or name], f"{name}: {link}"


def test_every_figure_stands_on_the_page_the_catalogue_names(october, figures):
    explained = (october / "figures.html").read_text()
    for name, figure in figures.items():
        about, _ = definition(name)
        assert figure["notebook"] == about.page
        assert bool(figure["math"]) == bool(about.math), name
        assert f'href="{about.page}.html#{anchor(name)}"' in explained


def test_another_engine_comes_to_the_numbers_of_the_workbook(october, figures):
    path = october / "report.xlsx"
    found, shown = recomputed(path), written(path)
    assert {place.partition("!")[0] for place in shown} == {"Plan", "Periods", "Speed", "Depth", "Promises"}
    assert [place for place in shown if found[place] != pytest.approx(shown[place], rel=1e-12)] == []
    named = {name: value for name, value in found.items() if name in figures}
    assert {name: pytest.approx(figures[name]["value"], rel=1e-12) for name in named} == named
    assert {"plan.quota", "plan.leads", "plan.tier.A.leads", "sales.speed", "sales.depth"} <= named.keys()


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_the_printed_report_has_twenty_pages_at_most_and_nothing_is_cut(october, size):
    pytest.importorskip("weasyprint")
    index = (october / "index.html").read_text()
    names = dict.fromkeys(re.findall(r'<li><a href="([^"./]+\.html)"', index.partition("</nav>")[0]))
    assert set(names) == {f"{name}.html" for name in [*PAGES, "plan-2026-11"]}
    pages = {name: (october / name).read_text() for name in names}
    how = {"title": "Leads", "size": size, "words": Wording("en"), "scale": 1}
    document = laid_out(pages, **how)
    assert len(document.pages) <= 20
    assert cut(document) == []
    assert least_points(document) > 6.7  # of tables
    assert least_points(document, "li", "figcaption") >= 7.5  # of sentences
    assert len(laid_out({"index.html": index}, **how).pages) == 1  # the leaders' sheet, not made smaller


def test_the_proposal_is_read_back_strictly_and_adopted_by_hand(october):
    proposal = next(october.glob("proposed-*.yml"))
    assert proposal.name == "proposed-2026-11.yml"
    assert proposal.read_text().startswith("# Parameters proposed for 2026-11")


def test_report_notebooks_have_no_widgets_functions_paths_or_clock():
    for path in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type != "code" or "parameters" in cell.metadata.get("tags", []):
                continue
            for unwanted in ("def ", "ipywidgets", "%", "open(", "Path(", "datetime", "try:"):
                assert unwanted not in cell.source, f"{path.name}: {unwanted}"
            assert len(cell.source.splitlines()) <= 24, f"{path.name}: {cell.source[:60]}"
