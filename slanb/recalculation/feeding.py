"""The closings of a period by the months whose leads they came from: as planned, and as they came."""

import numpy as np
import pandas as pd

from slanb.estimates.triangle import development
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import covered
from slanb.periods import label, months_of, trailing
from slanb.terms.goals import Goals, goals_of

OLDEST = 120  # months back whose leads are followed
OLDEST_WEEKS = 520
LIKE_ALL = 20  # customers of all tiers that a tier's own run-off is mixed with
MOST_TIERS = 20  # with a run-off of their own
ALL = None


def parts_of(case: PeriodFacts) -> list[pd.Period]:
    """The months of the period; its weeks, where the agreement measures by them."""
    return case.spans if case.terms.agreement.measure == "week" else months_of(case.period)


def fed_by(case: PeriodFacts) -> list[pd.Period]:
    """The months (weeks, as `parts_of`) whose leads may close in the period, oldest first, as far back as the
    records reach."""
    own = parts_of(case)
    return covered(case.facts, trailing(own[-1], OLDEST_WEEKS if own is case.spans else OLDEST))


def first_agreed(case: PeriodFacts) -> pd.Period:
    """The first of these months in which the agreement was in force."""
    return next(month for month in fed_by(case) if case.terms.is_in_force(case.terms.span(month)))


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
    closed = case.promised.closings_by_cohort(months)
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
    rows = [_in_month(own, closed, due, label(month), place) for month in parts_of(case) if month in months]
    return pd.concat(rows, ignore_index=True)


def not_promised(case: PeriodFacts) -> float:
    """What closed in the period from marketing's leads that nothing was promised of, money."""
    if case.promised is case.facts:
        return 0.0
    months, own = fed_by(case), [label(month) for month in parts_of(case)]
    sums = []
    for facts in (case.facts, case.promised):
        closed = facts.closings_by_cohort(months)
        sums.append(float(closed.loc[closed["closed"].isin(own), "revenue"].sum()))
    return sums[0] - sums[1]


def _in_month(own, closed, due, month, place):
    """The cells of one month of closing, without cohorts that had nothing to bring and brought nothing."""
    keys = ["period", "tier"]
    rows = own[own["place"] <= place[month]]
    now = closed[closed["closed"] == month].set_index(keys)[["customers", "revenue"]]
    until = closed[(closed["closed"] != "") & (closed["closed"] <= month)]
    so_far = until.groupby(keys)["leads"].sum().rename("customers_so_far")
    rows = rows.join(now, on=keys).join(so_far, on=keys)
    rows = rows.fillna({"customers": 0.0, "revenue": 0.0, "customers_so_far": 0.0})
    later = place[month] - rows["place"].to_numpy()
    which = due.index.get_indexer(rows["tier"].where(rows["tier"].isin(due.index), ALL))
    rows["due"] = due.to_numpy()[which, later]
    rows["due_so_far"] = due.to_numpy().cumsum(axis=1).clip(max=1.0)[which, later]
    expected = rows["leads"] * rows["close_rate"] * rows["due_so_far"]
    rows["customers_so_far"] = rows["customers_so_far"].mask(rows["cut"] & (expected > 0), expected)
    some = (rows["due"] > 0) | (rows["customers"] > 0)
    rows = rows[some.groupby(rows["period"]).transform("any")]
    return rows.assign(cohort=month + " " + rows["period"])


def _due(case, closed, length):
    """Share of a cohort's customers that closes at each age in months: a row a tier, the last one all."""
    months, developed = case.run_off
    whole = developed.shares.to_numpy()
    place = {label(month): n for n, month in enumerate(months)}
    first = closed[closed["period"].isin(place.keys()) & closed["closed"].isin(place.keys())]
    first = first.assign(row=first["period"].map(place), later=first["closed"].map(place))
    customers = first.groupby("tier")["leads"].sum()
    large = customers[customers >= LIKE_ALL].nlargest(MOST_TIERS).index
    ages, every = np.arange(len(place)), _triangle(first, len(place))
    shares = {}
    for tier in large:
        mixed = _triangle(first[first["tier"] == tier], len(place)) + every * LIKE_ALL / every.sum()
        cumulative = np.where(ages <= ages[::-1, None], mixed.cumsum(axis=1), np.nan)
        own = development(pd.DataFrame(cumulative[:, : len(whole)])).shares.to_numpy()
        shares[tier] = own if np.isfinite(own).all() else whole
    due = pd.DataFrame.from_dict(shares | {ALL: whole}, orient="index")
    return due.reindex(columns=range(max(length, len(whole))), fill_value=0.0)


def _triangle(first, length):
    """Customers by month of creation and months until their first win."""
    triangle = np.zeros((length, length))
    np.add.at(triangle, (first["row"].to_numpy(), (first["later"] - first["row"]).to_numpy()), first["leads"])
    return triangle


def _planned(case, months):
    """Planned leads, close rate and deal size of each month and tier; of a month before the agreement, and of
    one too long ago for customers to be due, those of the next month."""
    reach = parts_of(case)[0] - len(case.run_off[1].shares)
    cells, stand_in = {}, {}
    for month in reversed(months):
        span = case.terms.span(month)
        if span not in cells and (not cells or month >= reach) and case.terms.is_in_force(span):
            cells[span] = _cells(case, span)
        stand_in[label(month)] = span if span in cells else next(reversed(cells))
    plan = Goals(case.period, pd.concat(cells.values())).by("period", "tier")
    plan["plan_leads"] = plan["leads"] / len(months_of(case.spans[-1]))
    months = pd.DataFrame({"month": stand_in.keys(), "period": map(label, stand_in.values())})
    planned = months.merge(plan, on="period")[["month", "tier", "plan_leads", "close_rate", "deal_size"]]
    return planned.rename(columns={"month": "period"})


def _cells(case, span):
    own = case.goals.cells[case.goals.cells["period"] == label(span)]
    cells = own if len(own) else goals_of(case.terms, span).cells
    return cells if case.goals.tiers else cells.assign(tier="")
