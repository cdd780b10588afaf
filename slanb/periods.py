"""Weeks, months, quarters and years, and the instants at which they begin and end.

A period is a `pd.Period`: `period - 1` is the one before, `period + 1` the next, and periods of
one length compare and sort. In files it is its label: `2026-10`, `2026-Q4`, `2026`. A company's year may
begin in another month: it is then named by the year in which it ends, `FY2027`, its quarters by it,
`FY2027-Q1`. Where a company has a table of periods of its own, or counts by the week, a period is a
`TablePeriod`, which is used in the same way: `FY2027-P03`, `2026-W45`.

A period becomes instants only in a time zone, which is always a parameter. Instants are aware UTC, spans are
half-open: the end of a period is the start of the next. No function reads the clock.

A day starts the first time its clock shows 00:00; where the clock jumps over midnight, at the jump.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd

from slanb.errors import SlanbError
from slanb.period_tables import PeriodTable, TablePeriod

Grain = Literal["week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = ("week", "month", "quarter", "year")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_GRAIN: dict[str, Grain] = {"M": "month", "Q": "quarter", "Y": "year"}
_YEAR = "(?:19|20|21)[0-9]{2}"
_LABEL = {
    "month": re.compile(f"{_YEAR}-(?:0[1-9]|1[0-2])"),
    "quarter": re.compile(f"(?:FY)?{_YEAR}-Q[1-4]"),
    "year": re.compile(f"(?:FY)?{_YEAR}"),
}
_ALLOWED = "a month (2026-10), a quarter (2026-Q4) or a year (2026) from 1900 to 2199"
_ALLOWED_FISCAL = "a month (2026-10), a quarter (FY2027-Q1) or a year (FY2027) from 1900 to 2199"
OWN = re.compile(f"((?:FY)?)({_YEAR})(?:-(Q|P|W)([0-9]{{1,2}}))?")
_OWN_GRAIN: dict[str | None, Grain] = {"W": "week", "P": "month", "Q": "quarter", None: "year"}
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?P<time>[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?)?"
)


def freq_of(grain_: Grain, year_begins: int = 1) -> str:
    """The frequency of pandas that a month, quarter or year has where the year begins in that month (1-12).

    >>> freq_of("quarter"), freq_of("year", year_begins=7)
    ('Q-DEC', 'Y-JUN')
    """
    return "M" if grain_ == "month" else f"{grain_[0].upper()}-{MONTHS[year_begins - 2]}"


def parse_period(text: str | int, years: int | PeriodTable = 1) -> pd.Period | TablePeriod:
    """The period a label names.

    Parameters
    ----------
    text : `2026-10`, `2026-Q4` or `2026` (also as the number 2026, which YAML and papermill make of it); of a
        year that does not begin in January `FY2027-Q1` or `FY2027`; of a company's table also `FY2027-P03`.
    years : the month (1-12) in which the company's year begins, or its own table of periods.

    Raises
    ------
    SlanbError : for anything else, naming what is allowed.

    >>> parse_period("2026-Q4") - 1, parse_period("FY2027-Q1", 7).start_time
    (Period('2026Q3', 'Q-DEC'), Timestamp('2026-07-01 00:00:00'))
    """
    written = str(text)
    if isinstance(years, PeriodTable):
        return _parse_own(written, years)
    fiscal = years != 1
    for grain_, form in _LABEL.items():
        if form.fullmatch(written) and (grain_ == "month" or written.startswith("FY") == fiscal):
            return pd.Period(written.removeprefix("FY"), freq=freq_of(grain_, years))
    allowed = _ALLOWED_FISCAL if fiscal else _ALLOWED
    raise SlanbError(f'period is "{written}", but {allowed} is expected.')


def _parse_own(written: str, table: PeriodTable) -> TablePeriod:
    form = OWN.fullmatch(written)
    period = form and table.period(_OWN_GRAIN[form[3]], int(form[2]), int(form[4] or 1))
    if not period or period.label != written:
        there = (table.period(measure, table.year) for measure in table.measures)
        listed = ", ".join(
            f"a {'period' if each.measure == 'month' else each.measure} ({each})" for each in there
        )
        raise SlanbError(f'period is "{written}", but one of the company\'s is expected: {listed}.')
    if not table.reaches(period):
        first, until = (f"{table.named}{year}" for year in (table.listed[0][0], table.listed[-1][0]))
        raise SlanbError(
            f'period is "{written}", but the agreement\'s table of periods lists {first} to {until}: add the '
            "year's periods to it."
        )
    return period


def parse_range(text: str | int, years: int | PeriodTable = 1) -> list[pd.Period]:
    """The periods from the first label to the last, both included; a single label is a range of one.

    Raises
    ------
    SlanbError : if a label is none, the two differ in length, or the last is before the first.

    >>> [label(month) for month in parse_range("2025-12..2026-02")]
    ['2025-12', '2026-01', '2026-02']
    """
    written = str(text)
    first, dots, last = written.partition("..")
    if not dots:
        return [parse_period(written, years)]
    start, end = parse_period(first, years), parse_period(last, years)
    if start.freqstr != end.freqstr:
        raise SlanbError(
            f'period is "{written}", a {grain(start)} to a {grain(end)}, but two of one length are expected.'
        )
    if end < start:
        raise SlanbError(f'period is "{written}", which ends before it starts. Try "{last}..{first}".')
    return between(start, end)


def label(period: pd.Period | TablePeriod) -> str:
    """The period as files and pages write it; `parse_period` reads it back.

    >>> label(pd.Period("2026Q4", freq="Q")), label(pd.Period("2026-08", freq="Y-JUN"))
    ('2026-Q4', 'FY2027')
    """
    if isinstance(period, TablePeriod):
        return period.label
    of = grain(period)
    if of == "month":
        return period.strftime("%Y-%m")
    year = period.qyear if of == "quarter" else period.year
    named = f"{'' if period.freqstr.endswith('-DEC') else 'FY'}{year:04}"
    return f"{named}-Q{period.quarter}" if of == "quarter" else named


def grain(period: pd.Period | TablePeriod) -> Grain:
    """How long the period is: `week`, `month`, `quarter` or `year`.

    >>> grain(parse_period("2026"))
    'year'
    """
    if isinstance(period, TablePeriod):
        return period.measure
    name = period.freqstr.partition("-")[0]
    if name not in _GRAIN:
        raise ValueError(f"{period!r} is no month, quarter or year")
    return _GRAIN[name]


@lru_cache(maxsize=4096)  # asked of the same few hundreds of times on a page
def holding(
    moment: pd.Timestamp | pd.Period, grain_: Grain, years: int | PeriodTable = 1
) -> pd.Period | TablePeriod:
    """The period of a length that holds a moment on a clock without a zone, or the beginning of a period.

    >>> label(holding(pd.Timestamp("2026-10-14"), "quarter"))
    '2026-Q4'
    """
    moment = getattr(moment, "start_time", moment)
    if isinstance(years, PeriodTable):
        return years.holding(moment, grain_)
    return pd.Period(moment, freq=freq_of(grain_, years))


def like(period: pd.Period | TablePeriod, moment: pd.Timestamp) -> pd.Period | TablePeriod:
    """The period of this one's length that holds a moment on a clock without a zone."""
    return holding(moment, grain(period), years_of(period))


def between(first: pd.Period | TablePeriod, last: pd.Period | TablePeriod) -> list[pd.Period]:
    """The periods of one length from the first to the last, both included."""
    if isinstance(first, pd.Period):
        return list(pd.period_range(first, last))
    periods = [first]
    while periods[-1] < last:
        periods.append(periods[-1] + 1)
    return periods


def months_of(period: pd.Period | TablePeriod) -> list[pd.Period]:
    """The months in the period, in order; a month is its own only one.

    A company's months are the periods of its table; a week's month is the one that holds its middle. Where
    the table has weeks alone, months are the calendar's, each of the period that holds its middle.

    >>> [label(month) for month in months_of(parse_period("2026-Q4"))]
    ['2026-10', '2026-11', '2026-12']
    """
    if isinstance(period, pd.Period):
        return between(period.asfreq("M", how="start"), period.asfreq("M", how="end"))
    middle = period.start_time + (period.end_time - period.start_time) / 2
    if "month" in period.table.measures:
        whole = period.measure != "week"
        return spans_of(period, "month") if whole else [period.table.holding(middle, "month")]
    touched = pd.period_range(period.start_time, period.end_time, freq="M")
    day = pd.Timedelta(days=15)
    return [each for each in touched if period.start_time <= each.start_time + day <= period.end_time] or [
        pd.Period(middle, freq="M")
    ]


def spans_of(period: pd.Period | TablePeriod, measure: Grain) -> list[pd.Period]:
    """The periods of one measure of time that make up `period`, in order.

    Raises
    ------
    SlanbError : where `period` is shorter than the measure, so that it has no goal of its own.

    >>> [label(quarter) for quarter in spans_of(parse_period("2026"), "quarter")]
    ['2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4']
    """
    years = years_of(period)
    spans = between(holding(period.start_time, measure, years), holding(period.end_time, measure, years))
    if (spans[0].start_time, spans[-1].end_time) != (period.start_time, period.end_time):
        raise SlanbError(
            f"period is {label(period)}, but the agreement measures by the {measure}: give a {measure} or "
            "longer."
        )
    return spans


def years_of(period: pd.Period | TablePeriod) -> int | PeriodTable:
    """The month in which the year of a quarter or year begins, 1 for a month, which has none of its own; or
    the company's table that has the period."""
    if isinstance(period, TablePeriod):
        return period.table
    return 1 if grain(period) == "month" else (MONTHS.index(period.freqstr.rpartition("-")[2]) + 1) % 12 + 1


def containing(period: pd.Period | TablePeriod, years: int | PeriodTable = 1) -> list[pd.Period]:
    """The period itself and the longer ones it lies in, up to its year, the shortest first.

    >>> [label(longer) for longer in containing(parse_period("2026-10"))]
    ['2026-10', '2026-Q4', '2026']
    """
    longer = GRAINS[GRAINS.index(grain(period)) + 1 :]
    there = years.measures if isinstance(years, PeriodTable) else GRAINS
    return [period, *(holding(period, name, years) for name in longer if name in there)]


def trailing(period: pd.Period | TablePeriod, n: int) -> list[pd.Period]:
    """The last `n` periods of this length, ending with this one; `n` >= 1.

    >>> [label(quarter) for quarter in trailing(parse_period("2026-Q1"), 2)]
    ['2025-Q4', '2026-Q1']
    """
    if n < 1:
        raise ValueError(f"n is {n}, but 1 or more periods are expected")
    return between(period - (n - 1), period)


def days_of(period: pd.Period) -> pd.DatetimeIndex:
    """The calendar days of the period: midnights without a zone, for they belong to none.

    >>> len(days_of(parse_period("2028-02")))
    29
    """
    return pd.date_range(period.start_time, period.end_time.normalize(), freq="D", unit="us")


def bounds(period: pd.Period, zone: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The instants (aware UTC) at which the period begins and at which the next one begins.

    Parameters
    ----------
    zone : name of a time zone, as `Europe/Berlin`.

    >>> [str(instant) for instant in bounds(parse_period("2026-10"), "Europe/Berlin")]  # clocks go back
    ['2026-09-30 22:00:00+00:00', '2026-10-31 23:00:00+00:00']
    """
    midnights = pd.DatetimeIndex([period.start_time, (period + 1).start_time])
    start, end = pd.DatetimeIndex(to_utc(midnights, zone), tz="UTC")
    return start, end


def period_table(periods: Sequence[pd.Period], zone: str) -> pd.DataFrame:
    """Periods as a table for SQL.

    Returns
    -------
    One row a period: `period` (label), `starts_at`, `ends_at` (half-open, naive UTC), `days`.

    >>> print(period_table([parse_period("2026-02")], "UTC").to_string(index=False))
     period  starts_at    ends_at  days
    2026-02 2026-02-01 2026-03-01    28
    """
    return _period_table(tuple(periods), zone).copy(deep=False)


@lru_cache(maxsize=256)  # a page asks many questions of the same periods
def _period_table(periods: tuple[pd.Period, ...], zone: str) -> pd.DataFrame:
    starts = pd.DatetimeIndex([period.start_time for period in periods])
    ends = pd.DatetimeIndex([(period + 1).start_time for period in periods])
    return pd.DataFrame(
        {
            "period": pd.Series([label(period) for period in periods], dtype="str"),
            "starts_at": to_utc(starts, zone),
            "ends_at": to_utc(ends, zone),
            "days": np.asarray((ends - starts).days, dtype="int64"),
        }
    )


def instant(text: str, zone: str) -> pd.Timestamp:
    """The instant (aware UTC) a person means.

    Parameters
    ----------
    text : a date (`2026-10-14`: the start of that day in the zone), a date and time (`2026-10-14T09:30`:
        on the zone's clock) or a date and time with offset (`2026-10-14T09:30+02:00`, `...Z`: as written).
    zone : name of a time zone, as `Europe/Berlin`.

    Raises
    ------
    SlanbError : for any other form, and for a time that the zone's clock skips or shows twice.

    >>> instant("2026-10-14", "Europe/Berlin")
    Timestamp('2026-10-13 22:00:00+0000', tz='UTC')
    """
    written = str(text)
    form = _INSTANT.fullmatch(written)
    try:
        moment = pd.Timestamp(datetime.fromisoformat(written)) if form else None
    except ValueError:  # the form is right, the day or hour is not
        moment = None
    if moment is None:
        raise SlanbError(
            f'instant is "{written}", but a date (2026-10-14) or a date and time (2026-10-14T09:30, with an '
            "offset as +02:00 where it is not local) is expected."
        )
    if form["offset"]:
        return moment.tz_convert("UTC").as_unit("us")
    if not form["time"]:
        return pd.Timestamp(to_utc(pd.DatetimeIndex([moment]), zone)[0], tz="UTC")
    try:
        return moment.tz_localize(zone_named(zone)).tz_convert("UTC").as_unit("us")
    except ValueError:
        raise SlanbError(
            f'instant is "{written}", a time that the clock in {zone} skips or shows twice that day. Add the '
            "offset that is meant, as in 2026-10-14T09:30+02:00."
        ) from None


def as_of_or_end(period: pd.Period, as_of_text: str | None, zone: str) -> pd.Timestamp:
    """The instant up to which records count: the one written, or else the end of the period.

    Parameters
    ----------
    as_of_text : as `instant` takes it; None or empty for the end of the period.

    >>> as_of_or_end(parse_period("2026-10"), None, "UTC")
    Timestamp('2026-11-01 00:00:00+0000', tz='UTC')
    """
    return instant(as_of_text, zone) if as_of_text else bounds(period, zone)[1]


def is_closed(period: pd.Period, as_of: pd.Timestamp, zone: str) -> bool:
    """Whether the whole period lies before `as_of` (an aware instant).

    >>> is_closed(parse_period("2026-10"), instant("2026-10-31", "UTC"), "UTC")
    False
    """
    return bool(as_of >= bounds(period, zone)[1])


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name.

    Raises
    ------
    SlanbError : naming the nearest ones, if there is none.

    >>> zone_named("Europe/Berlim")
    Traceback (most recent call last):
    slanb.errors.SlanbError: time zone is "Europe/Berlim", but a name is expected. Did you mean Europe/Berlin?
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):  # unknown, a path, a folder of names, no text
        near = get_close_matches(str(name), sorted(available_timezones()), n=1)
        hint = f"Did you mean {near[0]}?" if near else "It is written as Europe/Berlin."
        raise SlanbError(f'time zone is "{name}", but a name is expected. {hint}') from None


def to_utc(local: pd.DatetimeIndex, zone: str) -> np.ndarray:
    """Naive UTC instants of times on the zone's clock.

    A time the clock shows twice is meant the first time; one it skips is meant as the moment of the jump.
    """
    first = np.ones(len(local), dtype=bool)
    aware = local.as_unit("us").tz_localize(zone_named(zone), ambiguous=first, nonexistent="shift_forward")
    return aware.tz_convert("UTC").tz_localize(None).to_numpy()
