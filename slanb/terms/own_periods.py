"""The company's own periods: years of whole weeks by a pattern, or a table that lists each period."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Literal, Self

import pandas as pd
from pydantic import Field, model_validator

from slanb.period_tables import PeriodTable
from slanb.strict_yaml import Finding, raise_findings
from slanb.terms.fields import Day, Part, Text

_LABEL = re.compile(r"FY((?:19|20|21)[0-9]{2})-P([0-9]{2})")
ONE_DAY = timedelta(days=1)


class ListedPeriod(Part):
    """One period of the company's table."""

    period: Text = Field(description="Its year and number: FY2027-P03.")
    begins: Day = Field(description="Its first day.")
    ends: Day = Field(description="Its last day.")


class Periods(Part):
    """The company's own periods, which take the place of months: by a pattern of weeks, or in a table."""

    pattern: Literal["4-4-5", "4-5-4", "5-4-4"] | None = Field(
        None,
        description="Weeks of the three periods of each quarter; a 53rd week is of the year's last period.",
    )
    begins: Day | None = Field(None, description="With a pattern: the first day of one of the years.")
    year: int | None = Field(
        None,
        ge=1900,
        le=2199,
        description="With a pattern: that year's number, 2027 for FY2027; by that in which it ends if left "
        "out.",
    )
    year_ends: Literal["last", "nearest"] | None = Field(
        None,
        description="With a pattern: each year ends on the last such weekday of a month, or the one nearest "
        "to a month's end; nearest if left out.",
    )
    quota: Literal["even", "by_weeks"] = Field(
        "even",
        description="even: the plan's quota is that of every period; by_weeks: it is that of an average one, "
        "and longer periods have more of it, so that the year's sum stays. A period's own file has its own.",
    )
    table: tuple[ListedPeriod, ...] = Field(
        (), description="Instead of a pattern: every period of whole years, one after the other."
    )

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        findings = self._mistakes_in_table() if self.table else self._mistakes_in_pattern()
        raise_findings("Periods", self.model_dump(mode="json"), findings)
        return self

    def as_table(self) -> PeriodTable:
        """How the years are cut."""
        if self.table:
            listed = tuple(
                (year, (*(row.begins for row in rows), rows[-1].ends + ONE_DAY))
                for year, rows in self._listed_years()
            )
            return PeriodTable(listed[0][1][0], listed[0][0], listed=listed)
        weeks = tuple(map(int, self.pattern.split("-")))
        year = self.year or (self.begins + timedelta(days=363)).year
        return PeriodTable(self.begins, year, self.year_ends == "last", weeks)

    def uncovered(self, first: date, last: date | None) -> Iterator[Finding]:
        """What a table lacks of the days from the first to the last, if there is one."""
        if self.table and first < self.table[0].begins:
            yield Finding(
                ("table", 0, "begins"), f"the agreement begins on {first}: list the periods from then on"
            )
        if self.table and last is not None and self.table[-1].ends < last:
            where = ("table", len(self.table) - 1, "ends")
            yield Finding(where, f"the agreement ends on {last}: list the periods until then")

    def _mistakes_in_pattern(self) -> Iterator[Finding]:
        for key in ("pattern", "begins"):
            if getattr(self, key) is None:
                yield Finding((key,), "it is needed: pattern and begins, or a table")
                return
        ended = self.begins - ONE_DAY
        after = (pd.Timestamp(ended) + pd.offsets.MonthEnd(0)).day - ended.day  # days left of its month
        if self.year_ends == "last" and after > 6:
            yield Finding(("begins",), "the day after the last such weekday of a month is expected")
        elif self.year_ends != "last" and after > 3 and ended.day > 3:
            hint = ", or year_ends: last" if after <= 6 else ""
            yield Finding(
                ("begins",), f"the day after a weekday within three days of a month's end is expected{hint}"
            )

    def _mistakes_in_table(self) -> Iterator[Finding]:
        for key in ("pattern", "begins", "year", "year_ends"):
            if getattr(self, key) is not None:
                yield Finding((key,), "the table says it all: leave it out, or the table")
        before = None
        for place, row in enumerate(self.table):
            wanted = _after(before)
            if row.period not in wanted and (before or not row.period.endswith("-P01")):
                yield Finding(("table", place, "period"), f"{' or '.join(wanted)} is expected")
            if row.ends < row.begins:
                yield Finding(("table", place, "ends"), f"a day not before {row.begins} is expected")
            if before is not None and row.begins != before.ends + ONE_DAY:
                amiss = "overlaps" if row.begins <= before.ends else "leaves a gap after"
                expected = f"{before.ends + ONE_DAY} is expected, as it {amiss} {before.period}"
                yield Finding(("table", place, "begins"), expected)
            before = row if _LABEL.fullmatch(row.period) else before
        sizes = [len(rows) for _, rows in self._listed_years()]
        if sizes and sizes[-1] < (sizes[-2] if len(sizes) > 1 else 4):  # quarters would be cut wrong
            where = ("table", len(self.table) - 1, "period")
            yield Finding(where, "the last period of a whole year is expected: list it to its end")

    def _listed_years(self) -> list[tuple[int, list[ListedPeriod]]]:
        rows = [(form[1], row) for row in self.table if (form := _LABEL.fullmatch(row.period))]
        years = groupby(rows, key=lambda each: each[0])
        return [(int(year), [row for _, row in own]) for year, own in years]


def _after(before: ListedPeriod | None) -> tuple[str, ...]:
    """What the period after one may be called: the next of its year, or the first of the next."""
    if before is None:
        return ("a first period, as FY2027-P01,",)
    form = _LABEL.fullmatch(before.period)
    return f"FY{form[1]}-P{int(form[2]) + 1:02}", f"FY{int(form[1]) + 1}-P01"
