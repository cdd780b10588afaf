"""What the company's own records suggest beside the bench's sliders, gathered once when it is opened.

The numbers are those of the reports: rates over the trailing periods, capacity and follow-up.
"""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from slanb.errors import SlanbError
from slanb.estimates.months import MonthEffects
from slanb.facts.capacity import Bandwidth
from slanb.facts.learnt import Learnt
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import covered, track_periods
from slanb.periods import label

Range = tuple[float, float]
LATELY = 3  # periods behind "of late"
RATES = ("marketing_share", "deal_size", "close_rate")


@dataclass(frozen=True)
class Suggested:
    """What the records support, for the ranges marked on sliders and for the answers.

    case : the period, as agreed.
    """

    case: PeriodFacts

    @property
    def recent(self) -> pd.DataFrame:
        """The rates of the whole company (`PeriodFacts.recent_as_planned`); may be empty."""
        return self.case.recent_as_planned

    @property
    def learnt(self) -> Learnt:
        """What the records say of the tiers' rates and deal sizes."""
        return self.case.learnt

    @property
    def months(self) -> MonthEffects:
        """How periods differ, for the chance of a plan (`PeriodFacts.months_ahead`)."""
        return self.case.months_ahead

    @property
    def bandwidth(self) -> Bandwidth | None:
        """The agreed capacity against the agreed plan; None where none is agreed."""
        return self.case.bandwidth

    @cached_property
    def tracked(self) -> pd.DataFrame:
        """The tracked metrics of the complete periods that rates are learnt from: twelve, or a year of weeks,
        since what twelve of these came to is one season's, and what twelve brought has not closed yet."""
        case = self.case
        spans = covered(case.facts, case.learnt_from)
        tracked = case.tracked if spans == case.trailing else track_periods(case.promised, spans)
        return tracked[tracked["complete"]]

    @cached_property
    def ranges(self) -> dict[tuple[str, ...], Range]:
        """By path of a plan value, what the records suggest: the interval that holds the true rate four times
        in five, or the least and the most of the periods behind them (quota, sales cycle)."""
        case = self.case
        ranges: dict[tuple[str, ...], Range] = {}
        for key, column in (("quota", "all_revenue"), ("sales_cycle_days", "median_days")):
            known = self.tracked[column].dropna()
            if len(known) and known.max() > 0:
                ranges[(key,)] = (float(known.min()), float(known.max()))
        for row in self.recent.to_dict("records"):
            ranges |= {(key,): _ends(row, key) for key in RATES}
        for group, key in (("tiers", "tier"), ("segments", "segment")):
            ranges |= self._of_parts(group, key)
        if self.bandwidth is not None:
            speed, depth = (_whole(frame) for frame in (case.follow_up.speed, case.follow_up.depth))
            ranges[("speed", "hours")] = (speed["median_hours"], speed["p90_hours"])
            ranges[("depth", "attempts")] = (depth["mean_attempts"], depth["mean_attempts"])
        return {path: ends for path, ends in ranges.items() if not any(map(pd.isna, ends))}

    def _of_parts(self, group: str, key: str) -> dict[tuple[str, ...], Range]:
        """The ranges of the plan's tiers or segments."""
        parts = getattr(self.case.plan, group)
        columns = {name: name for name in RATES} | ({"value": "lead_value"} if group == "tiers" else {})
        recent = self.case.recent_by(key) if parts else None
        return {
            (group, row[key], name): _ends(row, column)
            for row in (recent.to_dict("records") if parts else ())
            if row[key] in parts
            for name, column in columns.items()
            if name in type(parts[row[key]]).model_fields
        }

    @cached_property
    def arrivals(self) -> pd.DataFrame:
        """Leads of marketing created, by complete period (rows, oldest first) and promised tier (columns)."""
        case, tiers = self.case, list(self.case.plan.tiers)
        periods = self.tracked["period"].tolist()
        cohorts = case.facts.cohorts([span for span in case.learnt_from if label(span) in periods])
        own = cohorts[cohorts["sourced_by"] == "marketing"]
        own = own[own["tier"].isin(tiers)] if tiers else own.assign(tier="")
        table = own.pivot_table(index="period", columns="tier", values="leads", aggfunc="sum", fill_value=0.0)
        return table.reindex(index=periods, columns=tiers or [""], fill_value=0.0).astype(float)

    @property
    def lately(self) -> pd.Series:
        """Leads of a period by tier, on average of the last three complete ones; empty without history."""
        return self.arrivals.tail(LATELY).mean() if len(self.arrivals) else pd.Series(dtype=float)


def gather(case: PeriodFacts) -> Suggested:
    """What the records of a period suggest; its what-ifs play no part.

    Raises
    ------
    SlanbError : where the period is not of the agreement's measure, or there is no plan for it.
    """
    if case.spans != [case.period]:
        raise SlanbError(
            f"period is {case.label}, but scenarios are of one {case.terms.agreement.measure}: choose one."
        )
    return Suggested(PeriodFacts(case.facts, case.terms, case.period))


def _ends(row: dict, column: str) -> Range:
    return (row[f"{column}_low"], row[f"{column}_high"])


def _whole(frame: pd.DataFrame) -> dict[str, float]:
    """The whole period's row of a frame of follow-up; NaN where no lead was followed up in it."""
    rows = frame[(frame["grain"] == "whole") & (frame["cut"] == "all")].to_dict("records")
    return rows[0] if rows else dict.fromkeys(frame.columns, float("nan"))
