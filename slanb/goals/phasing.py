"""The goal in time: which month's quota this month's leads pay for, and what a shortfall now does later.

Part of `slanb.goals`. The plain chain asks this month's leads for this month's customers; most of those come
from leads that are already there, and this month's leads are for the months to come.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.estimates.timephased import shortfall_effect, time_phased
from slanb.facts import Facts
from slanb.facts.evidence import Evidence, corrected_by
from slanb.goals.past import delivered
from slanb.periods import label, months_of, trailing
from slanb.terms import Terms
from slanb.terms.goals import Goals, goals_of, has_goals

AHEAD = 6  # months planned
BURST = 1.5  # times the best past month: what marketing can bring at most
NOTICED = 0.01  # share of a goal below which what is short goes untold
ASSUMED = 0.1  # share of the goal taken to be missing while the month still runs
COLUMNS = [
    "period", "goal", "pipe", "leads", "leads_confident", "expected", "short", "chance", "naive", "effect",
]  # fmt: skip


@dataclass(frozen=True)
class Phased:
    """Leads needed month by month so that each month's marketing revenue goal closes in it.

    months : `period`; `goal`, `pipe` (expected from leads already created), `expected` (with the planned
        ones), `short` (missing whatever is done now) in money; `leads` needed, `leads_confident` (so that
        each month reaches its goal with the agreed confidence), `naive` (the plain chain's), `chance` (with
        `leads`), and `effect` (what `missing` leads of the first month do to the month's revenue). Empty
        where nothing can be told.
    missing : leads by which the first month fell short of its plain goal (negative: a surplus); while it runs
        a tenth of the goal, as a what-if.
    assumed : whether `missing` is that what-if.
    reason : why the run-off is not known to its end; empty where it is. Then more is asked for than needed.
    """

    months: pd.DataFrame
    missing: float
    assumed: bool
    reason: str

    def note(self, words: Wording) -> str:
        """What the last column is about, and what limits the table."""
        if self.months.empty:
            return words.text("Not enough whole months on record to tell when customers come.")
        month = words.period(self.months["period"].iloc[0])
        amount = words.value(abs(self.missing), "leads")
        if self.assumed:
            said = words.text(
                "The last column: if {amount} of {month} stayed missing.", amount=amount, month=month
            )
        elif self.missing == 0:
            said = words.text("The leads goal of {month} was met to the lead.", month=month)
        elif self.missing > 0:
            said = words.text(
                "The last column: {amount} were missing in {month}, and this is what they cost later months.",
                amount=amount, month=month,
            )  # fmt: skip
        else:
            said = words.text(
                "The last column: what the {amount} above the goal of {month} bring in later months.",
                amount=amount, month=month,
            )  # fmt: skip
        if self.reason:
            still = words.text("Customers still come at the oldest age on record: read it as a first guess.")
            said = f"{said} {still}"
        return said

    def sentences(self, words: Wording) -> list[str]:
        """How much of the month's goal is in the pipe, and what its leads cannot bring in time."""
        if self.months.empty:
            return []
        now = self.months.iloc[0]
        said = words.text(
            "Of the {goal} due in {month}, {share} was to come from leads created before it.",
            goal=words.money(now["goal"]),
            month=words.period(now["period"]),
            share=words.share(now["pipe"] / now["goal"], 0),
        )
        if now["short"] < NOTICED * now["goal"]:
            takes = words.text(
                "To close each coming month's goal in that month takes {leads} leads now, beside the {naive} "
                "of the plain chain.",
                leads=words.number(now["leads"]),
                naive=words.number(now["naive"]),
            )
            return [f"{said} {takes}"]
        lacks = words.text(
            "{short} of it would have needed leads in earlier months: most of what this month's leads bring "
            "closes later.",
            short=words.money(now["short"]),
        )
        return [f"{said} {lacks}"]

    def figures(self) -> list[Figure]:
        """Leads needed in the first month, time-phased, and what is in the pipe for it."""
        if self.months.empty:
            return []
        now = self.months.iloc[0]
        rows = [
            (
                "plan.leads_phased", "Leads so that each coming month closes its own goal", "leads", "leads",
                "least leads with pipe + Σ leads × close rate × run-off ≥ goal in each coming month",
            ),
            (
                "plan.pipe", "Revenue expected in the period from leads created before it", "pipe", "money",
                "Σ past leads × their close rate × run-off × deal size",
            ),
            (
                "plan.short", "Revenue that leads created now cannot bring in time", "short", "money",
                "goal − pipe − what leads of the period bring in it",
            ),
        ]  # fmt: skip
        return [Figure(id_, now[column]) for id_, name, column, unit, how in rows]


def phase(
    facts: Facts,
    terms: Terms,
    goals: Goals,
    evidence: Evidence,
    *,
    confidence: float,
    what_if: Mapping | None = None,
    deal_spread: float = 0.0,
) -> Phased:
    """The goals of the period's months and those after it, phased in time.

    Parameters
    ----------
    goals : of the period; its first month is the one leads are asked for.
    confidence : the chance with which each month is to reach its goal, for `leads_confident`.
    what_if : plan values that replace the agreed ones in the period.
    deal_spread : standard deviation of a deal's size over its mean.
    """
    nothing = Phased(pd.DataFrame(columns=COLUMNS), float("nan"), False, "")
    months = months_of(goals.period)
    months = list(pd.period_range(months[0], periods=max(AHEAD, len(months))))
    if terms.agreement.measure != "month" or evidence.by_month is None:
        return nothing
    months = [month for month in months if has_goals(terms, month)]
    own = set(months_of(goals.period))
    given = {key: value for key, value in (what_if or {}).items() if key != "quota" or len(own) == 1}
    plans = [goals_of(terms, month, given if month in own else None).total for month in months]
    goal = pd.Series([plan["marketing_goal"] for plan in plans], index=[label(month) for month in months])
    first, shares = plans[0], evidence.by_month.shares
    if not goal.iloc[0] > 0 or not first["leads"] > 0:
        return nothing
    past = [month for month in trailing(months[0] - 1, len(shares)) if month >= evidence.months[0]]
    seen = (
        corrected_by(facts, past, evidence) if past else pd.DataFrame({"n": [], "credible": [], "plain": []})
    )
    settings = {
        "close_rate": first["close_rate"],
        "shares": shares,
        "created": seen["n"].to_numpy(dtype=float),
        "created_rate": _rates(seen, first["close_rate"]),
        "deal_size": first["deal_size"],
        "deal_spread": deal_spread,
    }
    most = max([BURST * seen["n"].max() if len(seen) else 0.0, BURST * first["leads"]])
    table = time_phased(goal, most=most, **settings)
    sure = time_phased(goal, most=most, confidence=confidence, **settings)["leads"]
    complete = bool(facts.standing(months[:1])["complete"].iloc[0])
    promised = round(first["leads"])  # leads come whole
    came = delivered(facts, terms, goals, months[0].start_time, months[0].end_time.normalize())
    missing = promised - came["leads"].sum() if complete else ASSUMED * promised
    effect = first["deal_size"] * shortfall_effect(missing, close_rate=first["close_rate"], shares=shares)
    table = table.assign(
        leads_confident=sure, effect=-effect.reindex(range(len(table)), fill_value=0.0).to_numpy() + 0.0
    )
    table = table.rename_axis("period").reset_index()[COLUMNS]
    return Phased(table, float(missing), not complete, evidence.by_month.reason)


def _rates(seen: pd.DataFrame, agreed: float) -> np.ndarray:
    """What past months' leads are to come to: corrected for age, else plain, else as agreed."""
    return seen["credible"].astype(float).fillna(seen["plain"]).fillna(agreed).to_numpy(dtype=float)


def spread_of(amounts: np.ndarray) -> float:
    """Standard deviation of deal sizes over their mean; 0 with fewer than two.

    >>> spread_of(np.array([50.0, 150.0])), spread_of(np.array([]))
    (0.5, 0.0)
    """
    return float(amounts.std() / amounts.mean()) if len(amounts) > 1 and amounts.mean() > 0 else 0.0
