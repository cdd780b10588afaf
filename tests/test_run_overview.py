"""`outputs/index.html` lists the reports, the newest first, and `outputs/latest` leads to the newest."""

import json

import pytest

from slanb.dictionary.wording import Wording
from slanb.run import published
from slanb.run.overview import show_all
from tests import reading

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
    (folder / "index.html").write_text("the report")
    published.show(folder, outputs, unit)


@pytest.fixture
def outputs(tmp_path):
    for unit in MONTHS:
        publish(tmp_path, unit)
    failed = published.new_folder(tmp_path, "2026-09-failed")
    (failed / "run.json").write_text("{}")
    published.show(failed, tmp_path, "2026-09-failed")
    show_all(tmp_path, words=Wording(), zone="Europe/Berlin")
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
                "September 2026\nA later run failed; this is the report before it.",
                "1 October 2026",
                "1",
                "1",
                "0",
            ],
        ]
        page.click("text=September 2026")
        assert page.inner_text("body") == "the report"
        assert reading.problems(opened, outputs / "index.html") == []


def test_latest_leads_to_the_newest_and_follows_it(outputs):
    assert (outputs / "latest").resolve() == (outputs / "2026-10").resolve()
    published.withdraw(outputs, "2026-10")
    show_all(outputs, words=Wording(), zone="Europe/Berlin")
    assert (outputs / "latest").resolve() == (outputs / "2026-10-asof-2026-10-16").resolve()


@pytest.mark.parametrize(("units", "newest"), [(["2026-09", "2026-12"], "2026-09"), (["2026-12"], "2026-12")])
def test_latest_leads_to_a_plan_only_where_there_is_no_other_report(tmp_path, units, newest):
    for unit in units:
        publish(tmp_path, unit)
    show_all(tmp_path, words=Wording(), zone="Europe/Berlin")
    assert (tmp_path / "latest").resolve() == (tmp_path / newest).resolve()


def test_a_folder_of_ones_own_called_latest_stays(tmp_path):
    (tmp_path / "latest").mkdir()
    publish(tmp_path, "2026-10")
    show_all(tmp_path, words=Wording(), zone="Europe/Berlin")
    assert not (tmp_path / "latest").is_symlink()


def test_where_nothing_is_published_nothing_is_listed(tmp_path):
    (tmp_path / published.RUNS).mkdir()
    show_all(tmp_path, words=Wording(), zone="Europe/Berlin")
    assert not (tmp_path / "index.html").exists()
