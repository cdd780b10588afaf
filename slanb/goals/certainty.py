"""How sure a leads goal is: the chance that it suffices, and the leads for the agreed confidence.

Part of `slanb.goals`. The plain goal is an expectation: about every second period falls short of it even if
every assumption holds. Two readings stand side by side: the assumptions as agreed, and as the records have
them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.estimates.mix import Reach, reach
from slanb.facts import Facts
from slanb.facts.evidence import Evidence, corrected_rate
from slanb.facts.tracked import judged_cohorts
from slanb.periods import trailing
from slanb.terms.goals import Goals

ENOUGH_LEADS, ENOUGH_CUSTOMERS = 30, 5  # of a tier, before its own records are read
DRAWS, CELLS = 2000, 4_000_000  # simulated periods; and customers in all of them
READINGS = ("agreed", "records")


@dataclass(frozen=True)
class Learnt:
    """What the records say of a plan's tiers ("" where it names none).

    rates : by tier `won` customers `of` leads, these corrected for the age of the young ones among them where
        that can be done.
    amounts : by tier the past customers' revenue.
    """

    rates: pd.DataFrame
    amounts: Mapping[str, np.ndarray]

    @property
    def enough(self) -> bool:
        """Whether every tier of the plan can be read from its own records."""
        counts = [len(self.amounts.get(tier, ())) for tier in self.rates.index]
        return bool(
            (self.rates["of"] >= ENOUGH_LEADS).all()
            and (self.rates["won"] >= ENOUGH_CUSTOMERS).all()
            and min(counts, default=0) >= ENOUGH_CUSTOMERS
        )


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
        found = self.reaches.get((reading, goal))
        return float("nan") if found is None else found.chance(1.0)

    def by_tier(self) -> pd.Series:
        """Leads of each tier for the agreed confidence, assumptions as agreed, whole; by tier."""
        scale = self.reaches["agreed", "customers"].scale(self.confidence)
        return np.ceil(self.goals.by("tier").set_index("tier")["leads"] * scale - 1e-6)

    def table(self, words: Wording) -> pd.DataFrame:
        """One row a reading and goal: `what`, `goal`, `unit`, `plain` (leads), `chance`, `leads`, `more`."""
        names = {
            ("agreed", "customers"): words.text("Customers, if the agreed rates hold"),
            ("agreed", "revenue"): words.text("Revenue, if rates and deal sizes hold on average"),
            ("records", "customers"): words.text("Customers, at the rates the records support"),
            ("records", "revenue"): words.text("Revenue, at the records' rates and deal sizes"),
        }
        total = self.goals.total
        rows = [
            {
                "what": names[reading, goal],
                "goal": np.ceil(total["customers"] - 1e-9)
                if goal == "customers"
                else total["marketing_goal"],
                "unit": "customers" if goal == "customers" else "money",
                "plain": total["leads"],
                "chance": self.chance(reading, goal),
                "leads": self.leads(reading, goal),
                "more": self.leads(reading, goal) - total["leads"],
            }
            for reading, goal in names
            if (reading, goal) in self.reaches
        ]
        return pd.DataFrame(rows, columns=["what", "goal", "unit", "plain", "chance", "leads", "more"])

    def curve(self) -> pd.DataFrame:
        """Chance of the customers by leads: `leads`, `agreed`, and `records` where they support it."""
        known = [reading for reading in READINGS if (reading, "customers") in self.reaches]
        ends = [self.reaches[reading, "customers"].scales for reading in known]
        highest = min(
            max([1.3, *(np.quantile(end[np.isfinite(end)], 0.99) for end in ends if len(end))]), 4.0
        )
        marked = [self.reaches[reading, "customers"].scale(self.confidence) for reading in known]
        marked = [
            1.0,
            *(scale for scale in marked if scale < highest),
        ]  # what the figure marks is on the line
        scales = np.union1d(np.linspace(0.5, highest, 61), marked)
        frame = pd.DataFrame({"leads": scales * self.goals.total["leads"]})
        for reading in known:
            found = self.reaches[reading, "customers"]
            frame[reading] = [found.chance(scale) for scale in scales]
        return frame

    def sentences(self, words: Wording) -> list[str]:
        """The plain goal's chance and the leads for the agreed one, in a sentence or two."""
        if not self.reaches:
            return []
        lines = [
            words.text(
                "Even if every agreed rate holds, {plain} leads bring the {customers} customers with a "
                "chance of {chance}; {leads} make it {confidence}.",
                plain=words.number(self.goals.total["leads"]),
                customers=words.number(np.ceil(self.goals.total["customers"] - 1e-9)),
                chance=words.share(self.chance(), 0),
                leads=words.number(self.leads()),
                confidence=words.share(self.confidence, 0),
            )
        ]
        if ("records", "customers") in self.reaches:
            lines.append(
                words.text(
                    "At the rates the records support the plain goal's chance is {chance}, and {confidence} "
                    "takes {leads} leads.",
                    chance=words.share(self.chance("records"), 0),
                    confidence=words.share(self.confidence, 0),
                    leads=words.number(self.leads("records")),
                )
            )
        return lines

    def figures(self) -> list[Figure]:
        """Leads for the agreed confidence and the plain goal's chance, in every reading; and by tier."""
        names = {
            ("agreed", "customers"): ("", "customers, rates as agreed"),
            ("records", "customers"): ("_learnt", "customers, rates learnt from the records"),
            ("agreed", "revenue"): ("_revenue", "revenue, rates and mean deal sizes as agreed"),
            ("records", "revenue"): (
                "_revenue_learnt",
                "revenue, rates and deal sizes learnt from the records",
            ),
        }
        figures = []
        for key, (suffix, what) in names.items():
            if key not in self.reaches:
                continue
            figures += [
                Figure(
                    id=f"plan.leads_confident{suffix}",
                    label=f"Leads for a chance of {self.confidence:.0%}: {what}",
                    value=self.leads(*key),
                    unit="leads",
                    basis="plan",
                    formula=f"fewest leads in the plan's mix with P({key[1]} ≥ goal) ≥ {self.confidence:g}",
                ),
                Figure(
                    id=f"plan.chance{suffix}",
                    label=f"Chance that the plain leads goal suffices: {what}",
                    value=self.chance(*key),
                    unit="share",
                    basis="plan",
                    formula=f"P({key[1]} ≥ goal) with customers needed ÷ close rate leads",
                ),
            ]
        if self.reaches:
            figures += [
                Figure(
                    id=f"plan.tier.{tier}.leads_confident",
                    label=f"Leads for a chance of {self.confidence:.0%}, tier {tier}",
                    value=leads,
                    unit="leads",
                    basis="plan",
                    formula="leads needed × what the whole goal takes for its confidence",
                )
                for tier, leads in self.by_tier().items()
                if tier
            ]
        return figures


def certain(
    goals: Goals,
    confidence: float,
    learnt: Learnt | None = None,
    *,
    of: Sequence[str] = ("customers", "revenue"),
    seed: int = 0,
) -> Certainty:
    """How sure the goals are, with the agreed assumptions and with those learnt.

    As agreed, close rates are known and only chance is at work; deal sizes scatter as the past ones of the
    tier did (all tiers', where it has fewer than five) around the agreed mean, or not at all without records.
    As learnt, what is not known of rates and sizes is at work as well (`estimates.reach`).

    Parameters
    ----------
    confidence : the chance wanted, between 0 and 1.
    learnt : what the records say (`learn_tiers`); None gives the agreed reading alone.
    of : the goals asked about; one of them alone takes half the time.
    seed : of the simulated periods; 2,000 of them, fewer where a period has thousands of customers.
    """
    total = goals.total
    if not (total["customers"] > 0 and total["leads"] > 0):
        return Certainty(confidence, goals, {})
    draws = int(np.clip(CELLS / (3 * total["customers"]), 200, DRAWS))
    simulated = {"draws": draws, "seed": seed}
    cells = goals.cells.groupby(["segment", "tier", "close_rate", "deal_size"], as_index=False)["leads"].sum()
    plans = {"agreed": (cells, agreed_sizes(cells, learnt) if "revenue" in of else {})}
    if learnt is not None and learnt.enough:
        plan = goals.by("tier").set_index("tier")[["leads"]].join(learnt.rates)
        plans["records"] = (plan, dict(learnt.amounts))
    reaches = {}
    for reading, (plan, sizes) in plans.items():
        for goal in of:
            target = (
                {"customers": total["customers"]}
                if goal == "customers"
                else {"revenue": total["marketing_goal"], "deal_sizes": sizes}
            )
            reaches[reading, goal] = reach(plan, **target, **simulated)
    return Certainty(confidence, goals, reaches)


def learn_tiers(facts: Facts, goals: Goals, evidence: Evidence, period: pd.Period, *, n: int = 12) -> Learnt:
    """What the `n` cohorts ending with `period` say of the plan's tiers.

    Rates come from all these cohorts, corrected for age by the tier's run-off; where that is refused, from
    the cohorts old enough to judge. Amounts are those of all customers so far.
    """
    spans, judged = trailing(period, n), judged_cohorts(facts, period, n=n)
    paid = facts.amounts(spans)
    rows, amounts = {}, {}
    for tier in goals.tiers or [""]:
        asked = tier if goals.tiers else None
        found = corrected_rate(facts, spans, evidence, asked)
        exposure = found["n"] * found["share_in"]
        if found["reason"]:
            found = corrected_rate(facts, judged, evidence, asked)
            exposure = found["n"]
        rows[tier] = {"won": found["customers"], "of": max(exposure, found["customers"])}
        mine = paid if asked is None else paid[paid["tier"] == tier]
        amounts[tier] = mine.loc[mine["amount"] >= 0, "amount"].to_numpy(dtype=float)
    return Learnt(pd.DataFrame.from_dict(rows, orient="index", columns=["won", "of"]), amounts)


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
