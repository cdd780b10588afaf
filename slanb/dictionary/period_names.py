"""What a period's name is made of: its number and its year."""

from typing import NamedTuple

import pandas as pd

from slanb.period_tables import TablePeriod
from slanb.periods import OWN, label


class Numbered(NamedTuple):
    """A week or a company's period as its label has it: the `number`-th of a `year` as it is written."""

    freqstr: str
    number: int
    year: str

    @property
    def name(self) -> str:
        """`P3`, `W45`."""
        return f"{self.freqstr}{self.number}"


def in_calendar(period: str | pd.Period | TablePeriod) -> tuple[pd.Period | Numbered, bool]:
    """The period of the calendar that has this one's number in its year, for names and axes; and whether this
    one is of the company's own year. A week or a company's period, which the calendar has not, by its number.

    >>> in_calendar("FY2027-Q1"), in_calendar(pd.Period("2026-08", freq="M"))
    ((Period('2027Q1', 'Q-DEC'), True), (Period('2026-08', 'M'), False))
    >>> in_calendar("2026-W45")
    (Numbered(freqstr='W', number=45, year='2026'), False)
    """
    if isinstance(period, TablePeriod) or (isinstance(period, pd.Period) and period.freqstr[0] in "QY"):
        period = label(period)
    fiscal = isinstance(period, str) and period.startswith("FY")
    form = OWN.fullmatch(period) if isinstance(period, str) else None
    if form and form[3] in ("P", "W"):
        return Numbered(form[3], int(form[4]), form[1] + form[2]), fiscal
    return pd.Period(period.removeprefix("FY") if fiscal else period), fiscal
