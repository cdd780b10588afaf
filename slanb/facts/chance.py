"""How sure a leads goal is: the chance that it suffices, and the leads for the agreed confidence.

The plain goal is an expectation: about every second period falls short of it even if every assumption holds.
Two readings stand side by side: the assumptions as agreed, and as the records have them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb.dictionary.figures import Figure
from slanb.estimates.mix import Reach, reach
from slanb.estimates.months import MonthEffects
from slanb.estimates.rounding import whole_parts
from slanb.facts.learnt import ENOUGH_CUSTOMERS, Learnt
from slanb.terms.goals import Goals

DRAWS, CELLS = 2000, 4_000_000  # simulated periods; and customers in all of them
MOST = 20_000  # customers simulated one by one; of more, each stands for several
READINGS = ("agreed", "records")


@dataclass(frozen=True)
class Certainty:
    """How sure the leads goal of a period is.

    confidence : the chance agreed for the goals.
    goals : the goals themselves.
    reaches : `estimates.Reach` by (reading, goal): `agreed` or `records`, `customers` or `revenue`. Only what
        the records support is in it.
    """

    confidence: float
    goals: Goals
    reaches: Mapping[tuple[str, str], Reach]

    def leads(self, reading: str = "agreed", goal: str = "customers") -> float:
        """Leads that reach the goal with the agreed confidence, in the plan's mix; NaN where not known."""
        if (reading, goal) not in self.reaches:
            return float("nan")
        scale = self.reaches[reading, goal].scale(self.confidence)
        return float(np.ceil(self.goals.total["leads"] * scale - 1e-6)) if np.isfinite(scale) else np.inf

    def chance(self, reading: str = "agreed", goal: str = "customers") -> float:
        """Chance that the plain leads goal reaches the goal; NaN where not known."""
        known = self.reaches.get((reading, goal))
        return float("nan") if known is None else known.chance(1.0)

    def by_tier(self) -> pd.Series:
        """Leads of each tier for the agreed confidence, assumptions as agreed: whole, and adding up."""
        return whole_parts(self.goals.by("tier").set_index("tier")["leads"], whole=self.leads())

    def table(self) -> pd.DataFrame:
        """How sure the leads needed are, and how many are as sure as agreed.

        Returns
        -------
        One row a reading and goal: `reading`, `goal` (`customers`, `revenue`), `goal_amount` (in its `unit`;
        customers whole), `plain` (leads needed), `chance` (that these suffice), `leads_confident` (infinite
        where no number of leads is enough), `more` (of them than needed) and `confidence` (as agreed).
        """
        total = self.goals.total
        amounts = {"customers": np.ceil(total["customers"] - 1e-9), "revenue": total["marketing_goal"]}
        rows = []
        for reading in READINGS:
            for goal in amounts:
                if (reading, goal) not in self.reaches:
                    continue
                enough = self.leads(reading, goal)
                unit = "customers" if goal == "customers" else "money"
                row = (reading, goal, amounts[goal], unit, total["leads"], self.chance(reading, goal), enough)
                rows.append((*row, enough - total["leads"], self.confidence))
        columns = ["reading", "goal", "goal_amount", "unit", "plain", "chance", "leads_confident"]
        return pd.DataFrame(rows, columns=[*columns, "more", "confidence"])

    def curve(self) -> pd.DataFrame:
        """Chance of the customers by leads: `leads`, `agreed`, and `records` where they support it; the leads
        needed and those of `leads_confident` are among them."""
        known = {
            reading: self.reaches[reading, "customers"]
            for reading in READINGS
            if (reading, "customers") in self.reaches
        }
        ends = [each.scales[np.isfinite(each.scales)] for each in known.values()]
        highest = min(max([1.3, *(np.quantile(end, 0.99) for end in ends if len(end))]), 4.0)
        needed = self.goals.total["leads"]
        marked = [needed, *(self.leads(reading) for reading in known)]
        shown = [leads for leads in marked if leads < highest * needed]
        frame = pd.DataFrame({"leads": np.union1d(np.linspace(0.5, highest, 61) * needed, shown)})
        chances = {
            reading: [each.chance(leads / needed) for leads in frame["leads"]]
            for reading, each in known.items()
        }
        return frame.assign(**chances)

    def figures(self) -> list[Figure]:
        """Leads for the agreed confidence and the plain goal's chance, in every reading; and by tier."""
        figures = []
        for reading, goal in self.reaches:
            suffix = ("_revenue" if goal == "revenue" else "") + ("_learnt" if reading == "records" else "")
            figures += [
                Figure(f"plan.leads_confident{suffix}", self.leads(reading, goal)),
                Figure(f"plan.chance{suffix}", self.chance(reading, goal)),
            ]
        if self.reaches:
            figures += [
                Figure(f"plan.tier.{tier}.leads_confident", leads)
                for tier, leads in self.by_tier().items()
                if tier
            ]
        return figures


def certain(
    goals: Goals,
    confidence: float,
    learnt: Learnt | None = None,
    *,
    months: MonthEffects | None = None,
    of: Sequence[str] = ("customers", "revenue"),
    seed: int = 0,
) -> Certainty:
    """How sure the goals are, with the agreed assumptions and with those learnt.

    As agreed, close rates are known, and chance and the period's own effect are at work; deal sizes scatter
    as the past ones of the tier did (all tiers', where it has fewer than five) around the agreed mean, or not
    at all without records. As learnt, what is not known of rates and sizes is at work as well
    (`estimates.reach`), and where the rates are now.

    Parameters
    ----------
    confidence : the chance wanted, between 0 and 1.
    learnt : what the records say (`learn_tiers`); None gives the agreed reading alone.
    months : how periods differ; None takes them for alike.
    of : the goals asked about; one of them alone takes half the time.
    seed : of the simulated periods; 2,000 of them, fewer where a period has thousands of customers. Of more
        than `MOST` customers a part stands for all: what chance then adds is below 1 %.
    """
    total = goals.total
    if not (total["customers"] > 0 and total["leads"] > 0):
        return Certainty(confidence, goals, {})
    part = min(MOST / total["customers"], 1.0)
    draws = int(np.clip(CELLS / (3 * part * total["customers"]), 200, DRAWS))
    simulated = {"months": months, "draws": draws, "seed": seed}
    cells = goals.cells.groupby(["tier", "close_rate", "deal_size"], as_index=False)["leads"].sum()
    plans = {"agreed": (cells, agreed_sizes(cells, learnt) if "revenue" in of else {})}
    if learnt is not None and learnt.enough:
        plans["records"] = on_record(goals, learnt)
    reaches = {}
    for reading, (plan, sizes) in plans.items():
        plan = plan.assign(leads=plan["leads"] * part)
        for goal in of:
            target = (
                {"customers": total["customers"] * part}
                if goal == "customers"
                else {"revenue": total["marketing_goal"] * part, "deal_sizes": sizes}
            )
            reaches[reading, goal] = reach(plan, **target, **simulated)
    return Certainty(confidence, goals, reaches)


def on_record(goals: Goals, learnt: Learnt) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """The planned leads by tier with the rates on record, and deal sizes; each tier's own, those of a thin
    one drawn toward what is agreed (`Learnt.drawn`)."""
    tiers = goals.by("tier").set_index("tier", drop=False)
    rates = learnt.drawn(tiers["close_rate"])
    sizes = agreed_sizes(tiers, learnt)
    read = learnt.read
    amounts = {tier: learnt.amounts[tier] if read[tier] else sizes[tier] for tier in rates.index}
    return tiers[["leads"]].join(rates), amounts


def agreed_sizes(cells: pd.DataFrame, learnt: Learnt | None) -> dict[int, np.ndarray]:
    """Deal sizes by row of `cells` (`tier`, `deal_size`), scattered as past ones around the agreed mean."""
    amounts = {} if learnt is None else learnt.amounts
    everything = np.concatenate([*amounts.values(), []])
    sizes = {}
    for row in cells.itertuples():
        own = amounts.get(row.tier, everything)
        own = own if len(own) >= ENOUGH_CUSTOMERS else everything
        usable = len(own) >= ENOUGH_CUSTOMERS and own.mean() > 0
        sizes[row.Index] = own / own.mean() * row.deal_size if usable else np.array([row.deal_size])
    return sizes
