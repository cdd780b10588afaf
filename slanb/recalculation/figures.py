"""The recalculated numbers as published."""

import pandas as pd

from slanb.dictionary.figures import BLANK, Figure, judge
from slanb.dictionary.messages import Message
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import COUNTED_AS, LEVEL
from slanb.facts.undated import may_have_closed
from slanb.recalculation.drift import measured_rates
from slanb.recalculation.proposal import Proposal
from slanb.recalculation.run_off import why_not
from slanb.recalculation.tracked import AGED
from slanb.terms.targets import own_target

GOALS = {  # id: the goal it is held against
    "closing.revenue": "quota",
    "closing.marketing_revenue": "marketing_goal",
    "closing.sales_revenue": "sales_goal",
}


def figures(
    case: PeriodFacts, months: pd.DataFrame, proposal: Proposal, gap: pd.DataFrame, tiers: pd.DataFrame
) -> list[Figure]:
    """The period's tracked and recalculated numbers.

    Parameters
    ----------
    months : `tracked`. proposal, gap : as the page shows them. tiers : `by_tier`.
    """
    now = months[months["period"] == case.label].iloc[0]
    cases = {"refunds": now["refunds"], "upgrades": now["upgrades"]}  # of the other parts all deals
    parts = [
        Figure(f"gap.{row.key}", row.amount, n=int(cases.get(row.key, now["all_deals"])))
        for row in gap.itertuples()
    ]
    made = [*_of_period(case), *_recent(case), *_corrected(case, now), *_by_tier(tiers), *parts]
    if proposal.period is None:
        return made
    goals = {"planned": proposal.leads_planned, "proposed": proposal.leads_proposed}
    return made + [Figure(f"next.leads_{name}", leads) for name, leads in goals.items()]


def _of_period(case: PeriodFacts) -> list[Figure]:
    """What was tracked in the period, against its goals."""
    now, made = case.tracked.iloc[-1], []
    numbers = {"customers": now["customers"], "leads": now["leads"], "deals": now["closed_priced"]}
    numbers |= {"marketing_revenue": now["closed_revenue"], "revenue": now["all_revenue"]}
    numbers |= {"booked": now["closed_booked"]}
    young = Message("recalculation.young") if now["young"] else ""
    untold = "" if case.facts.coverage["deals"] else Message("recalculation.no_deals")
    for id_, (column, n) in COUNTED_AS.items():
        note = untold or (young if id_.startswith("cohort.") else "")
        known = {"n": 0 if pd.isna(now[n]) else int(now[n]), "parts": numbers, "note": note}
        if f"{column}_low" in now:
            known |= {"low": now[f"{column}_low"], "high": now[f"{column}_high"], "level": LEVEL}
        if target := id_ in GOALS and _goal(case, id_):  # nothing promised, nothing judged
            undated, more = may_have_closed(id_, case.undated_deals)
            told = now[column] + more < target  # whenever the deals without a date closed
            verdict = judge(now[column], at_least=target, complete=now["complete"] and told)
            known |= {"target": target, "verdict": verdict}
            if now["complete"] and verdict == "pending":
                known["note"] = Message("figures.undated", n=undated)
        made.append(Figure(id_, now[column], **known))
    return made


def _goal(case: PeriodFacts, figure: str) -> float:
    """What a clause itself asks of the figure, else the plan."""
    own = own_target(case.terms, case.period, figure)
    return case.goals.total[GOALS[figure]] if own is None else own


def _recent(case: PeriodFacts) -> list[Figure]:
    """The rates the records support now, over the trailing periods."""
    return [
        Figure(f"recent.{key}", row["measured"], n=row["n"], low=row["low"], high=row["high"], level=LEVEL)
        for key, row in measured_rates(case.recent).items()
    ]


def _corrected(case: PeriodFacts, now: pd.Series) -> list[Figure]:
    """Close rates corrected for age: of the period's cohort, of all trailing ones, and in the end."""
    whole, reason = case.evidence.whole, case.evidence.whole.reason
    recent, end = case.learn([""]).rates.loc[""], whole.eventual(level=LEVEL)
    rates = {
        "cohort.close_rate_corrected": (
            *(now[AGED[key]] for key in ("credible", "low", "high")),
            now["leads"],
        ),
        "recent.close_rate_corrected": (recent["corrected"], recent["low"], recent["high"], recent["n"]),
        "run_off.eventual": (end.value, end.low, end.high, whole.leads),
    }
    effects = case.month_effects
    differ = (effects.spread, *effects.spread_range(LEVEL)) if effects.cohorts else (float("nan"),) * 3
    note = Message("recalculation.not_given", why=why_not(reason)) if reason else ""
    made = [
        Figure(id_, value, n=int(n), low=low, high=high, level=LEVEL, note=note)
        for id_, (value, low, high, n) in rates.items()
    ]
    ends = dict(zip(("low", "high"), differ[1:], strict=True))
    return [*made, Figure("recent.months_differ", differ[0], n=effects.cohorts, **ends, level=LEVEL)]


def _by_tier(tiers: pd.DataFrame) -> list[Figure]:
    """The close rate of each tier corrected for age, where it is."""
    return [
        Figure(
            f"tier.{row['tier'] or BLANK}.close_rate_corrected",
            row["close_rate_corrected"],
            n=int(row["n_corrected"]),
            low=row["close_rate_corrected_low"],
            high=row["close_rate_corrected_high"],
            level=LEVEL,
        )
        for row in tiers[tiers["close_rate_corrected"].notna()].to_dict("records")
    ]
