"""What pages say of a company's own periods, of weeks, and of a year that begins in July."""

from functools import cache

import pandas as pd
import pytest

from slanb import marketing
from slanb import periods as p
from slanb.dictionary.wording import Wording
from slanb.explore import Suggested
from slanb.facts.period import PeriodFacts
from slanb.goals import ahead, by_part, phase
from slanb.open_period import Page
from slanb.recalculation.gap import gap, gap_notes
from slanb.run.job import asof_suffix
from slanb.scorecard import review
from slanb.scorecard.spans import span_label
from slanb.terms.adoption import adopt, last_with_parameters
from tests.small import company
from tests.test_own_periods import LONG, RETAIL, TABLED, THIRTEEN, TWELVE, terms_of

WEEKLY = RETAIL.replace("measure: month", "measure: week")
JULY = "measure: month\nyear_begins: 7"
# Two leads a day from Sunday 5 January 2025 on; each tenth is won 20 days later.
DAYS = pd.date_range("2025-01-05", "2026-05-30", freq="12h")
LEADS = [(day, "marketing", "A", 20 if n % 10 == 0 else None, 100) for n, day in enumerate(DAYS)]


RECORDS = cache(lambda: company(LEADS, as_of="2026-05-31"))


def case_of(folder, stated, period):
    terms = terms_of(folder, stated)
    return PeriodFacts(RECORDS(), terms, terms.parse(period))


@pytest.mark.parametrize(
    ("stated", "period", "days", "weeks", "before"),
    [
        (RETAIL, "FY2026-P03", 35, 5, ["FY2026-P01", "FY2026-P02"]),  # weeks from Sunday
        (RETAIL, "FY2026-P02", 28, 4, ["FY2025-P12", "FY2026-P01"]),
        (RETAIL, "FY2026-Q1", 91, 13, ["FY2025-Q3", "FY2025-Q4"]),
        (WEEKLY, "FY2026-W01", 7, 1, ["FY2025-W51", "FY2025-W52"]),
        ("measure: week", "2026-Q1", 91, 13, ["2025-Q3", "2025-Q4"]),
        (JULY, "FY2026-Q3", 90, 14, ["FY2026-Q1", "FY2026-Q2"]),  # the first one from a Thursday
    ],
)
def test_every_count_is_of_the_periods_own_days(tmp_path, stated, period, days, weeks, before):
    case = case_of(tmp_path, stated, period)
    assert len(case.days) == days
    assert [p.label(span) for span in case.trailing[-3:-1]] == before
    assert case.delivered.iloc[-1][["period", "leads"]].tolist() == [period, 2 * days]
    assert case.tracked.iloc[-1]["leads"] == 2 * days
    assert case.follow_up.promises["period"].iloc[-1] == p.label(case.spans[-1])
    assert len(marketing.weeks(case)) == weeks
    line = marketing.waterfall(case)
    assert (len(line), line["actual"].iloc[-1]) == (days, 2 * days)
    assert line["straight"].iloc[-1] == line["profile"].iloc[-1] == pytest.approx(case.goals.total["leads"])
    judged = review(case).cards[0].last  # of the agreement's measure
    assert span_label(judged.span) == p.label(case.spans[-1])
    assert (judged.value, judged.aim.at_least) == (2 * len(p.days_of(judged.span)), 100)


@pytest.mark.parametrize(
    ("stated", "period", "n", "last"),
    [
        (RETAIL, "FY2026-P03", 12, "FY2027-P02"),
        (RETAIL.replace("measure: month", "measure: quarter"), "FY2026-Q1", 4, "FY2026-Q4"),
        (WEEKLY, "FY2026-W10", 52, "FY2027-W09"),
        (JULY, "2026-04", 12, "2027-03"),
    ],
)
def test_a_year_ahead_is_of_as_many_periods_as_the_year(tmp_path, stated, period, n, last):
    table = ahead(case_of(tmp_path, stated, period))
    assert len(table) == n + 1
    assert table["leads"].iloc[-1] == pytest.approx(100 * n)
    assert table["part"].iloc[-2].fields["period"] == last


@pytest.mark.parametrize(
    ("stated", "period", "months"),
    [
        (RETAIL, "FY2026-P03", ["FY2026-P03", "FY2026-P04"]),
        (WEEKLY, "FY2026-W10", ["FY2026-P03", "FY2026-P04"]),
        ("measure: week", "2026-W16", ["2026-04", "2026-05"]),
    ],
)
def test_what_pays_when_is_told_by_the_companys_months_or_the_calendars(tmp_path, stated, period, months):
    case = case_of(tmp_path, stated, period)
    table = phase(case)
    assert table["period"].tolist()[:2] == months
    each = [p.parse_period(month, case.terms.agreement.years if "P" in month else 1) for month in months]
    weekly = case.terms.agreement.measure == "week"
    goals = [100 * len(p.days_of(month)) / 7 if weekly else 100 for month in each]
    assert table["plain_leads"].tolist()[:2] == pytest.approx(goals)


@pytest.mark.parametrize(
    ("stated", "period", "goal"),
    [
        (RETAIL, "FY2026-P03", 5000),
        (WEEKLY, "FY2026-W10", 5000),
        ("measure: week", "2026-Q1", 13 * 5000),
    ],
)
def test_the_gap_adds_up_over_the_months_or_weeks_that_fed_it(tmp_path, stated, period, goal):
    """A tenth of the leads buys where half was promised, as soon as ever, at the promised deal size."""
    case = case_of(tmp_path, stated, period)
    parts = gap(case).set_index("key")["amount"]
    assert parts.sum() == pytest.approx(case.tracked.iloc[-1]["all_revenue"] - goal)
    assert parts[["volume", "close_rate"]].max() < -0.2 * goal
    assert parts[["plan_months", "mix", "deal_size"]].tolist() == pytest.approx([0, 0, 0])
    assert parts["timing"] == pytest.approx(0, abs=0.07 * goal)  # a win more or less in a week
    assert Wording().say(gap_notes(case, gap(case))[0]).endswith(" in it, which is marketing's goal.")


@pytest.mark.parametrize(
    ("stated", "period", "n", "first", "leads"),
    [
        ("measure: week", "2026-W16", 52, "2025-W17", 14),  # of a year, not of twelve weeks
        (RETAIL, "FY2026-P03", 12, "FY2025-P04", 56),
        (RETAIL, "FY2026-P08", 12, "FY2025-P05", 56),  # to come: those on record, none of them 0
    ],
)
def test_the_bench_looks_back_on_a_year_of_periods_on_record(tmp_path, stated, period, n, first, leads):
    came = Suggested(case_of(tmp_path, stated, period)).arrivals
    assert (len(came), came.index[0], came.iloc[0, 0], came.min().min() > 0) == (n, first, leads, True)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (TWELVE, ["Periods before it are taken to be as long as those of FY2026, its first year."]),
        (THIRTEEN, []),  # listed from before the first lead on
        (RETAIL, []),
    ],
)
def test_what_periods_before_the_table_are_taken_for_is_said(tmp_path, table, said):
    terms = terms_of(tmp_path, table, TABLED if table is TWELVE else LONG)
    page = Page(RECORDS(), terms, terms.parse("FY2026-P03"), {}, None)
    lines = [Wording().say(line) for line in page.lines]
    assert [line.partition(". ")[2] for line in lines if "table of periods" in line] == said


# -- files, names, parameters


@pytest.mark.parametrize(
    ("stated", "names", "period", "quota", "adopted"),
    [
        (RETAIL, ("FY2026", "FY2026_Q1", "FY2026_P03"), "FY2026-P04", 5001, "FY2026-P04"),
        (RETAIL, ("FY2026", "FY2026_Q1", "FY2026_P03"), "FY2026-P03", 5003, "FY2026-P03"),
        (WEEKLY, ("FY2026", "FY2026_P03", "FY2026_W09"), "FY2026-W09", 5003, "FY2026-W09"),
        (WEEKLY, ("FY2026", "FY2026_P03", "FY2026_W09"), "FY2026-W10", 5002, "FY2026-W10"),
        ("measure: week", ("2026", "2026_Q1", "2026_W09"), "2026-W10", 5002, "2026-W10"),
        (JULY, ("FY2027", "FY2027_Q1", "2026_07"), "2026-07", 5003, "2026-07"),
        (JULY, ("FY2027", "FY2027_Q1", "2026_07"), "2026-08", 5002, "2026-08"),
        (JULY, ("FY2027", "FY2027_Q1", "2026_07"), "2026-10", 5001, "2026-10"),
        (JULY.replace("month", "quarter"), ("FY2027", "FY2027_Q1"), "FY2027-Q1", 5002, "FY2027-Q1"),
    ],
)
def test_files_of_periods_hold_where_they_lie_and_proposals_are_adopted(
    tmp_path, stated, names, period, quota, adopted
):
    files = {name: f"quota: {5001 + place}\n" for place, name in enumerate(names)}
    terms = terms_of(tmp_path, stated, **files)
    assert terms.plan(terms.parse(period)).quota == quota
    assert p.label(last_with_parameters(terms)) == names[-1].replace("_", "-")
    report = tmp_path / "outputs" / "any"
    report.mkdir(parents=True)
    (report / f"proposed-{adopted}.yml").write_text("close_rate: 0.25\n")
    made = adopt(adopted, str(tmp_path / "agreement.yml"), outputs=tmp_path / "outputs", replace=True)
    assert (made.place.name, made.changes[-1]) in {
        (f"{adopted}.yml", "close_rate: 0.5 -> 0.25"),
        (f"{adopted}.yml", f"quota: {quota} -> {quota - 1}"),
    }


@pytest.mark.parametrize(
    ("written", "long", "tick"),
    [
        ("FY2027-P03", "P3 FY2027", "P3\nFY2027"),
        ("2026-W45", "W45 2026", "W45\n2026"),
        ("FY2027-W09", "W9 FY2027", "W9\nFY2027"),
        ("FY2027-Q1", "Q1 FY2027", "Q1\nFY2027"),
    ],
)
def test_a_period_is_named_by_its_number_and_year(written, long, tick):
    words = Wording("en_GB")
    assert (words.period(written), words.tick(written, year=True)) == (long, tick)


def test_a_report_is_named_by_its_period_and_clock(tmp_path):
    terms = terms_of(tmp_path, RETAIL)
    third = terms.parse("FY2026-P03")
    assert asof_suffix(third, None, "UTC") == ""
    assert asof_suffix(third, "2026-04-12", "UTC") == "-asof-2026-04-12"
    assert [p.label(each) for each in p.parse_range("FY2025-P11..FY2026-P01", terms.agreement.years)] == [
        "FY2025-P11", "FY2025-P12", "FY2026-P01",
    ]  # fmt: skip
    assert p.label(terms.span(pd.Timestamp("2026-05-03")) - 1) == "FY2026-P03"  # the latest that has ended
    assert [p.label(each) for each in p.containing(third, terms.agreement.years)] == [
        "FY2026-P03", "FY2026-Q1", "FY2026",
    ]  # fmt: skip


def test_the_goals_page_shows_the_quarter_and_year_around_it(tmp_path):
    rows = by_part(case_of(tmp_path, RETAIL, "FY2026-P03"))
    assert rows["period"].tolist()[-3:] == ["FY2026-P03", "FY2026-Q1", "FY2026"]
    assert rows["leads"].tolist()[-3:] == pytest.approx([100, 300, 1200])
