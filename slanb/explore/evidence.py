"""What the company's own records say beside the bench's sliders, gathered once when it is opened.

Part of `slanb.explore`. The numbers are those of the reports: rates over the trailing periods as notebook 02
has them, capacity and follow-up as notebook 05.
"""

from dataclasses import dataclass

import pandas as pd

from slanb.errors import SlanbError
from slanb.facts.capacity import Bandwidth
from slanb.facts.evidence import learn
from slanb.facts.tracked import covered, track_periods, track_recent
from slanb.goals.certainty import Learnt, learn_tiers
from slanb.goals.sensitivity import MEASURED
from slanb.open_period import OpenPeriod
from slanb.periods import label, spans_of, trailing
from slanb.sales import report_sales
from slanb.terms.goals import goals_of

Range = tuple[float, float]
LATELY = 3  # periods behind "of late", as in `goals.History`


@dataclass(frozen=True)
class Evidence:
    """What the records support, for the ranges marked on sliders and for the answers.

    recent : `track_recent` of the whole company; may be empty.
    ranges : by path of a plan value, what the records suggest: the interval that holds the true rate four
        times in five, or the least and the most of the trailing periods (quota, sales cycle).
    arrivals : leads of marketing by complete period (rows, oldest first) and promised tier (columns).
    learnt : what the records say of the tiers' rates and deal sizes, as notebook 01 has it.
    bandwidth : the agreed capacity as notebook 05 has it; None where no capacity or no depth is agreed.
    """

    recent: pd.DataFrame
    ranges: dict[tuple[str, ...], Range]
    arrivals: pd.DataFrame
    learnt: Learnt
    bandwidth: Bandwidth | None

    @property
    def lately(self) -> pd.Series:
        """Leads of a period by tier, on average of the last three complete ones; empty without history."""
        return self.arrivals.tail(LATELY).mean() if len(self.arrivals) else pd.Series(dtype=float)


def gather(opened: OpenPeriod, *, n: int = 12) -> Evidence:
    """What the records of `opened` say, over the `n` periods before it and itself where it has ended.

    Raises
    ------
    SlanbError : where the period is not of the agreement's measure, or there is no plan for it.
    """
    facts, terms, period = opened.facts, opened.terms, opened.period
    if spans_of(period, terms.agreement.measure) != [period]:
        raise SlanbError(
            f"period is {label(period)}, but scenarios are of one {terms.agreement.measure}: choose one."
        )
    plan = terms.plan(period)
    recent = track_recent(facts, period, n=n)
    spans = covered(facts, trailing(period, n))
    tracked = track_periods(facts, spans)
    complete = tracked[tracked["complete"]]

    ranges: dict[tuple[str, ...], Range] = {}
    for key, column in (("quota", "all_revenue"), ("sales_cycle_days", "median_days")):
        known = complete[column].dropna()
        if len(known) and known.max() > 0:
            ranges[(key,)] = (float(known.min()), float(known.max()))
    for row in recent.to_dict("records"):
        ranges |= {(key,): _ends(row, column) for key, column in MEASURED.items()}
    for group, key in (("tiers", "tier"), ("segments", "segment")):
        parts = getattr(plan, group)
        for row in track_recent(facts, period, n=n, keys=[key]).to_dict("records"):
            if row[key] in parts:
                columns = {**MEASURED, **({"value": "lead_value"} if group == "tiers" else {})}
                ranges |= {
                    (group, row[key], name): _ends(row, column)
                    for name, column in columns.items()
                    if name in type(parts[row[key]]).model_fields
                }
    bandwidth = None
    if plan.capacity and plan.depth:
        sales = report_sales(facts, terms, period, n=n)
        bandwidth = sales.bandwidth
        waits, tried = sales.total[["median_hours", "p90_hours"]], sales.deep["mean_attempts"]
        ranges[("speed", "hours")] = (float(waits.iloc[0]), float(waits.iloc[1]))
        ranges[("depth", "attempts")] = (float(tried), float(tried))
    return Evidence(
        recent=recent,
        ranges={path: ends for path, ends in ranges.items() if not any(map(pd.isna, ends))},
        arrivals=_arrivals(opened, list(complete["period"]), list(plan.tiers)),
        learnt=learn_tiers(facts, goals_of(terms, period), learn(facts, period), period, n=n),
        bandwidth=bandwidth,
    )


def _ends(row: dict, column: str) -> Range:
    return (row[f"{column}_low"], row[f"{column}_high"])


def _arrivals(opened: OpenPeriod, periods: list[str], tiers: list[str]) -> pd.DataFrame:
    spans = [span for span in trailing(opened.period, 24) if label(span) in periods]
    cohorts = opened.facts.cohorts(spans)
    own = cohorts[cohorts["sourced_by"] == "marketing"]
    own = own[own["tier"].isin(tiers)] if tiers else own.assign(tier="")
    table = own.pivot_table(index="period", columns="tier", values="leads", aggfunc="sum", fill_value=0.0)
    return table.reindex(index=periods, columns=tiers or [""], fill_value=0.0).astype(float)
