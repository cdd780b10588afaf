"""Labels, spans and instants, with leap days and clock changes as first-class cases."""

import datetime as dt
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slanb import periods as p
from slanb.errors import SlanbError

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
HOUR = pd.Timedelta(hours=1)

years = st.integers(1900, 2199)
labels = st.one_of(
    st.builds("{}-{:02}".format, years, st.integers(1, 12)),
    st.builds("{}-Q{}".format, years, st.integers(1, 4)),
    years.map(str),
)
recent_labels = st.one_of(
    st.builds("{}-{:02}".format, st.integers(2005, 2045), st.integers(1, 12)),
    st.integers(2005, 2045).map(str),
)
zones = st.sampled_from(
    [BERLIN, NEW_YORK, "UTC", "America/Sao_Paulo", "America/Havana", "Asia/Kathmandu", "Pacific/Apia"]
)


def utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


# --- labels


@pytest.mark.parametrize(
    ("text", "grain", "first_day", "last_day"),
    [
        ("2026-10", "month", "2026-10-01", "2026-10-31"),
        ("2028-02", "month", "2028-02-01", "2028-02-29"),
        ("2100-02", "month", "2100-02-01", "2100-02-28"),  # no leap year
        ("2026-Q1", "quarter", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "quarter", "2026-10-01", "2026-12-31"),
        ("2026", "year", "2026-01-01", "2026-12-31"),
        (2026, "year", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_label_names_its_days(text, grain, first_day, last_day):
    period = p.parse_period(text)
    days = p.days_of(period)
    assert p.grain(period) == grain
    assert p.label(period) == str(text)
    assert (str(days[0].date()), str(days[-1].date())) == (first_day, last_day)
    assert days.tz is None
    assert len(days) == (pd.Timestamp(last_day) - pd.Timestamp(first_day)).days + 1


@given(labels)
def test_a_label_read_and_written_is_the_same(text):
    assert p.label(p.parse_period(text)) == text


@given(labels)
def test_previous_and_next_touch_the_period(text):
    period = p.parse_period(text)
    day = pd.Timedelta(days=1)
    assert p.days_of(period - 1)[-1] + day == p.days_of(period)[0]
    assert p.days_of(period)[-1] + day == p.days_of(period + 1)[0]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "2026-13",
            "2026-00",
            "2026-1",
            "2026Q4",
            "2026-q4",
            "2026-Q5",
            "26-10",
            "202610",
            "2026-10-01",
        ),
        *(
            " 2026-10",
            "2026-10\n",
            "2026/10",
            "10-2026",
            "0226-10",
            "2200",
            "２０２６",
            "None",
            "October 2026",
        ),
    ],
)
def test_other_forms_are_refused(text):
    with pytest.raises(SlanbError) as error:
        p.parse_period(text)
    assert f'"{text}"' in str(error.value)
    assert "a month (2026-10), a quarter (2026-Q4) or a year (2026)" in str(error.value)


def test_a_week_has_no_grain():
    with pytest.raises(ValueError, match="no month, quarter or year"):
        p.grain(pd.Period("2026-10-12", freq="W"))


@pytest.mark.parametrize(
    ("text", "begins", "first", "last"),
    [
        ("FY2027-Q1", 7, "2026-07-01", "2026-09-30"),
        ("FY2027-Q4", 7, "2027-04-01", "2027-06-30"),
        ("FY2027", 7, "2026-07-01", "2027-06-30"),
        ("FY2027", 4, "2026-04-01", "2027-03-31"),
        ("FY2026", 2, "2025-02-01", "2026-01-31"),
        ("FY2027-Q1", 12, "2026-12-01", "2027-02-28"),
    ],
)
def test_a_year_of_the_companys_own_is_named_by_the_year_it_ends_in(text, begins, first, last):
    period = p.parse_period(text, begins)
    assert (str(period.start_time.date()), str(period.end_time.date())) == (first, last)
    assert p.label(period) == text
    assert p.years_of(period) == begins
    assert p.spans_of(period, "month")[0].start_time == period.start_time


def test_quarters_of_a_fiscal_year_are_its_own():
    year = p.parse_period("FY2027", 7)
    assert [p.label(span) for span in p.spans_of(year, "quarter")] == [
        "FY2027-Q1", "FY2027-Q2", "FY2027-Q3", "FY2027-Q4",
    ]  # fmt: skip
    august = p.containing(p.parse_period("2026-08"), 7)
    assert [p.label(span) for span in august] == ["2026-08", "FY2027-Q1", "FY2027"]


@pytest.mark.parametrize(("text", "begins"), [("2026", 7), ("2026-Q4", 7), ("FY2027", 1), ("FY2027-Q1", 1)])
def test_a_label_of_another_kind_of_year_is_refused(text, begins):
    with pytest.raises(SlanbError, match=f'period is "{text}", but a month'):
        p.parse_period(text, begins)


# --- lists of periods


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2026-10", ["2026-10"]),
        ("2026-Q1", ["2026-01", "2026-02", "2026-03"]),
        ("2026", [f"2026-{month:02}" for month in range(1, 13)]),
    ],
)
def test_months_of(text, months):
    assert [p.label(month) for month in p.months_of(p.parse_period(text))] == months


@pytest.mark.parametrize(
    ("text", "measure", "spans"),
    [
        ("2026-Q2", "month", ["2026-04", "2026-05", "2026-06"]),
        ("2026", "quarter", ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]),
        ("2026-Q2", "quarter", ["2026-Q2"]),
        ("2026", "year", ["2026"]),
    ],
)
def test_spans_of(text, measure, spans):
    assert [p.label(span) for span in p.spans_of(p.parse_period(text), measure)] == spans


@pytest.mark.parametrize(
    ("text", "measure"), [("2026-01", "quarter"), ("2026-05", "year"), ("2026-Q1", "year")]
)
def test_a_period_shorter_than_the_measure_is_refused(text, measure):
    with pytest.raises(SlanbError, match=f"{text}.*give a {measure} or longer"):
        p.spans_of(p.parse_period(text), measure)


@pytest.mark.parametrize(
    ("text", "all_of_them"),
    [("2026-03", ["2026-03", "2026-Q1", "2026"]), ("2026-Q1", ["2026-Q1", "2026"]), ("2026", ["2026"])],
)
def test_containing(text, all_of_them):
    assert [p.label(period) for period in p.containing(p.parse_period(text))] == all_of_them


@pytest.mark.parametrize(
    ("text", "n", "expected"),
    [
        ("2026-02", 3, ["2025-12", "2026-01", "2026-02"]),
        ("2026-Q1", 2, ["2025-Q4", "2026-Q1"]),
        ("2026", 1, ["2026"]),
    ],
)
def test_trailing(text, n, expected):
    assert [p.label(period) for period in p.trailing(p.parse_period(text), n)] == expected


def test_trailing_none_is_refused():
    with pytest.raises(ValueError, match="n is 0"):
        p.trailing(p.parse_period("2026"), 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01..2026-10", [f"2026-{month:02}" for month in range(1, 11)]),
        ("2025-Q4..2026-Q1", ["2025-Q4", "2026-Q1"]),
        ("2025..2026", ["2025", "2026"]),
        ("2026-10..2026-10", ["2026-10"]),
        ("2026-10", ["2026-10"]),
    ],
)
def test_parse_range(text, expected):
    assert [p.label(period) for period in p.parse_range(text)] == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-10..2026-01", 'ends before it starts. Try "2026-01..2026-10"'),
        ("2026-10..2026-Q4", "a month to a quarter"),
        ("2026-10..", 'period is ""'),
        ("2026-10...2026-12", 'period is ".2026-12"'),
        ("2026-10-2026-12", "a month (2026-10)"),
    ],
)
def test_impossible_ranges(text, told):
    with pytest.raises(SlanbError) as error:
        p.parse_range(text)
    assert told in str(error.value)


# --- instants


@pytest.mark.parametrize(
    ("text", "zone", "start", "end", "hours"),
    [
        ("2026-10", "UTC", "2026-10-01 00:00", "2026-11-01 00:00", 744),
        ("2026-10", BERLIN, "2026-09-30 22:00", "2026-10-31 23:00", 745),  # clocks go back on the 25th
        ("2026-03", BERLIN, "2026-02-28 23:00", "2026-03-31 22:00", 743),  # and forward on the 29th
        ("2026-11", NEW_YORK, "2026-11-01 04:00", "2026-12-01 05:00", 721),
        ("2026-03", NEW_YORK, "2026-03-01 05:00", "2026-04-01 04:00", 743),
        ("2028-02", "Asia/Kathmandu", "2028-01-31 18:15", "2028-02-29 18:15", 696),
        ("2026", BERLIN, "2025-12-31 23:00", "2026-12-31 23:00", 8760),
        ("2045-07", BERLIN, "2045-06-30 22:00", "2045-07-31 22:00", 744),  # past the tables' last year
    ],
)
def test_bounds(text, zone, start, end, hours):
    bounds = p.bounds(p.parse_period(text), zone)
    assert bounds == (utc(start), utc(end))
    assert (bounds[1] - bounds[0]) / HOUR == hours


@given(recent_labels, zones)
def test_a_period_ends_where_the_next_begins_and_months_fill_it(text, zone):
    period = p.parse_period(text)
    start, end = p.bounds(period, zone)
    months = [p.bounds(month, zone) for month in p.months_of(period)]
    assert p.bounds(period + 1, zone)[0] == end
    assert (months[0][0], months[-1][1]) == (start, end)
    assert [earlier[1] for earlier in months[:-1]] == [later[0] for later in months[1:]]


@given(recent_labels, zones)
def test_bounds_agree_with_the_standard_library(text, zone):
    # None of these zones' clocks change at the turn of a month by more than the fold rule covers.
    first = p.days_of(p.parse_period(text))[0].to_pydatetime()
    expected = first.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    assert p.bounds(p.parse_period(text), zone)[0] == expected


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-10-14", BERLIN, "2026-10-13 22:00"),
        ("2026-10-14T09:30", BERLIN, "2026-10-14 07:30"),
        ("2026-10-14 09:30", BERLIN, "2026-10-14 07:30"),
        ("2026-12-14T09:30:15.25", BERLIN, "2026-12-14 08:30:15.25"),
        ("2026-10-14T09:30+05:30", BERLIN, "2026-10-14 04:00"),
        ("2026-10-14T09:30Z", BERLIN, "2026-10-14 09:30"),
        ("2026-10-25T02:30+01:00", BERLIN, "2026-10-25 01:30"),  # shown twice, the second time
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04 03:00"),  # midnight does not exist
        ("2026-11-01", "America/Havana", "2026-11-01 04:00"),  # midnight is shown twice
        ("2028-02-29", "UTC", "2028-02-29 00:00"),
    ],
)
def test_instant(text, zone, expected):
    moment = p.instant(text, zone)
    assert moment == utc(expected)
    assert (str(moment.tz), moment.unit) == ("UTC", "us")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "14.10.2026",
            "2026-10",
            "20261014",
            "2026-W42-3",
            "2026-02-29",
            "2026-10-14T25:00",
            "2026-10-14T9:30",
        ),
        *("2026-10-14T09:30 Europe/Berlin", "now", "", "2026-10-14+02:00", "2026-10-14T09:30+99:00"),
    ],
)
def test_other_instants_are_refused(text):
    with pytest.raises(SlanbError) as error:
        p.instant(text, BERLIN)
    assert str(error.value).startswith(f'instant is "{text}", but a date (2026-10-14) or a date and time')


@pytest.mark.parametrize("text", ["2026-03-29T02:30", "2026-10-25T02:30"])
def test_a_time_skipped_or_shown_twice_asks_for_its_offset(text):
    with pytest.raises(SlanbError, match=r"skips or shows twice.*Add the offset"):
        p.instant(text, BERLIN)


def test_as_of_is_the_one_written_or_the_end():
    october = p.parse_period("2026-10")
    assert p.as_of_or_end(october, "2026-10-14", BERLIN) == utc("2026-10-13 22:00")
    for nothing in (None, ""):
        assert p.as_of_or_end(october, nothing, BERLIN) == utc("2026-10-31 23:00")


@pytest.mark.parametrize(
    ("as_of", "closed"),
    [
        ("2026-10-31T23:59:59", False),
        ("2026-11-01T00:59+01:00", False),  # still the 31st in New York
        ("2026-11-01", True),
        ("2027-01-01", True),
    ],
)
def test_a_period_is_closed_when_all_of_it_has_passed(as_of, closed):
    assert p.is_closed(p.parse_period("2026-10"), p.instant(as_of, NEW_YORK), NEW_YORK) is closed


@pytest.mark.parametrize("name", ["Europe/Berlim", "Mars", "", "../etc", "America", None, 1])
def test_unknown_zones_are_refused(name):
    with pytest.raises(SlanbError, match=r"^time zone is "):
        p.bounds(p.parse_period("2026-10"), name)


def test_a_misspelt_zone_is_recognised():
    with pytest.raises(SlanbError, match=r"Did you mean America/New_York\?"):
        p.zone_named("America/NewYork")


# --- for SQL


def test_period_table_in_sql():
    table = p.period_table([p.parse_period(text) for text in ("2026-03", "2026-Q4")], BERLIN)
    with duckdb.connect() as engine:
        engine.register("periods", table)
        rows = engine.sql("select period, starts_at, ends_at, days from periods").fetchall()
    assert rows == [
        ("2026-03", dt.datetime(2026, 2, 28, 23), dt.datetime(2026, 3, 31, 22), 31),
        ("2026-Q4", dt.datetime(2026, 9, 30, 22), dt.datetime(2026, 12, 31, 23), 92),
    ]
    assert set(table[["starts_at", "ends_at"]].dtypes.astype(str)) == {"datetime64[us]"}


def test_no_periods_make_an_empty_table_of_the_same_types():
    one, none = (p.period_table(periods, "UTC") for periods in ([p.parse_period("2026")], []))
    pd.testing.assert_frame_equal(none, one.iloc[:0])
