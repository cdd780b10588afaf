"""What a lead of each tier is worth, agreed and realised, and what was delivered in number and in value.

Floor 3, for `03-value-leads`. A goal in number alone pushes marketing to the cheapest leads, so the two goals
stand side by side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from slanb.chain import Goals, goal_chain
from slanb.facts import Facts
from slanb.facts.tracked import LEVEL, judged_cohorts, track
from slanb.figures import Figure, judge
from slanb.periods import label
from slanb.terms import Terms
from slanb.wording import Wording

ENOUGH_LEADS = 30
REALISED = {"lead_value": "realised", "lead_value_low": "low", "lead_value_high": "high"}
BASE = ["leads", "customers", "close_rate", "deal_size"]


@dataclass(frozen=True)
class LeadValues:
    """Value of leads by tier over the trailing cohorts, and this period's deliveries against its goals.

    tiers : one row a tier of the plan or of the records (a blank tier is its own; a plan without tiers makes
        one row a tier of the records and promises them all together): `tier`, `planned`; of the cohorts old
        enough to judge `leads`, `customers`, `close_rate`, `deal_size`, `realised` (close rate x deal size,
        with `low`, `high`); `agreed` (worth of a lead), `goal` (leads), `value_goal` (money), `delivered`
        (leads of this period), `value` (delivered x agreed), `number_reached`, `value_reached` (shares of
        the goals).
    cohorts : labels of the cohorts behind the realised values; empty where all are too young.
    """

    period: pd.Period
    complete: bool
    goals: Goals
    tiers: pd.DataFrame
    cohorts: tuple[str, ...]

    @cached_property
    def total(self) -> pd.Series:
        """Deliveries and goals of the promised leads together, with `number_reached`, `value_reached`.

        Leads come whole, so the goal they are judged by is the chain's, rounded to the nearest lead.
        """
        sums = self.tiers.loc[self.tiers["planned"], ["delivered", "value"]].sum()
        sums["goal"], sums["value_goal"] = round(self.goals.total["leads"]), self.goals.total["value_goal"]
        return _reached(sums.to_frame().T).iloc[0]

    @cached_property
    def reached(self) -> pd.DataFrame:
        """Shares of the goals reached: `tier` (the last row, "All", is all promised), `number`, `value`."""
        names = {"number_reached": "number", "value_reached": "value"}
        parts = self.tiers[self.tiers["planned"]] if self.goals.tiers else self.tiers.iloc[:0]
        rows = [parts[["tier", *names]], self.total[[*names]].to_frame().T.assign(tier="All")]
        return (
            pd.concat(rows, ignore_index=True).rename(columns=names).astype({"number": float, "value": float})
        )

    @cached_property
    def values(self) -> pd.DataFrame:
        """Agreed and realised worth by tier: `tier`, `agreed`, `realised`, `low`, `high`, `n` (leads)."""
        return self.tiers.rename(columns={"leads": "n"})[["tier", "agreed", "realised", "low", "high", "n"]]

    def cohorts_note(self, words: Wording) -> str:
        """Which cohorts the realised values come from, in a sentence."""
        if not self.cohorts:
            return words.text("No cohort is old enough yet to say what a lead brought.")
        return words.text(
            "Cohorts {first} to {last}. Intervals hold four times in five.",
            first=words.period(self.cohorts[0]),
            last=words.period(self.cohorts[-1]),
        )

    @cached_property
    def outside(self) -> pd.DataFrame:
        """Tiers with enough leads whose agreed worth lies outside what the records support."""
        known = self.tiers[self.tiers["leads"] >= ENOUGH_LEADS]
        return known[(known["agreed"] < known["low"]) | (known["agreed"] > known["high"])]

    def headlines(self, words: Wording) -> list[str]:
        """The period in sentences: what was delivered in number and in value, and which weights mislead."""
        total = self.total
        said = words.text(
            "Marketing delivered {delivered} of {goal} leads ({number}), worth {value} of {value_goal} "
            "({share}).",
            delivered=words.number(total["delivered"]),
            goal=words.number(total["goal"]),
            number=words.share(total["number_reached"], 0),
            value=words.money(total["value"]),
            value_goal=words.money(total["value_goal"]),
            share=words.share(total["value_reached"], 0),
        )
        lines = [said]
        if total["number_reached"] >= 1 > total["value_reached"]:
            lines.append(
                words.text("The number was reached, the value was not: the mix was cheaper than agreed.")
            )
        elif total["value_reached"] >= 1 > total["number_reached"]:
            lines.append(
                words.text("The value was reached with fewer leads: the mix was better than agreed.")
            )
        lines += [
            words.text(
                "A lead of tier {tier} is agreed at {agreed}; the records support {low} to {high} (n = {n}).",
                tier=row["tier"] or words.text("(blank)"),
                n=words.number(row["leads"]),
                **{key: words.money(row[key]) for key in ("agreed", "low", "high")},
            )
            for row in self.outside.to_dict("records")
        ]
        others = self.tiers.loc[~self.tiers["planned"], "delivered"].sum()
        if others:
            lines.append(
                words.text("{n} more came of tiers nobody promised.", n=words.value(others, "leads"))
            )
        return lines if self.cohorts else [*lines, self.cohorts_note(words)]

    def figures(self) -> list[Figure]:
        """Deliveries against the goals, and what a lead of each tier brought."""
        total = self.total
        promised = [
            ("marketing.leads", "Leads delivered by marketing", "leads", "delivered", "goal"),
            ("marketing.value", "Value of the leads delivered", "money", "value", "value_goal"),
        ]
        how = {
            "delivered": "marketing-sourced leads created in the period, of the tiers promised",
            "value": "leads delivered × agreed worth of a lead of their tier",
        }
        figures = [
            Figure(
                id=id_,
                label=name,
                value=total[value],
                unit=unit,
                basis="cohort",
                formula=how[value],
                n=int(total["delivered"]),
                target=total[goal],
                verdict=judge(total[value], at_least=total[goal], complete=self.complete),
                side="marketing",
            )
            for id_, name, unit, value, goal in promised
        ]
        note = (
            f"cohorts {self.cohorts[0]} to {self.cohorts[-1]}"
            if self.cohorts
            else "all cohorts are too young"
        )
        return figures + [
            Figure(
                id=f"tier.{row['tier'] or 'blank'}.lead_value",
                label=f"Value of a lead, tier {row['tier'] or '(blank)'}",
                value=row["realised"],
                unit="money per lead",
                basis="cohort",
                formula="close rate × deal size of the cohorts old enough to judge",
                n=int(row["leads"]),
                low=row["low"],
                high=row["high"],
                level=LEVEL,
                note=note,
            )
            for row in self.tiers.to_dict("records")
        ]


def value_leads(
    facts: Facts, terms: Terms, period: pd.Period, *, what_if: Mapping | None = None, n: int = 12
) -> LeadValues:
    """Value of leads by tier over the `n` cohorts ending with `period`, and what the period delivered.

    Raises
    ------
    SlanbError : where the agreement is not in force in `period`, or a what-if is impossible.
    """
    usable = judged_cohorts(facts, period, n=n)
    goals = goal_chain(terms, period, what_if)

    realised = track(facts, usable, keys=["tier"]).set_index("tier").rename(columns=REALISED)
    delivered = track(facts, [period], keys=["tier"]).set_index("tier")["leads"]
    plan = goals.by("tier").set_index("tier")
    others = sorted(
        {*realised.index[realised["leads"] > 0], *delivered.index[delivered > 0]} - {*goals.tiers}
    )
    frame = pd.DataFrame({"tier": pd.Series([*goals.tiers, *others], dtype="str")})
    frame["planned"] = frame["tier"].isin(goals.tiers) if goals.tiers else True
    frame = frame.join(realised[[*BASE, *REALISED.values()]], on="tier")
    frame["delivered"] = frame["tier"].map(delivered)
    frame[["leads", "customers", "delivered"]] = frame[["leads", "customers", "delivered"]].fillna(0.0)
    if goals.tiers:
        promised = plan[["value", "leads", "value_goal"]]
        promised.columns = ["agreed", "goal", "value_goal"]
        frame = frame.join(promised, on="tier")
    else:
        frame[["agreed", "goal", "value_goal"]] = float("nan")
    worth = frame["agreed"] if goals.tiers else goals.total["value"]
    frame["value"] = frame["delivered"] * worth
    return LeadValues(
        period=period,
        complete=bool(facts.standing([period])["complete"].iloc[0]),
        goals=goals,
        tiers=_reached(frame),
        cohorts=tuple(label(span) for span in usable),
    )


def _reached(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        number_reached=frame["delivered"] / frame["goal"].where(frame["goal"] > 0),
        value_reached=frame["value"] / frame["value_goal"].where(frame["value_goal"] > 0),
    )
