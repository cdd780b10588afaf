"""A company's own table of periods: years of whole weeks, cut by a pattern such as 4-4-5, or listed.

A `TablePeriod` is used as a `pd.Period` is: `period - 1` is the one before, `start_time` and `end_time` its
first and last instant on a clock without a zone, and periods of one length compare and sort.
"""

from bisect import bisect
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, total_ordering
from itertools import pairwise

import pandas as pd

LETTERS = {"week": "W", "month": "P", "quarter": "Q"}
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PeriodTable:
    """How a company's years are cut into periods, the company's months, and these into weeks.

    Parameters
    ----------
    begins, year : the first day of a year, and its number.
    last_weekday : years end on the last such weekday of a month; else on the one nearest to a month's end.
    pattern : weeks of each period of a quarter, as (4, 4, 5); none: years have weeks alone. A 53rd week is
        of the last period.
    listed : the years as the company lists them, instead of a rule: number, first days of the periods, and
        the day after the last. Years before and after are taken to be cut as the first and the last one.
    named : what labels begin with, `FY` or nothing.
    """

    begins: date
    year: int
    last_weekday: bool = False
    pattern: tuple[int, ...] = ()
    listed: tuple[tuple[int, tuple[date, ...]], ...] = ()
    named: str = "FY"

    @property
    def measures(self) -> tuple[str, ...]:
        """The lengths of period there are, of `week`, `month`, `quarter`, `year`."""
        months = ("month",) if self.pattern or self.listed else ()
        weeks = all(
            (after - before).days % 7 == 0 for _, days in self.listed for before, after in pairwise(days)
        )
        return (*(("week",) if weeks else ()), *months, "quarter", "year")

    def reaches(self, period: "TablePeriod") -> bool:
        """Whether the company's list, where there is one, has the period's year."""
        return not self.listed or self.listed[0][0] <= period.year <= self.listed[-1][0]

    def period(self, measure: str, year: int, number: int = 1) -> "TablePeriod | None":
        """The period of that number in a year; None where the year has no such period."""
        there = measure in self.measures and 1 <= number < len(self.edges(measure, year))
        return TablePeriod(self, measure, year, number) if there else None

    def holding(self, moment: pd.Timestamp | date, measure: str) -> "TablePeriod":
        """The period of a length that holds a moment."""
        day = pd.Timestamp(moment).date()
        year = self.year + day.year - self.begins.year
        while self.edges("year", year)[0] > day:
            year -= 1
        while self.edges("year", year)[1] <= day:
            year += 1
        return TablePeriod(self, measure, year, bisect(self.edges(measure, year), day))

    @cache  # noqa: B019 (tables are few, and live as long as the run)
    def edges(self, measure: str, year: int) -> tuple[date, ...]:
        """The first days of a year's periods of one length, and the day after the last (here of 53 weeks).

        >>> retail = PeriodTable(date(2026, 6, 28), 2027, pattern=(4, 4, 5))
        >>> [str(day) for day in retail.edges("quarter", 2027)]
        ['2026-06-28', '2026-09-27', '2026-12-27', '2027-03-28', '2027-07-04']
        """
        months = self._listed(year) if self.listed else self._by_pattern(year)
        whole = (months[0], months[-1])
        if measure == "year":
            return whole
        weeks = tuple(whole[0] + WEEK * n for n in range((whole[1] - whole[0]) // WEEK))
        weeks = (*weeks, whole[1])
        if measure == "week":
            return weeks
        if measure == "month":
            return months
        parts = months if len(months) > 2 else weeks
        n = len(parts) - 1
        quarters = [-(-4 * (place + 1) // n) for place in range(n)]  # 13 periods are 3, 3, 3 and 4
        firsts = [
            day
            for place, day in enumerate(parts[:n])
            if quarters[place] != (quarters[place - 1] if place else 0)
        ]
        return (*firsts, whole[1])

    def _by_pattern(self, year: int) -> tuple[date, ...]:
        first, after = self._first_day(year), self._first_day(year + 1)
        edges = [first]
        for weeks in self.pattern * 4:
            edges.append(edges[-1] + WEEK * weeks)
        return (*edges[: max(len(self.pattern) * 4, 1)], after)

    def _first_day(self, year: int) -> date:
        """The day after the one on which the year before ends by the rule."""
        ended, years = self.begins - timedelta(days=1), year - self.year
        month_end = (pd.Timestamp(ended) + pd.offsets.MonthEnd(0)).date()
        if not self.last_weekday and (ended - month_end).days < -3:  # a day in the first days of a month
            month_end = (pd.Timestamp(ended) - pd.offsets.MonthEnd(1)).date()
        wanted = (pd.Timestamp(month_end) + pd.DateOffset(years=years) + pd.offsets.MonthEnd(0)).date()
        back = (wanted.weekday() - ended.weekday()) % 7
        return wanted - timedelta(days=back - (7 if back > 3 and not self.last_weekday else 0) - 1)

    def _listed(self, year: int) -> tuple[date, ...]:
        (first, earliest), (last, latest) = self.listed[0], self.listed[-1]
        if year < first:
            return tuple(day + (earliest[0] - earliest[-1]) * (first - year) for day in earliest)
        if year > last:
            return tuple(day + (latest[-1] - latest[0]) * (year - last) for day in latest)
        return dict(self.listed)[year]


@total_ordering
@dataclass(frozen=True, slots=True)
class TablePeriod:
    """A period of a company's table: the `number`-th week, period or quarter of its `year`, or the year."""

    table: PeriodTable
    measure: str
    year: int
    number: int

    @property
    def label(self) -> str:
        """`FY2027-W09`, `FY2027-P03`, `FY2027-Q1` or `FY2027`."""
        named = f"{self.table.named}{self.year:04}"
        if self.measure == "year":
            return named
        digits = "" if self.measure == "quarter" else "02"
        return f"{named}-{LETTERS[self.measure]}{self.number:{digits}}"

    @property
    def freqstr(self) -> str:
        """The name of its length, which tells it from the calendar's."""
        return f"table-{self.measure}"

    @property
    def start_time(self) -> pd.Timestamp:
        """The midnight with which it begins."""
        return pd.Timestamp(self.table.edges(self.measure, self.year)[self.number - 1]).as_unit("us")

    @property
    def end_time(self) -> pd.Timestamp:
        """Its last instant."""
        after = pd.Timestamp(self.table.edges(self.measure, self.year)[self.number]).as_unit("us")
        return after - pd.Timedelta(microseconds=1)

    def __add__(self, n: int) -> "TablePeriod":
        year, number = self.year, self.number + n
        while number >= len(edges := self.table.edges(self.measure, year)):
            year, number = year + 1, number - len(edges) + 1
        while number < 1:
            year -= 1
            number += len(self.table.edges(self.measure, year)) - 1
        return TablePeriod(self.table, self.measure, year, number)

    def __sub__(self, n: int) -> "TablePeriod":
        return self + -n

    def __lt__(self, other: "TablePeriod") -> bool:
        if not isinstance(other, TablePeriod) or (self.table, self.measure) != (other.table, other.measure):
            return NotImplemented
        return (self.year, self.number) < (other.year, other.number)

    def __str__(self) -> str:
        return self.label


def weeks_of(period: pd.Period | TablePeriod) -> pd.DatetimeIndex:
    """The days on which a week of the period begins: its first day, and the Mondays after it; or, where the
    company's table is of whole weeks, those on which its own do.

    >>> weeks_of(pd.Period("2026-10"))[:2].day.tolist()
    [1, 5]
    """
    first, last = period.start_time.as_unit("us"), period.end_time.normalize()
    if isinstance(period, TablePeriod) and "week" in period.table.measures:
        return pd.date_range(first, last, freq="7D", unit="us")
    return pd.date_range(first, last, freq="W-MON", unit="us").union([first])


# Weeks from Monday, numbered as ISO 8601 does: a year ends on the Sunday nearest to the end of December.
ISO_WEEKS = PeriodTable(date(2025, 12, 29), 2026, named="")
