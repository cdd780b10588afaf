"""The closings of a period by the months whose leads they came from: as planned, and as they came."""

import numpy as np
import pandas as pd

from slanb.estimates.triangle import development
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import covered
from slanb.periods import label, months_of, trailing
from slanb.terms.goals import Goals, goals_of

OLDEST = 120  # months back whose leads are followed
LIKE_ALL = 20  # customers of all tiers whose run-off a tier's own is mixed with


def fed_by(case: PeriodFacts) -> list[pd.Period]:
    """The months whose leads may close in the period, oldest first, as far back as the records reach."""
    return covered(case.facts, trailing(months_of(case.period)[-1], OLDEST))


def first_agreed(case: PeriodFacts) -> pd.Period:
    """The first of these months in which the agreement was in force."""
    return next(month for month in fed_by(case) if case.terms.is_in_force(_span(case, month)))


def cells(case: PeriodFacts) -> pd.DataFrame:
    """What each cohort and tier was planned to close in each month of the period, and what it closed.

    Planned leads, close rates and deal sizes of a cohort are those of the terms in force in its month (a
    quarter's or year's leads spread evenly over its months). Before the agreement nothing was promised:
    leads count as they came, at the first agreed rates and sizes. Where a cohort's first wins are missing in
    the records, its rate to date is taken as planned. How fast customers come is the run-off by month, each
    tier's own mixed with that of all (`LIKE_ALL`).

    Returns
    -------
    The columns `estimates.revenue_gap` takes.
    """
    months = fed_by(case)
    closed = case.facts.closings_by_cohort(months)
    planned = _planned(case, months)
    if not case.goals.tiers:
        closed = closed.assign(tier="").groupby(["period", "tier", "closed"], as_index=False).sum()
    keys = ["period", "tier"]
    own = closed.groupby(keys, as_index=False)["leads"].sum().merge(planned, on=keys, how="outer")
    own["leads"] = own["leads"].fillna(0.0)
    before = own["period"] < label(first_agreed(case))
    own["plan_leads"] = own["plan_leads"].where(~before, own["leads"]).fillna(0.0)
    place = {label(month): n for n, month in enumerate(months)}
    cut = case.facts.standing(months)["truncated"].to_numpy()
    own = own.assign(place=own["period"].map(place), cut=cut[own["period"].map(place)])
    due = _due(case, closed, len(months))
    rows = [_in_month(own, closed, due, label(month), place) for month in months_of(case.period)]
    return pd.concat(rows, ignore_index=True)


def _in_month(own, closed, due, month, place):
    """The cells of one month of closing, without the cohorts that had nothing to bring and brought nothing."""
    keys = ["period", "tier"]
    rows = own[own["place"] <= place[month]]
    now = closed[closed["closed"] == month].set_index(keys)[["customers", "revenue"]]
    until = closed[(closed["closed"] != "") & (closed["closed"] <= month)]
    so_far = until.groupby(keys)["leads"].sum().rename("customers_so_far")
    rows = rows.join(now, on=keys).join(so_far, on=keys)
    rows = rows.fillna({"customers": 0.0, "revenue": 0.0, "customers_so_far": 0.0})
    later = place[month] - rows["place"].to_numpy()
    shares = np.array([due.get(tier, due[None]) for tier in rows["tier"]]).reshape(len(rows), -1)
    rows["due"] = shares[np.arange(len(rows)), later]
    rows["due_so_far"] = shares.cumsum(axis=1)[np.arange(len(rows)), later].clip(max=1.0)
    expected = rows["leads"] * rows["close_rate"] * rows["due_so_far"]
    rows["customers_so_far"] = rows["customers_so_far"].mask(rows["cut"] & (expected > 0), expected)
    some = (rows["due"] > 0) | (rows["customers"] > 0)
    rows = rows[some.groupby(rows["period"]).transform("any")]
    return rows.assign(cohort=month + " " + rows["period"])


def _due(case, closed, length):
    """Share of a cohort's customers that closes at each age in months, by tier; None is all tiers."""
    whole = case.evidence.by_month.shares.to_numpy()
    names = [label(month) for month in case.evidence.months]
    first = closed[closed["period"].isin(names) & closed["closed"].isin(names)]
    at = {name: n for n, name in enumerate(names)}
    ages = np.arange(len(names))
    triangles = {}
    for tier, part in first.groupby("tier"):
        triangles[tier] = np.zeros((len(names), len(names)))
        row = part["period"].map(at).to_numpy()
        triangles[tier][row, part["closed"].map(at).to_numpy() - row] = part["leads"]
    every = sum(triangles.values(), np.zeros((len(names), len(names))))
    found = {None: whole}
    for tier, triangle in triangles.items():
        mixed = (triangle + every * LIKE_ALL / max(every.sum(), 1.0)).cumsum(axis=1)
        mixed[ages > ages[::-1, None]] = np.nan
        shares = development(pd.DataFrame(mixed)).shares.to_numpy()
        found[tier] = shares if np.isfinite(shares).all() else whole
    return {tier: np.pad(shares, (0, max(length - len(shares), 0))) for tier, shares in found.items()}


def _planned(case, months):
    """Planned leads, close rate and deal size of each month and tier; of a month before the agreement those
    of the first agreed one."""
    rows, terms, known = [], {}, None
    for month in reversed(months):
        span = _span(case, month)
        if span not in terms and case.terms.is_in_force(span):
            terms[span] = _by_tier(case, span)
        known = terms.get(span, known)
        rows.append(known.assign(period=label(month)))
    return pd.concat(rows, ignore_index=True)


def _by_tier(case, span):
    own = case.goals.cells[case.goals.cells["period"] == label(span)]
    cells = own if len(own) else goals_of(case.terms, span).cells
    if not case.goals.tiers:
        cells = cells.assign(tier="")
    frame = Goals(span, cells).by("tier")
    frame["plan_leads"] = frame["leads"] / len(months_of(span))
    return frame[["tier", "plan_leads", "close_rate", "deal_size"]]


def _span(case, month):
    """The period of the agreement's measure that the month lies in."""
    return month if case.spans[-1].freqstr == "M" else month.asfreq(case.spans[-1].freqstr)
