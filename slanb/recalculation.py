"""The month recalculated: what the rates are now, how far they drifted, and what that does to the goal.

Floor 3, for `02-recalculate-month`. What is tracked, on which clock, is in `slanb.facts.tracked`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from slanb.chain import Goals, goal_chain
from slanb.facts import Facts
from slanb.facts.tracked import LEVEL, judged_cohorts, track_periods, track_recent
from slanb.figures import Figure, judge
from slanb.periods import containing, grain, label, trailing
from slanb.terms import Terms, merged, render_overlay
from slanb.wording import Wording

ENOUGH_LEADS, ENOUGH_CUSTOMERS = 30, 5
NAMES = {"marketing_share": "Marketing share", "close_rate": "Close rate", "deal_size": "Deal size"}
UNITS = {"marketing_share": "share", "close_rate": "share", "deal_size": "money"}
DIGITS = {"marketing_share": 3, "close_rate": 4, "deal_size": 0}
RECENT = {
    "marketing_share": "marketing revenue ÷ all revenue, of deals closed in the periods that have ended",
    "close_rate": "customers ÷ leads, of the cohorts old enough to judge",
    "deal_size": "revenue ÷ customers, of deals closed in the periods that have ended",
}
WON = "won deals closed in the period"
PUBLISHED = [  # basis, id, label, column, unit, n, formula, target, side
    (
        "cohort",
        "leads",
        "Leads created, marketing-sourced",
        "leads",
        "leads",
        "leads",
        "leads created",
        "",
        "",
    ),
    (
        "cohort",
        "customers",
        "Customers of these leads",
        "customers",
        "customers",
        "leads",
        "won by as-of",
        "",
        "",
    ),
    (
        "cohort",
        "revenue",
        "Revenue from these customers",
        "revenue",
        "money",
        "priced",
        "their won deals",
        "",
        "",
    ),
    (
        "cohort",
        "close_rate",
        "Close rate of these leads",
        "close_rate",
        "share",
        "leads",
        "customers ÷ leads",
        "",
        "",
    ),
    (
        "closing",
        "revenue",
        "Revenue closed",
        "all_revenue",
        "money",
        "all_deals",
        f"all {WON}",
        "quota",
        "both",
    ),
    (
        *("closing", "marketing_revenue", "Revenue closed from marketing's leads", "closed_revenue", "money"),
        *("closed_deals", f"marketing-sourced {WON}", "marketing_goal", "marketing"),
    ),
    (
        *("closing", "sales_revenue", "Revenue closed from sales' own leads", "sales_revenue", "money"),
        *("rest_deals", f"sales-sourced {WON}", "sales_goal", "sales"),
    ),
    (
        *("closing", "unattributed_revenue", "Revenue closed that no known source led to"),
        *("unattributed_revenue", "money", "rest_deals", f"{WON} without a known source", "", ""),
    ),
    (
        *(
            "closing",
            "marketing_share",
            "Marketing share of revenue",
            "marketing_share",
            "share",
            "all_deals",
        ),
        *("marketing-sourced revenue closed ÷ all revenue closed", "", ""),
    ),
    (
        *("closing", "deal_size", "Deal size", "closing_deal_size", "money", "closed_priced"),
        *("marketing-sourced revenue closed ÷ its deals with a known amount", "", ""),
    ),
    (
        *("closing", "sales_cycle", "Sales cycle of those who bought, median", "median_days", "days"),
        *("cycle_deals", "median of days from lead to win; open leads are not in it", "", ""),
    ),
]
DRIFT = ["assumption", "tier", "key", "unit", "agreed", "measured", "low", "high", "n", "enough", "beyond"]
CHANGES = ["assumption", "tier", "key", "unit", "agreed", "proposed", "n", "reason", "leads", "change"]


@dataclass(frozen=True)
class Recalculation:
    """One period recalculated.

    tracked : the trailing periods, ending with this one (`track_periods`).
    wider : this period and the quarter and year it lies in, so far (`track_periods`).
    cohorts : labels of the trailing cohorts old enough to judge.
    recent : the rates the records support now, one row (`track`): cohort basis over `cohorts`, closing basis
        over all trailing closings; no row without records.
    tiers : the same by tier.
    drift : agreed beside measured: `assumption`, `tier`, `key`, `unit`, `agreed`, `measured`, `low`, `high`,
        `n`, `enough` (to judge), `beyond` (enough, and the agreed value lies outside the interval).
    changes : what adopting each proposed value alone does to the next period's leads goal: `assumption`,
        `tier`, `key`, `unit`, `agreed` (planned for the next period), `proposed`, `n`, `reason`, `leads`,
        `change`.
    goals : the goals of this period.
    next_period : label of the period the proposal is for; None where the agreement does not reach it.
    goal_planned, goal_proposed : leads needed in it as planned, and with all proposed changes.
    overlay : the proposed parameters of the next period.
    """

    period: pd.Period
    tracked: pd.DataFrame
    wider: pd.DataFrame
    cohorts: tuple[str, ...]
    recent: pd.DataFrame
    tiers: pd.DataFrame
    drift: pd.DataFrame
    changes: pd.DataFrame
    goals: Goals
    next_period: str | None
    goal_planned: float
    goal_proposed: float
    overlay: dict

    @cached_property
    def now(self) -> pd.Series:
        """This period's row of `tracked`."""
        return self.tracked.iloc[-1]

    @property
    def proposal(self) -> str | None:
        """The next period's parameters as proposed, in commented YAML; None without a next period."""
        if self.next_period is None:
            return None
        header = [
            f"Parameters proposed for {self.next_period}, recalculated from {label(self.period)}.",
            "To adopt them, read them and copy this file to params/, or: slanb adopt " + self.next_period,
        ]
        comments = {
            ".".join(["tiers", row["tier"], row["key"]] if row["tier"] else [row["key"]]): (
                f"{row['reason']}; planned was {row['agreed']:.6g}; n = {row['n']}; "
                f"this change alone: {row['change']:+.0f} leads"
            )
            for row in self.changes.to_dict("records")
        }
        return render_overlay(self.overlay, header=header, comments=comments)

    def headlines(self, words: Wording) -> list[str]:
        """The period in sentences: what closed, what drifted, what that does to the next goal."""
        return [self._closed(words), self._drifted(words), *self._next(words)]

    def _closed(self, words: Wording) -> str:
        now, quota = self.now, self.goals.total["quota"]
        said = words.text(
            "{revenue} was closed in {period}, {share} of the quota of {quota}; {marketing} of it came from "
            "marketing's leads, {own} from sales' own",
            revenue=words.money(now["all_revenue"]),
            period=words.period(label(self.period)),
            share=words.share(now["all_revenue"] / quota if quota else None, 0),
            quota=words.money(quota),
            marketing=words.money(now["closed_revenue"]),
            own=words.money(now["sales_revenue"]),
        )
        if not now["unattributed_revenue"]:
            return said + "."
        return words.text(
            "{said}, and {unknown} from deals no lead led to.",
            said=said,
            unknown=words.money(now["unattributed_revenue"]),
        )

    def _drifted(self, words: Wording) -> str:
        beyond = self.drift[self.drift["beyond"]]
        unknown = int((~self.drift["enough"]).sum())
        if unknown == len(self.drift):
            return words.text("There are not enough records yet to judge the agreed assumptions.")
        if beyond.empty:
            return words.text(
                "Every agreed assumption that can be judged lies within what the records support."
            )
        said = [
            words.text(
                "{name} {measured} ({low} to {high}), agreed {agreed}",
                name=named(row, words),
                **{key: words.value(row[key], row["unit"]) for key in ("measured", "low", "high", "agreed")},
            )
            for row in beyond.to_dict("records")
        ]
        return words.text(
            "{k} of {n} agreed assumptions lie outside what the records support: {list}.",
            k=words.number(len(beyond)),
            n=words.number(len(self.drift)),
            list="; ".join(said),
        )

    def _next(self, words: Wording) -> list[str]:
        if self.next_period is None:
            return []
        when = words.period(self.next_period)
        if self.changes.empty:
            return [words.text("Nothing needs to change in the parameters of {period}.", period=when)]
        return [
            words.text(
                "Adopting what was measured makes the leads goal of {period} {proposed} instead of {planned} "
                "(slanb adopt {label}).",
                period=when,
                proposed=words.number(self.goal_proposed),
                planned=words.number(self.goal_planned),
                label=self.next_period,
            )
        ]

    def figures(self) -> list[Figure]:
        """The period's tracked and recalculated numbers as published."""
        now, goal = self.now, self.goals.total
        young = "young cohort: wins are still to come" if now["young"] else ""
        figures = [
            Figure(
                id=f"{basis}.{id_}",
                label=name,
                value=now[column],
                unit=unit,
                basis=basis,
                formula=how,
                n=int(now[n]),
                low=now.get(f"{column}_low"),
                high=now.get(f"{column}_high"),
                level=LEVEL if f"{column}_low" in now else None,
                target=goal[target] if target else None,
                verdict=judge(now[column], at_least=goal[target], complete=now["complete"])
                if target
                else None,
                side=side,
                note=young if basis == "cohort" else "",
            )
            for basis, id_, name, column, unit, n, how, target, side in PUBLISHED
        ]
        figures += [
            Figure(
                id=f"recent.{key}",
                label=f"{NAMES[key]}, trailing periods",
                value=found["measured"],
                unit=UNITS[key],
                basis="cohort" if key == "close_rate" else "closing",
                formula=RECENT[key],
                n=found["n"],
                low=found["low"],
                high=found["high"],
                level=LEVEL,
            )
            for key, found in _measured(self.recent).items()
        ]
        if self.next_period is None:
            return figures
        nexts = {"planned": self.goal_planned, "proposed": self.goal_proposed}
        return figures + [
            Figure(
                id=f"next.leads_{name}",
                label=f"Leads needed in {self.next_period}, as {name}",
                value=value,
                unit="leads",
                basis="plan",
                formula="quota × marketing share ÷ deal size ÷ close rate, summed over tiers and segments",
            )
            for name, value in nexts.items()
        ]


def recalculate(
    facts: Facts, terms: Terms, period: pd.Period, *, what_if: Mapping | None = None, n: int = 12
) -> Recalculation:
    """Recalculate `period` from the records, against the terms in force, with `n` trailing periods.

    Raises
    ------
    SlanbError : where the agreement is not in force in `period`.
    """
    spans = trailing(period, n)
    tracked = track_periods(facts, spans)
    recent = track_recent(facts, period, n=n)
    tiers = track_recent(facts, period, n=n, keys=["tier"])

    goals = goal_chain(terms, period, what_if)
    drift = _drift(goals, recent, tiers)
    upcoming = period + 1
    reached = grain(period) == terms.agreement.measure and terms.is_in_force(upcoming)
    changes, overlay = _propose(terms, upcoming, drift) if reached else (pd.DataFrame(columns=CHANGES), {})
    return Recalculation(
        period=period,
        tracked=tracked,
        wider=pd.concat([track_periods(facts, [span]) for span in containing(period)], ignore_index=True),
        cohorts=tuple(label(span) for span in judged_cohorts(facts, period, n=n)),
        recent=recent,
        tiers=tiers,
        drift=drift,
        changes=changes,
        goals=goals,
        next_period=label(upcoming) if reached else None,
        goal_planned=goal_chain(terms, upcoming).total["leads"] if reached else float("nan"),
        goal_proposed=goal_chain(terms, upcoming, overlay).total["leads"] if reached else float("nan"),
        overlay=overlay,
    )


def _agreed(goals: Goals) -> list[tuple[str, str, float]]:
    """The assumptions of a plan as (tier, key, value); the tier is "" where the plan names none."""
    rows = [("", "marketing_share", goals.total["marketing_share"])]
    for part in goals.by("tier").to_dict("records"):
        rows += [(part["tier"], key, part[key]) for key in ("close_rate", "deal_size")]
    return rows


def _drift(goals: Goals, recent: pd.DataFrame, tiers: pd.DataFrame) -> pd.DataFrame:
    measured = {"": _measured(recent)}
    measured |= {tier: _measured(tiers[tiers["tier"] == tier]) for tier in goals.tiers}
    rows = []
    for tier, key, agreed in _agreed(goals):
        found = measured[tier][key]
        beyond = found["enough"] and not found["low"] <= agreed <= found["high"]
        rows.append(
            {"assumption": NAMES[key], "tier": tier, "key": key, "unit": UNITS[key]}
            | {"agreed": agreed, "beyond": beyond, **found}
        )
    return pd.DataFrame(rows, columns=DRIFT)


def _measured(row: pd.DataFrame) -> dict[str, dict]:
    """The three assumptions as the records have them, with interval, n and whether that is enough."""
    row = row.iloc[0] if len(row) else pd.Series(float("nan"), index=row.columns)
    enough_deals = row["closed_priced"] >= ENOUGH_CUSTOMERS
    columns = {
        "close_rate": (
            "close_rate",
            "leads",
            row["leads"] >= ENOUGH_LEADS and row["customers"] >= ENOUGH_CUSTOMERS,
        ),
        "deal_size": ("closing_deal_size", "closed_priced", enough_deals),
        "marketing_share": ("marketing_share", "closed_priced", enough_deals),
    }
    return {
        key: {
            "measured": row[column],
            "low": row[f"{column}_low"],
            "high": row[f"{column}_high"],
            "n": 0 if pd.isna(row[n]) else int(row[n]),
            "enough": bool(enough),
        }
        for key, (column, n, enough) in columns.items()
    }


def _propose(terms: Terms, upcoming: pd.Period, drift: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    """The assumptions proposed for the next period that differ from its plan, and the overlay they make.

    A measured value replaces an agreed one only where the agreed one lies outside its interval and there
    is enough to judge; otherwise what is in force now goes on.
    """
    planned = {(tier, key): value for tier, key, value in _agreed(goal_chain(terms, upcoming))}
    before = goal_chain(terms, upcoming).total["leads"]
    rows, overlay = [], terms.overlay(upcoming)
    for row in drift.to_dict("records"):
        place = (row["tier"], row["key"])
        proposed = round(row["measured"] if row["beyond"] else row["agreed"], DIGITS[row["key"]])
        if place not in planned or abs(proposed - planned[place]) < 10.0 ** -(DIGITS[row["key"]] + 1):
            continue
        change = {"tiers": {row["tier"]: {row["key"]: proposed}}} if row["tier"] else {row["key"]: proposed}
        leads = goal_chain(terms, upcoming, change).total["leads"]
        found = {"agreed": planned[place], "proposed": proposed, "leads": leads, "change": leads - before}
        rows.append(row | found | {"reason": "measured" if row["beyond"] else "in force now"})
        overlay = merged(overlay, change)
    return pd.DataFrame(rows, columns=CHANGES), overlay


def named(row: Mapping, words: Wording) -> str:
    """An assumption's name with its tier: “Close rate, tier B”."""
    name = words.text(row["assumption"])
    return words.text("{name}, tier {tier}", name=name, tier=row["tier"]) if row["tier"] else name
