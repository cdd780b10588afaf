"""report.xlsx: worked out again by another engine, with the report's numbers and with a reader's."""

from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest

from slanb import goals
from slanb.dictionary.wording import Wording
from slanb.publish.first_page import Chapter
from slanb.publish.report_data import MIME, ReportData
from slanb.publish.workbook import workbook
from slanb.terms import load_terms
from slanb.terms.goals import goals_of, whole_leads
from tests.small import TIERED, agreement
from tests.test_what_if import SEGMENTED
from tests.tiny import figure
from tests.workbooks import names, recomputed, written

ROOT = Path(__file__).parents[1]
WHOLE = "plan: {quota: 5000, marketing_share: 0.6, deal_size: 70, close_rate: 0.3}\n"
NOTHING = "plan: {quota: 0, marketing_share: 0.6, deal_size: 70, close_rate: 0.3}\n"


def book_of(path, *chapters, words=None):
    made = workbook(
        chapters,
        title="Agreement",
        standing=["As of now."],
        created=pd.Timestamp("2026-11-01", tz="UTC"),
        words=words or Wording(),
    )
    path.write_bytes(made)
    return path


def chapter_of(*figures, **sheets):
    """What a notebook hands to the report, as the report reads it."""
    data = ReportData(figures, words=Wording(), sheets=sheets)._repr_mimebundle_()[MIME]
    return Chapter(name="01-set-goals", title="Goals", figures=data["figures"], sheets=data["sheets"])


def planned(terms, period):
    """The goals' own part of a report; the records play no part here."""
    case = SimpleNamespace(
        goals=goals_of(terms, terms.parse(period)),
        plan=terms.plan(terms.parse(period) if "Q" not in period else terms.parse("2026-07")),
        days=range(30),
        certainty=SimpleNamespace(figures=list),
    )
    return chapter_of(*goals.figures(case, pd.DataFrame(), None), plan=goals.to_recompute(case))


@pytest.fixture(scope="module")
def plans(tmp_path_factory):
    def small(name, plan):
        return agreement(tmp_path_factory.mktemp(name), plan), "2026-06"

    sample = load_terms(ROOT / "params/agreement.yml")
    return {
        "sample": (sample, "2026-10"),
        "quarter": (sample, "2026-Q3"),
        "without tiers": small("whole", WHOLE),
        "segments": small("segments", SEGMENTED),
        "nothing asked": small("nothing", NOTHING),
    }


@pytest.mark.parametrize("name", ["sample", "quarter", "without tiers", "segments", "nothing asked"])
def test_another_engine_comes_to_the_reports_goals_and_with_another_quota_to_pythons(plans, tmp_path, name):
    terms, period = plans[name]
    path = book_of(tmp_path / "report.xlsx", chapter := planned(terms, period))
    as_published = recomputed(path)
    for place, value in written(path).items():
        assert as_published[place] == pytest.approx(value, rel=1e-12), place
    for each in chapter.figures:
        assert as_published[each["id"]] == pytest.approx(each["value"], rel=1e-12), each["id"]
    quota = 456_789.0
    total = goals_of(terms, terms.parse(period), {"quota": quota}).total
    moved = recomputed(path, **{"plan.quota": quota})
    for key in ("leads", "customers", "marketing_goal", "sales_goal", "deal_size", "close_rate"):
        assert moved[f"plan.{key}"] == pytest.approx(total[key], rel=1e-12), key
    assert moved["plan.value"] == pytest.approx(total["value_goal"], rel=1e-12)
    assert moved["plan.leads_whole"] == whole_leads(total["leads"])
    assert moved["plan.daily"] == pytest.approx(total["leads"] / 30, rel=1e-12)


def test_a_tiers_numbers_changed_in_the_sheet_are_those_of_a_what_if(tmp_path):
    terms = agreement(tmp_path, TIERED)
    path = book_of(tmp_path / "report.xlsx", planned(terms, "2026-06"))
    sheet = openpyxl.load_workbook(path)["Plan"]
    row = next(cell.row for cell in sheet["B"] if cell.value == "B")
    rate, size = (f"Plan!{column}{row}" for column in "IG")
    moved = recomputed(path, **{rate: 0.2, size: 350.0, "plan.quota": 7000.0})
    changes = {"quota": 7000.0, "tiers": {"B": {"close_rate": 0.2, "deal_size": 350.0}}}
    total = goals_of(terms, terms.parse("2026-06"), changes).total
    for key, column in {"leads": "leads", "close_rate": "close_rate", "value": "value_goal"}.items():
        assert moved[f"plan.{key}"] == pytest.approx(total[column], rel=1e-12)


def test_tracked_rates_are_worked_out_and_what_the_report_does_not_know_stays_empty(tmp_path):
    speed = pd.DataFrame(
        {
            "period": ["2026-09", "2026-10"],
            "leads": [0, 10],
            "kept": [0, 6],
            "missed": [0, 2],
            "pending": [0, 2],
            "in_time": [float("nan"), 0.75],
            "goal_share": [float("nan"), 0.9],
            "never": [0, 1],
            "never_share": [float("nan"), 0.125],
            "touched": [0, 7],
        }
    ).assign(mean_hours=1.5, median_hours=2.25, p90_hours=float("nan"))
    path = book_of(tmp_path / "report.xlsx", chapter_of(speed=speed))
    assert written(path) == {"Speed!F6": 0.75, "Speed!I6": 0.125}
    assert recomputed(path, **{"Speed!C6": 3.0})["Speed!F6"] == 0.6
    assert openpyxl.load_workbook(path)["Speed"]["F5"].value is None


LIVE = ["=1+1", "@SUM(A1)", "+1", "-1+1", '=HYPERLINK("http://x")', "http://example.org", "12", "{=1}"]


def test_no_text_of_the_records_is_a_formula_a_link_or_a_number(tmp_path):
    cards = [
        {
            "clause": "leads",
            "label": text,
            "trend": [{"span": text, "value": 1, "target": 2, "verdict": "kept", "reached": 0.5}],
        }
        for text in LIVE
    ]
    judged = Chapter(
        name="06-review",
        title="Review",
        figures=[figure("clause.leads", note=LIVE[0]), *(figure(f"tier.{text}.lead_value") for text in LIVE)],
        scorecard={"sides": [{"title": "Marketing", "cards": cards}]},
    )
    book = openpyxl.load_workbook(book_of(tmp_path / "report.xlsx", judged))
    formulas = [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    assert {cell.value for cell in formulas} == {f'=IFERROR(C{row} / D{row},"")' for row in range(5, 13)}
    cells = [book["Promises"][f"A{row}"] for row in range(5, 13)]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [
        (text, "s", True) for text in LIVE
    ]
    assert not any(cell.hyperlink for sheet in book for row in sheet for cell in row)


def test_money_is_in_the_agreements_currency_and_notes_say_what_a_number_rests_on(tmp_path):
    told = figure("closing.revenue", 1234.0, unit="money", n=7, formula="what closed", clock="closing")
    words = Wording("de", "JPY")
    path = book_of(tmp_path / "report.xlsx", Chapter(name="02", title="x", figures=[told]), words=words)
    numbers = words.say("publish.sheet_numbers")
    cell = openpyxl.load_workbook(path)[numbers]["B5"]
    assert cell.number_format == "#,##0 [$¥]"
    assert cell.comment.text.startswith(f"what closed\nn = 7\n{words.say('publish.clock_closing')}")
    assert names(path) == {"closing.revenue": f"{numbers}!B5"}
