"""What a lead of each tier is worth, agreed and realised, and what was delivered in number and in value.

Floor 3, for `03-value-leads`. A goal in number alone pushes marketing to the cheapest leads, so the two goals
stand side by side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.estimates.weights import WeightsAudit
from slanb.facts import Facts
from slanb.facts.deliveries import deliveries
from slanb.facts.evidence import learn
from slanb.facts.tracked import LEVEL, judged_cohorts, track
from slanb.lead_value.audit import RATES, as_floats, audit, giant_said, order_said, shrunk_rates, sizes_of
from slanb.lead_value.promised import promised_figures, with_goals
from slanb.periods import days_of, label, trailing
from slanb.terms import Terms
from slanb.terms.goals import Goals, goals_of

ENOUGH_LEADS = 30
REALISED = {"lead_value": "realised", "lead_value_low": "low", "lead_value_high": "high"}
AUDITED = {"value": "supported", "low": "supported_low", "high": "supported_high", "outside": "outside"}
BASE = ["leads", "customers", "close_rate", "deal_size"]


@dataclass(frozen=True)
class LeadValues:
    """Value of leads by tier over the trailing cohorts, and this period's deliveries against its goals.

    tiers : one row a tier of the plan or of the records (a blank tier is its own; a plan without tiers makes
        one row a tier of the records and promises them all together): `tier`, `planned`; of the cohorts old
        enough to judge `leads`, `customers`, `close_rate`, `deal_size`, `realised` (close rate x deal size,
        with `low`, `high`); `agreed` (worth of a lead), `goal` (leads), `value_goal` (money), `delivered`
        (leads of this period), `value` (delivered x agreed), `number_reached`, `value_reached` (shares of
        the goals). And what the records support, young cohorts allowed for and small tiers drawn toward the
        whole: the columns of `audit.shrunk_rates`, `supported` (worth of a lead, with `_low`, `_high`) and
        `outside` (the agreed worth lies outside of that); missing where nothing can be told.
    cohorts : labels of the cohorts behind the realised values; empty where all are too young.
    sizes : deal sizes by tier and of all (`audit.sizes_of`).
    weights : how sure the agreed order is (`estimates.WeightsAudit`); None where it cannot be told.
    """

    period: pd.Period
    complete: bool
    goals: Goals
    tiers: pd.DataFrame
    cohorts: tuple[str, ...]
    sizes: pd.DataFrame
    weights: WeightsAudit | None

    @cached_property
    def total(self) -> pd.Series:
        """Deliveries and goals of the promised leads together, with `number_reached`, `value_reached`.

        Leads come whole, so the goal they are judged by is the chain's, rounded to the nearest lead.
        """
        sums = self.tiers.loc[self.tiers["planned"], ["delivered", "value"]].sum()
        return _reached(pd.Series({**sums, **with_goals(self.goals)}).to_frame().T).iloc[0]

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
        """Agreed and realised worth by tier: `tier`, `agreed`, `realised`, `low`, `high`, `n` (leads). The
        range is that which the records support, where they do."""
        known = self.tiers["supported"].notna()
        frame = self.tiers.rename(columns={"leads": "n"})[["tier", "agreed", "realised", "low", "high", "n"]]
        frame["low"] = frame["low"].mask(known, self.tiers["supported_low"])
        frame["high"] = frame["high"].mask(known, self.tiers["supported_high"])
        return frame

    def verdicts(self, words: Wording) -> pd.DataFrame:
        """`tiers` for readers: with `verdict`, whether the agreed worth holds."""
        names = {1.0: words.text("outside"), 0.0: words.text("holds")}
        return self.tiers.assign(verdict=self.tiers["outside"].map(names).fillna(""))

    def sizes_named(self, words: Wording) -> pd.DataFrame:
        """`sizes` for readers: `tier` named where it is all of them."""
        whole = self.sizes["whole"].astype(bool)
        return self.sizes.assign(tier=self.sizes["tier"].mask(whole, words.text("All")))

    def sizes_note(self, words: Wording) -> str:
        """Which kind of interval the deal sizes have."""
        even = self.sizes.loc[self.sizes["even_logs"].astype(bool), "tier"]
        if even.empty:
            return words.text("Intervals by bootstrap: sizes are too few or too skewed for a log-normal one.")
        return words.text(
            "Intervals: log-normal where the sizes allow it ({tiers}), by bootstrap elsewhere.",
            tiers=words.join([tier or words.text("(blank)") for tier in even]),
        )

    def audit_note(self, words: Wording) -> str:
        """What the supported values rest on, and how sure the agreed order is."""
        said = words.text(
            "Supported: all trailing cohorts, young ones corrected for age where the run-off allows, small "
            "tiers drawn toward the whole."
        )
        return " ".join(filter(None, [self.cohorts_note(words), said, order_said(self.weights, words)]))

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
        """Tiers with enough leads whose agreed worth lies outside what the records support: `tier`, `agreed`,
        `low`, `high`, `leads`."""
        known = self.tiers[["tier", "agreed", "of", "leads"]].join(self.values[["low", "high"]])
        known["leads"] = known["of"].round().fillna(known["leads"])
        known = known[known["leads"] >= ENOUGH_LEADS]
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
        lines += filter(None, [order_said(self.weights, words), giant_said(self.sizes, words)])
        others = self.tiers.loc[~self.tiers["planned"], "delivered"].sum()
        if others:
            lines.append(
                words.text("{n} more came of tiers nobody promised.", n=words.value(others, "leads"))
            )
        return lines if self.cohorts else [*lines, self.cohorts_note(words)]

    def figures(self) -> list[Figure]:
        """Deliveries against the goals, and what a lead of each tier brought."""
        figures = promised_figures(self.total, complete=self.complete)
        note = (
            f"cohorts {self.cohorts[0]} to {self.cohorts[-1]}"
            if self.cohorts
            else "all cohorts are too young"
        )
        return [*figures, *self._audited()] + [
            Figure(
                f"tier.{row['tier'] or 'blank'}.lead_value",
                row["realised"],
                n=int(row["leads"]),
                low=row["low"],
                high=row["high"],
                level=LEVEL,
                note=note,
            )
            for row in self.tiers.to_dict("records")
        ]

    def _audited(self) -> list[Figure]:
        """What the records support of each tier, and how sure the agreed order is."""
        known = self.tiers[self.tiers["shrunk"].notna() & (self.tiers["of"] > 0)]
        figures = [
            Figure(
                f"tier.{row['tier'] or 'blank'}.{key}_supported",
                row[value],
                n=round(row["of"]),
                low=row[f"{value}_low"],
                high=row[f"{value}_high"],
                level=LEVEL,
                note=f"{row['own']:.0%} of it the tier's own records",
            )
            for row in known.to_dict("records")
            for key, name, value, unit, how in (
                ("close_rate", "Close rate", "shrunk", "share", "beta-binomial, drawn toward all tiers"),
                ("value", "Value of a lead", "supported", "money per lead", "shrunk close rate × deal size"),
            )
            if pd.notna(row[value])
        ]
        if self.weights is None:
            return figures
        order = Figure("weights.order", self.weights.order, n=round(self.weights.tiers["n"].sum()))
        return [*figures, order]


def _delivered(facts: Facts, terms: Terms, goals: Goals) -> pd.Series:
    """Leads of the period by tier: of promised tiers those that count by the agreed rule, of others all."""
    days = days_of(goals.period)
    rule = terms.in_force(goals.period)
    rows = deliveries(facts, terms, days[0], days[-1], rule=rule, tiers=goals.tiers)
    promised = rows["tier"].isin(goals.tiers) if goals.tiers else True
    return rows[rows["counts"] | ~(pd.Series(promised, index=rows.index))].groupby("tier")["leads"].sum()


def value_leads(
    facts: Facts, terms: Terms, period: pd.Period, *, what_if: Mapping | None = None, n: int = 12
) -> LeadValues:
    """Value of leads by tier over the `n` cohorts ending with `period`, and what the period delivered.

    Raises
    ------
    SlanbError : where the agreement is not in force in `period`, or a what-if is impossible.
    """
    usable = judged_cohorts(facts, period, n=n)
    goals = goals_of(terms, period, what_if)

    realised = track(facts, usable, keys=["tier"]).set_index("tier").rename(columns=REALISED)
    delivered = _delivered(facts, terms, goals)
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
    evidence, spans = learn(facts, period), trailing(period, n)
    rates = shrunk_rates(facts, frame["tier"].tolist(), evidence, spans=spans, judged=usable)
    amounts = facts.amounts(spans)
    weights = audit(plan["value"], rates, amounts) if goals.tiers else None
    frame = frame.join(rates[RATES], on="tier")
    if weights is not None:
        frame = frame.join(weights.tiers[[*AUDITED]].rename(columns=AUDITED), on="tier")
    frame = as_floats(frame, [*RATES, *AUDITED.values()])
    worth = frame["agreed"] if goals.tiers else goals.total["value"]
    frame["value"] = frame["delivered"] * worth
    return LeadValues(
        period=period,
        complete=bool(facts.standing([period])["complete"].iloc[0]),
        goals=goals,
        tiers=_reached(frame),
        cohorts=tuple(label(span) for span in usable),
        sizes=sizes_of(amounts),
        weights=weights,
    )


def _reached(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        number_reached=frame["delivered"] / frame["goal"].where(frame["goal"] > 0),
        value_reached=frame["value"] / frame["value_goal"].where(frame["value_goal"] > 0),
    )
