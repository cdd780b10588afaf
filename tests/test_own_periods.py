"""A company's own periods: patterns, tables and ISO weeks tile the years, and goals add up in them."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slanb import periods as p
from slanb.errors import SlanbError
from slanb.period_tables import ISO_WEEKS, PeriodTable
from slanb.terms import load_terms
from slanb.terms.goals import goals_in, goals_of
from slanb.terms.phrases import Phrases
from slanb.terms.targets import due_on, targets_of
from tests.small import GUIDE, HEAD

RETAIL = "measure: month\nperiods: {pattern: 4-4-5, begins: 2026-02-01, year: 2026}"
LONG = HEAD.replace("2026-01-01", "2022-01-01").replace("2026-12-31", "2029-12-31")


def terms_of(folder, stated, head=LONG, **files):
    """The small agreement with its measure and periods, and files of periods beside it."""
    (folder / "agreement.yml").write_text(head.replace("measure: month", stated) + GUIDE)
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.yml").write_text(text)
    return load_terms(folder / "agreement.yml")


def listed(first: date, lengths: list[int], year: int = 2026, each: int = 12) -> str:
    """A table of periods of so many days, `each` of them a year."""
    rows = []
    for place, days in enumerate(lengths):
        last = first + timedelta(days=days - 1)
        label = f"FY{year + place // each}-P{place % each + 1:02}"
        rows.append(f"    - {{period: {label}, begins: {first}, ends: {last}}}")
        first = last + timedelta(days=1)
    return "measure: month\nperiods:\n  table:\n" + "\n".join(rows)


THIRTEEN = listed(date(2022, 1, 1), [28] * 12 + [29] + [28] * 13 * 8, 2022, 13)


# -- how years are cut

patterns = st.builds(
    PeriodTable,
    begins=st.dates(date(2015, 1, 1), date(2035, 12, 31)).filter(
        lambda day: not 4 < (day - timedelta(days=1)).day < 26
    ),
    year=st.just(2027),
    last_weekday=st.just(False),
    pattern=st.sampled_from([(4, 4, 5), (4, 5, 4), (5, 4, 4), ()]),
)
lists = st.lists(st.integers(20, 40), min_size=4, max_size=13).map(
    lambda lengths: PeriodTable(
        date(2026, 1, 5),
        2026,
        listed=(
            (
                2026,
                tuple(date(2026, 1, 5) + timedelta(days=sum(lengths[:n])) for n in range(len(lengths) + 1)),
            ),
        ),
    )
)


@settings(max_examples=60, deadline=None)
@given(table=st.one_of(patterns, lists, st.just(ISO_WEEKS)), year=st.integers(2018, 2034))
def test_in_any_calendar_the_periods_of_each_length_tile_the_year(table, year):
    whole = table.period("year", year)
    assert table.period("year", year + 1).start_time == whole.end_time + pd.Timedelta(microseconds=1)
    for measure in table.measures:
        spans = p.spans_of(whole, measure)
        days = [day for span in spans for day in p.days_of(span)]
        assert days == list(p.days_of(whole))  # no gap, no day twice
        assert all(p.like(span, span.end_time) == span for span in spans)
        assert year != table.year or [p.parse_period(span.label, table) for span in spans] == spans
        assert [after - 1 for after in spans[1:]] == spans[:-1]
    assert len(p.spans_of(whole, "quarter")) == 4


def test_iso_weeks_are_those_of_the_standard():
    for day in pd.date_range("1999-12-20", "2041-01-10", freq="3D"):
        year, week, _ = day.isocalendar()
        assert p.label(p.holding(day, "week", ISO_WEEKS)) == f"{year}-W{week:02}"


@pytest.mark.parametrize(
    ("stated", "years"),
    [
        # the National Retail Federation's years, of which 2017 and 2023 have 53 weeks
        (
            "{pattern: 4-5-4, begins: 2026-02-01, year: 2026}",
            {2017: "2017-01-29", 2018: "2018-02-04"},
        ),
        ("{pattern: 4-4-5, begins: 2026-06-28}", {2027: "2026-06-28", 2028: "2027-07-04"}),
        ("{pattern: 4-4-5, begins: 2026-06-28, year_ends: last}", {2027: "2026-06-28", 2028: "2027-06-27"}),
    ],
)
def test_years_of_a_pattern_begin_when_its_rule_says(tmp_path, stated, years):
    terms = terms_of(tmp_path, f"measure: month\nperiods: {stated}")
    begins = {year: str(terms.agreement.years.period("year", year).start_time.date()) for year in years}
    assert begins == years


@pytest.mark.parametrize(
    ("measure", "written", "allowed"),
    [
        (
            "month",
            "2026-10",
            "a week (FY2026-W01), a period (FY2026-P01), a quarter (FY2026-Q1), a year (FY2026)",
        ),
        ("month", "FY2026-P13", "a period (FY2026-P01)"),
        ("month", "FY2026-P3", "a period (FY2026-P01)"),
        ("month", "FY2026-W09", "measures by the month: give a month or longer"),
        ("week", "FY2026-W54", "a week (FY2026-W01)"),
    ],
)
def test_what_is_no_period_is_refused_with_those_there_are(tmp_path, measure, written, allowed):
    terms = terms_of(tmp_path, RETAIL.replace("measure: month", f"measure: {measure}"))
    with pytest.raises(SlanbError) as error:
        goals_of(terms, terms.parse(written))
    assert allowed in str(error.value)


# -- goals


@pytest.mark.parametrize(
    ("stated", "year", "n"),
    [
        (RETAIL, "FY2026", 12),
        (RETAIL.replace("year: 2026", "year: 2026, quota: by_weeks"), "FY2026", 12),
        (RETAIL.replace("year: 2026", "year: 2026, quota: by_weeks"), "FY2023", 12),  # of 53 weeks
        (RETAIL.replace("measure: month", "measure: week"), "FY2026", 52),
        (RETAIL.replace("measure: month", "measure: quarter"), "FY2026", 4),
        ("measure: week", "2026", 53),
        ("measure: week", "2027", 52),
        (THIRTEEN, "FY2022", 13),
    ],
)
def test_goals_by_period_add_up_to_the_years(tmp_path, stated, year, n):
    terms = terms_of(tmp_path, stated)
    whole, measure = terms.parse(year), terms.agreement.measure
    assert goals_of(terms, whole).total["leads"] == pytest.approx(100 * n)
    for longer in terms.agreement.years.measures:
        if p.GRAINS.index(longer) >= p.GRAINS.index(measure):
            leads = [goals_of(terms, span).total["leads"] for span in p.spans_of(whole, longer)]
            assert sum(leads) == pytest.approx(100 * n)
    # the months of the models, the calendar's too, share the days' goals out without a rest
    months = p.between(p.months_of(whole)[0] - 2, p.months_of(whole)[-1] + 2)
    shared = [(span, share) for month in months for span, share in terms.spans_in(month)]
    for span in p.spans_of(whole, measure):
        assert sum(share for each, share in shared if each == span) == pytest.approx(1)
    assert goals_in(terms, months[3]).total["close_rate"] == pytest.approx(0.5)


def test_a_longer_period_has_more_of_the_quota_where_that_is_agreed_and_a_file_its_own(tmp_path):
    stated = RETAIL.replace("year: 2026", "year: 2026, quota: by_weeks")
    terms = terms_of(tmp_path, stated, FY2026_P02="quota: 7000\n", FY2026_Q2="quota: 10400\n")
    quotas = [terms.plan(span).quota for span in p.spans_of(terms.parse("FY2026"), "month")[:6]]
    assert quotas == pytest.approx([5000 * 48 / 52, 7000, 5000 * 60 / 52, 9600, 9600, 12000])
    assert goals_of(terms, terms.parse("FY2026-P03"), {"quota": 8000}).total["quota"] == 8000


@pytest.mark.parametrize(
    ("period", "day", "due"),
    [
        ("FY2026-P03", 31, "2026-05-02"),  # 35 days; 31 is the last
        ("FY2026-P03", None, "2026-05-02"),
        ("FY2026-P03", 10, "2026-04-07"),
        ("FY2026-P01", 30, "2026-02-28"),
        ("FY2026-Q1", 10, "2026-04-07"),
        ("FY2026-W02", 3, "2026-02-14"),
    ],
)
def test_the_promised_day_is_counted_in_the_companys_period(tmp_path, period, day, due):
    assert str(due_on(terms_of(tmp_path, RETAIL).parse(period), day=day).date()) == due


@pytest.mark.parametrize(
    ("stated", "period", "day", "said"),
    [
        (RETAIL, "FY2026-P03", 31, "by the last day of the period, every period"),
        (RETAIL, "FY2026-P03", 10, "by day 10 of the period, every period"),
        ("measure: week", "2026-W10", 10, "by the last day of the week, every month"),
        ("measure: month", "2026-03", 31, "by the last day of the month, every month"),
    ],
)
def test_days_and_cadences_are_said_in_the_companys_measure(tmp_path, stated, period, day, said):
    head = LONG.replace("figure: marketing.leads}", f"figure: marketing.leads, due_day: {day}}}")
    terms = terms_of(tmp_path, stated, head)
    say, phrases = terms.wording().say, Phrases(targets_of(terms, terms.parse(period)))
    due = phrases.due(phrases.agreement.clause("leads"))
    assert f"{say(due)}, {say(phrases.often('monthly'))}" == said


# -- mistakes, with file and line

OK = [28, 28, 35] * 4
TABLED = HEAD.replace("2026-12-31", "2026-11-30")


def broken(old: str, new: str) -> str:
    table = listed(date(2026, 1, 1), OK)
    assert old in table
    return table.replace(old, new)


TWELVE = listed(date(2026, 1, 1), OK)
PATTERN = "measure: month\nperiods: {pattern: 4-4-5"
MISTAKES = {
    "12: periods.table[3].begins is \"2026-02-27\", but 2026-02-26 is expected, as it leaves a gap after":
        broken("begins: 2026-02-26", "begins: 2026-02-27"),
    "as it overlaps FY2026-P02": broken("begins: 2026-02-26", "begins: 2026-02-20"),
    "the agreement begins on 2026-01-01: list": broken("begins: 2026-01-01", "begins: 2026-01-02"),
    "\"FY2026-P05\", but FY2026-P04 or FY2027-P01 is expected": broken("FY2026-P04", "FY2026-P05"),
    "\"April\", but FY2026-P04 or FY2027-P01 is expected": broken("FY2026-P04", "April"),
    "a first period, as FY2027-P01, is expected": broken("FY2026-P01", "FY2026-P03"),
    "the agreement ends on 2026-11-30: list the periods until then": listed(date(2026, 1, 1), OK[:11]),
    "list it to its end": listed(date(2026, 1, 1), [*OK, 28, 28]),
    "the table says it all": TWELVE.replace("periods:", "periods:\n  year: 2026"),
    "the year begins: leave it out": f"year_begins: 7\n{PATTERN}, begins: 2026-02-01}}",
    "periods.begins: it is needed": f"{PATTERN}}}",
    "within three days of a month's end is expected": f"{PATTERN}, begins: 2026-02-15}}",
    "the last such weekday of a month is expected": f"{PATTERN}, begins: 2026-02-05, year_ends: last}}",
    "one of month, quarter, year": listed(date(2026, 1, 1), [30] * 12).replace(": month", ": week"),
}  # fmt: skip


@pytest.mark.parametrize("says", MISTAKES)
def test_a_mistake_in_the_periods_is_told_with_file_and_line(tmp_path, says):
    with pytest.raises(SlanbError) as error:
        terms_of(tmp_path, MISTAKES[says], TABLED)
    assert says in str(error.value)
    assert "agreement.yml, line" in str(error.value)


def test_a_clause_by_the_month_is_refused_where_there_are_only_weeks(tmp_path):
    head = LONG.replace("figure: marketing.leads}", "figure: marketing.leads, grain: month}")
    with pytest.raises(SlanbError, match=r"weeks do not add up to months; or state `periods:`"):
        terms_of(tmp_path, "measure: week", head)


def test_periods_end_with_their_table(tmp_path):
    terms = terms_of(
        tmp_path, listed(date(2026, 1, 1), OK), HEAD.replace("effective_until: 2026-12-31\n", "")
    )
    last = terms.parse("FY2026-P12")
    assert terms.is_in_force(last)
    assert not terms.is_in_force(last + 1)
    with pytest.raises(SlanbError, match="lists FY2026 to FY2026: add the year's periods"):
        terms.parse("FY2027-P01")


def test_a_file_of_another_calendars_period_is_told_which_names_there_are(tmp_path):
    with pytest.raises(
        SlanbError, match=r"2026-10.yml: the name of a period's file is FY2021-P12.yml, FY2021-Q4"
    ):
        terms_of(tmp_path, RETAIL, **{"2026_10": "quota: 1\n"})
