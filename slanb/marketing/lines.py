"""The goal lines of a period, and what was delivered against them: of the whole, a tier or a segment.

The goal line of the guides is even, 1/n of the goal a day. Weekends and holidays alone put it off by up to
5 % of the goal, so a line of working days and one learnt from past months stand beside it, each by name.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from slanb.estimates.habits import kinds_of_days, learn_habits
from slanb.facts.deliveries import FEWEST
from slanb.facts.follow_up import working_days
from slanb.facts.period import PeriodFacts

LINES = ("straight", "working_days", "profile")
COLUMNS = {"leads": "leads", "value": "value_goal"}  # what is delivered, and the goals' column for it


def parts(case: PeriodFacts) -> list[tuple[str, str]]:
    """The tiers and segments told apart, as (`tier` or `segment`, name); none where there is but one."""
    cells = case.goals.cells
    names = {cut: [name for name in cells[cut].unique() if name] for cut in ("tier", "segment")}
    return [(cut, name) for cut, own in names.items() if len(own) > 1 for name in own]


def goal(case: PeriodFacts, measure: str = "leads", cut: str = "all", name: str = "") -> float:
    """The goal of the period, as promised (`PeriodFacts.to_deliver`), or of a part of it, as planned: leads
    (those of the whole come whole) or money."""
    if cut != "all":
        return float(case.goals.by(cut).set_index(cut).loc[name, COLUMNS[measure]])
    return case.to_deliver[measure]


def counted(case: PeriodFacts) -> pd.DataFrame:
    """The period's rows of `deliveries`, on the days that have begun."""
    rows = case.deliveries
    last = case.today if case.today is not None else case.days[0] - pd.Timedelta(days=1)
    return rows[(rows["day"] >= case.days[0]) & (rows["day"] <= last)]


def whole_months(case: PeriodFacts) -> pd.DataFrame:
    """`PeriodFacts.daily` of the whole months before the period; empty where they are fewer than three."""
    before = case.daily[case.daily["day"] < case.days[0]]
    own = case.daily.loc[case.daily["day"] >= case.days[0], "month"]
    whole = before["leads"].notna().groupby(before["month"]).transform("all")
    before = before[whole & ~before["month"].isin(own)]
    enough = before["month"].nunique() >= FEWEST and before["leads"].sum() > 0
    return before if enough else before.iloc[:0]


def waterfall(case: PeriodFacts, measure: str = "leads", *, cut: str = "all", name: str = "") -> pd.DataFrame:
    """What was delivered against each goal line, day by day.

    Parameters
    ----------
    measure : `leads` or `value` (money, each lead at the agreed worth of its tier).
    cut, name : `tier` or `segment` and its name, for a part of the whole.

    Returns
    -------
    `day`, `working` (a working day), `actual` (cumulative, NaN after today), and the cumulative goal by line:
    `straight` (1/n a day), `working_days`, `profile` (as past months went; NaN where too few are on record).
    """
    rows = counted(case)
    rows = rows[rows["counts"] & ((rows[cut] == name) if cut != "all" else True)]
    actual = rows.groupby("day")[measure].sum().reindex(case.days).fillna(0.0).cumsum()
    begun = case.days <= case.today if case.today is not None else np.zeros(len(case.days), bool)
    frame = _shares(case).copy()
    frame[list(LINES)] *= goal(case, measure, cut, name)
    return frame.assign(actual=actual.where(begun)).rename_axis("day").reset_index()


@lru_cache(maxsize=2)  # the same for every part of a page
def _shares(case: PeriodFacts) -> pd.DataFrame:
    """Each line as the share of the goal due by the end of each day, and the working days."""
    days = case.days
    table = working_days(case.terms, days[0], days[-1], figure="marketing.leads")
    working = (table.set_index("day")["working_seconds"] > 0).reindex(days)
    frame = pd.DataFrame(
        {"working": working, "straight": np.arange(1, len(days) + 1) / len(days)}, index=days
    )
    frame["working_days"] = working.cumsum() / working.sum() if working.any() else np.nan
    frame["profile"] = np.nan
    before = whole_months(case)
    if before.empty:
        return frame
    habits, done = learn_habits(before), 0.0
    for _, own in case.daily[case.daily["day"].isin(days)].groupby("month")["day"]:
        share = len(own) / len(days)  # each month as such months go, each by its days in the whole
        up_to = case.daily[case.daily["day"] <= own.iloc[-1]]  # says which weekdays are usual
        weight = habits.kinds[kinds_of_days(up_to)][-len(own) :].cumsum()
        frame.loc[own, "profile"] = done + share * weight / weight[-1]
        done += share
    return frame
