"""`outputs/index.html` lists the reports, `latest` leads to the newest, each names those around it."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

from slanb.run import published
from slanb.run.overview import show_all
from slanb.terms import load_terms
from tests import reading

TERMS = load_terms(Path(__file__).parents[1] / "params/agreement.yml")
FAILED = "A later run of this report failed on 1 December 2026; this is the report before it."
AROUND = "<body>the report <!-- around --><!-- /around --></body>"

MONTHS = {  # as of, verdicts of the clauses
    "2026-09": ("2026-09-30T22:00:00+00:00", ["kept", "missed"]),
    "2026-10": ("2026-10-31T23:00:00+00:00", ["kept", "kept", "pending"]),
    "2026-10-asof-2026-10-16": ("2026-10-15T22:00:00+00:00", ["pending"]),
    "2026-10-with-quota-1": ("2026-10-31T23:00:00+00:00", ["missed"]),
}


def publish(outputs, unit):
    as_of, verdicts = MONTHS.get(unit, ("2026-12-31T23:00:00+00:00", ["pending"]))
    folder = published.new_folder(outputs, unit)
    run = {"parameters": {"period": unit[:7]}, "as_of": as_of, "begun": unit < "2026-11"}
    figures = [{"id": f"clause.c{n}", "verdict": verdict} for n, verdict in enumerate(verdicts)]
    figures.append(
        {"id": "closing.revenue", "verdict": "missed"}
    )  # the number behind a clause: not a promise
    (folder / "run.json").write_text(json.dumps(run))
    (folder / "figures.json").write_text(json.dumps(figures))
    for page in ("index.html", "figures.html") if unit != "2026-09" else ("index.html",):
        (folder / page).write_text(AROUND)
    published.show(folder, outputs, unit)


def fail(outputs, unit):
    folder = published.new_folder(outputs, f"{unit}-failed")
    run = {"parameters": {"period": unit[:7]}, "finished": "2026-12-01T04:00:00+00:00"}
    (folder / "run.json").write_text(json.dumps(run))
    published.show(folder, outputs, f"{unit}-failed")


def around(outputs, unit, page="index.html"):
    """What a report says of those around it, and where it leads."""
    text = (outputs / unit / page).read_text()
    said = unescape(re.sub(r"<[^>]*>", "\n", text.partition("around -->")[2]))
    return [line for line in said.splitlines() if line.strip()], re.findall('href="([^"]+)"', text)


@pytest.fixture
def outputs(tmp_path):
    for unit in MONTHS:
        publish(tmp_path, unit)
    fail(tmp_path, "2026-09")
    show_all(tmp_path, TERMS)
    return tmp_path


@pytest.mark.browser
def test_the_newest_report_comes_first_with_its_verdicts(outputs):
    with reading.browser() as opened:
        page = opened.new_page()
        page.goto((outputs / "index.html").as_uri())
        rows = [row.split("\t") for row in page.locator("tbody tr").all_inner_texts()]
        assert rows == [
            ["October 2026", "1 November 2026", "2", "0", "1"],
            ["October 2026", "16 October 2026", "0", "0", "1"],
            [
                f"September 2026\n{FAILED}",
                "1 October 2026",
                "1",
                "1",
                "0",
            ],
        ]
        page.click("text=September 2026")
        assert page.inner_text("body").startswith("the report")
        assert reading.problems(opened, outputs / "index.html") == []


def test_latest_leads_to_the_newest_and_follows_it(outputs):
    assert (outputs / "latest").resolve() == (outputs / "2026-10").resolve()
    published.withdraw(outputs, "2026-10")
    show_all(outputs, TERMS)
    assert (outputs / "latest").resolve() == (outputs / "2026-10-asof-2026-10-16").resolve()


@pytest.mark.parametrize(("units", "newest"), [(["2026-09", "2026-12"], "2026-09"), (["2026-12"], "2026-12")])
def test_latest_leads_to_a_plan_only_where_there_is_no_other_report(tmp_path, units, newest):
    for unit in units:
        publish(tmp_path, unit)
    show_all(tmp_path, TERMS)
    assert (tmp_path / "latest").resolve() == (tmp_path / newest).resolve()


def test_each_page_leads_to_its_like_in_the_reports_around_it(outputs):
    assert around(outputs, "2026-10", "figures.html")[1] == ["../2026-10-asof-2026-10-16/figures.html"]
    assert around(outputs, "2026-10-asof-2026-10-16", "figures.html")[1] == [
        "../2026-09/index.html",  # which has no such page
        "../2026-10/figures.html",
    ]


def test_each_report_names_those_around_it_and_what_makes_it_old(outputs):
    assert around(outputs, "2026-09") == (
        [
            FAILED,
            "After: October 2026 (as of 16 October 2026)",
        ],
        ["../2026-10-asof-2026-10-16/index.html"],
    )
    assert around(outputs, "2026-10-asof-2026-10-16") == (
        [
            "A later report of this period is there.",
            "Before: September 2026 (as of 1 October 2026)",
            "After: October 2026 (as of 1 November 2026)",
        ],
        ["../2026-09/index.html", "../2026-10/index.html"],
    )
    due = "The next report, of November 2026, is due on 1 December 2026."
    before = "Before: October 2026 (as of 16 October 2026)"
    assert around(outputs, "2026-10")[0] == [due, before]
    assert (outputs / "2026-10-with-quota-1/index.html").read_text() == AROUND


def test_what_is_said_of_them_follows_what_is_published(outputs):
    fail(outputs, "2026-11")
    fail(outputs, "2026-Q4")  # no report of a quarter goes before it
    show_all(outputs, TERMS)
    lost = "The run of November 2026 failed on 1 December 2026; this is the last report there is."
    assert around(outputs, "2026-10")[0][0] == lost
    publish(outputs, "2026-12")  # a plan comes after it and makes nothing old
    show_all(outputs, TERMS)
    assert around(outputs, "2026-10")[0][0] == lost
    assert around(outputs, "2026-12")[0] == ["Before: October 2026 (as of 1 November 2026)"]
    published.withdraw(outputs, "2026-12")
    published.withdraw(outputs, "2026-11-failed")
    published.withdraw(outputs, "2026-10-asof-2026-10-16")
    show_all(outputs, TERMS)
    before = "Before: September 2026 (as of 1 October 2026)"
    assert around(outputs, "2026-10")[0][1:] == [before]
    assert around(outputs, "2026-09")[1] == ["../2026-10/index.html"]
    published.withdraw(outputs, "2026-10")
    publish(outputs, "2026-10-asof-2026-10-16")
    show_all(outputs, TERMS)
    interim = around(outputs, "2026-10-asof-2026-10-16")[0]
    assert interim[0] == "The next report, of October 2026, is due on 1 November 2026."


def test_a_folder_of_ones_own_called_latest_stays(tmp_path):
    (tmp_path / "latest").mkdir()
    publish(tmp_path, "2026-10")
    show_all(tmp_path, TERMS)
    assert not (tmp_path / "latest").is_symlink()


def test_where_nothing_is_published_nothing_is_listed(tmp_path):
    (tmp_path / published.RUNS).mkdir()
    show_all(tmp_path, TERMS)
    assert not (tmp_path / "index.html").exists()
