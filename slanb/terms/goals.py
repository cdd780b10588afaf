"""From quota to leads, for any period, by month, segment and tier: the plan made into goals.

The arithmetic is `slanb.formulas`, the numbers are the agreement's plan. A quarter or a year is the
sum of its months, and its rates are those of the sum, so that every table adds up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from slanb import formulas
from slanb.errors import SlanbError
from slanb.periods import label, spans_of
from slanb.terms import Terms

AGREED = ["quota", "marketing_share", "deal_size", "close_rate"]
RATES = ["marketing_share", "deal_size", "close_rate", "value"]
SUMS = ["quota", "marketing_goal", "sales_goal", "customers", "leads", "value_goal"]


@dataclass(frozen=True)
class Goals:
    """The goals of one period.

    `cells`: one row a month (the agreement's measure), segment and tier: `period`, `segment`, `tier`,
    `quota`, `marketing_goal`, `sales_goal` (money), `customers`, `leads` (unrounded), `value` (agreed worth
    of one lead), `value_goal` (money). Blank segment and tier mean the whole.
    """

    period: pd.Period
    cells: pd.DataFrame

    def by(self, *keys: str) -> pd.DataFrame:
        """The goals summed by `period`, `segment` or `tier`, with the rates of the sums.

        Returns
        -------
        The keys, the columns of `cells` that add up, and `marketing_share`, `deal_size`, `close_rate`,
        `value`. Where nothing is asked the rates are those agreed, as if something were.
        """
        if keys not in self._sums:
            frame = rated(self.cells.groupby(list(keys), sort=False, as_index=False)[SUMS].sum())
            self._sums[keys] = self._as_agreed(frame, keys)
        return self._sums[keys].copy(deep=False)

    @cached_property
    def total(self) -> pd.Series:
        """The goals of the whole period, with the rates of the sums."""
        frame = rated(self.cells[SUMS].sum().to_frame().T)
        return self._as_agreed(frame, ()).iloc[0]

    @cached_property
    def _sums(self) -> dict[tuple[str, ...], pd.DataFrame]:
        return {}

    def _as_agreed(self, frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
        if frame[RATES].notna().all(axis=None):
            return frame
        return frame.fillna(_agreed(self.cells.assign(whole=""), [*keys, "whole"])[RATES])

    @property
    def whole(self) -> pd.Series:
        """The agreed numbers of the whole period: `quota`, `marketing_share`, `deal_size`, `close_rate`."""
        return self.total[AGREED]

    def parts(self) -> pd.DataFrame:
        """The agreed numbers, one row a segment and tier: `segment`, `tier`, the columns of `whole`, and
        `value` (agreed worth of a lead)."""
        frame = self.by("segment", "tier")
        return frame[["segment", "tier", *AGREED, "value"]]

    @property
    def tiers(self) -> list[str]:
        """The tiers the plan names, in its order; empty where it names none."""
        return [tier for tier in self.cells["tier"].unique() if tier]


def goals_of(terms: Terms, period: pd.Period, what_if: Mapping | None = None) -> Goals:
    """The goals of `period` under the terms in force, or under a what-if.

    Parameters
    ----------
    terms : the agreement with its period overlays.
    period : a month, quarter or year, not finer than the agreement's measure.
    what_if : plan keys (`quota`, `close_rate`, ...) that replace the plan's; None counts as not given. A
        `quota` is that of the whole period and is spread over its months as the plan's is.

    Raises
    ------
    SlanbError : where the agreement is not in force in the period, or a what-if is impossible.
    """
    given = {key: value for key, value in (what_if or {}).items() if value is not None}
    return _goals(terms, period, given) if given else _agreed_goals(terms, period)


@lru_cache(maxsize=512)  # every page asks for those of the same months
def _agreed_goals(terms: Terms, period: pd.Period) -> Goals:
    return _goals(terms, period, {})


def _goals(terms: Terms, period: pd.Period, what_if: dict) -> Goals:
    spans = spans_of(period, terms.agreement.measure)
    quota = what_if.pop("quota", None) if len(spans) > 1 else None
    if quota is not None:
        quota = terms.plan(spans[0], {"quota": quota}).quota  # held to the same rules as any other
    cells = pd.concat(
        [terms.plan(span, what_if).cells().assign(period=label(span)) for span in spans], ignore_index=True
    )
    if quota is not None:
        cells["quota"] *= _spread(quota, cells["quota"].sum())
    split = {"quota": cells["quota"], "marketing_share": cells["marketing_share"]}
    cells["marketing_goal"] = formulas.marketing_revenue_goal(**split)
    cells["sales_goal"] = formulas.sales_revenue_goal(**split)
    cells["customers"] = formulas.customers_needed(
        revenue_goal=cells["marketing_goal"], deal_size=cells["deal_size"]
    )
    cells["leads"] = formulas.leads_needed(customers=cells["customers"], close_rate=cells["close_rate"])
    cells["value_goal"] = formulas.value_goal(cells["leads"], value=cells["value"])
    return Goals(period, cells)


def goals_in(
    terms: Terms, month: pd.Period, what_if_in: Callable[[pd.Period], Mapping | None] = lambda span: None
) -> Goals:
    """The goals of a month, from those of the agreement's measure: an even part of a longer period's, and of
    periods that the month cuts so much as days of theirs lie in it (`Terms.spans_in`).

    Parameters
    ----------
    what_if_in : the what-ifs that hold in a period of the agreement's measure.
    """
    parts = []
    for span, share in terms.spans_in(month):
        cells = goals_of(terms, span, what_if_in(span)).cells.copy()
        cells[SUMS] *= share
        parts.append(cells)
    return Goals(month, pd.concat(parts, ignore_index=True))


def whole_leads(leads: float | np.ndarray | pd.Series) -> float | np.ndarray | pd.Series:
    """The leads goal as it is promised and judged: leads come whole, and halves are rounded up as on a page.

    >>> float(whole_leads(558.13)), float(whole_leads(100.5))
    (558.0, 101.0)
    """
    return np.floor(leads + 0.5 + 1e-9)  # a sum of parts that is just below a half is one


def has_goals(terms: Terms, period: pd.Period) -> bool:
    """Whether the agreement is in force throughout, so that `goals_of` can sum the whole period."""
    return all(terms.is_in_force(span) for span in spans_of(period, terms.agreement.measure))


def _spread(quota: float, agreed: float) -> float:
    if not agreed:
        raise SlanbError(
            f"parameter quota is {quota}, but the plan's own quota is 0, so it cannot be spread over the "
            "months: give the period's months a quota in params/."
        )
    return quota / agreed


def _agreed(cells: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The rates of each group of cells as if something were asked of it: in the plan's parts, or in equal
    ones where it has none, and of marketing where it has no share."""
    part = cells["part"].where(cells.groupby(keys, sort=False)["part"].transform("sum") > 0, 1.0)
    goal = formulas.marketing_revenue_goal(quota=part, marketing_share=cells["marketing_share"])
    sourced = goal.groupby([cells[key] for key in keys], sort=False).transform("sum") > 0
    customers = goal.where(sourced, part) / cells["deal_size"]
    leads = customers / cells["close_rate"]
    asked = {"quota": part, "goal": goal, "basis": goal.where(sourced, part), "customers": customers}
    sums = cells[keys].assign(**asked, leads=leads, worth=leads * cells["value"])
    sums = sums.groupby(keys, sort=False, as_index=False).sum()
    return sums.assign(
        marketing_share=sums["goal"] / sums["quota"],
        deal_size=sums["basis"] / sums["customers"],
        close_rate=sums["customers"] / sums["leads"],
        value=sums["worth"] / sums["leads"],
    )


def rated(frame: pd.DataFrame) -> pd.DataFrame:
    """Goals that were added up, with the rates of their sums: `marketing_share`, `deal_size`, `close_rate`,
    `value`; NaN where there is nothing to divide by."""
    return frame.assign(
        marketing_share=frame["marketing_goal"] / frame["quota"],
        deal_size=formulas.deal_size(revenue=frame["marketing_goal"], customers=frame["customers"]),
        close_rate=formulas.close_rate(customers=frame["customers"], leads=frame["leads"]),
        value=frame["value_goal"] / frame["leads"],
    )
