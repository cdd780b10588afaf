"""The month recalculated: what the rates are now, how far they drifted, and what that does to the goal.

Floor 3, for `02-recalculate-month`. What is tracked, on which clock, is in `slanb.facts.tracked`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.facts import Facts
from slanb.facts.evidence import Evidence, corrected_by, corrected_rate, learn
from slanb.facts.tracked import covered, judged_cohorts, track_periods, track_recent
from slanb.periods import containing, grain, label, trailing
from slanb.recalculation import aging, gap, published
from slanb.recalculation.drift import MEASURED, drift_of, named
from slanb.recalculation.proposal import CHANGES, propose, written
from slanb.terms import Terms
from slanb.terms.goals import Goals, goals_of, has_goals

TOLD = 2  # drifted assumptions a headline names; the table names all


@dataclass(frozen=True)
class Recalculation:
    """One period recalculated.

    tracked : the trailing periods, ending with this one (`track_periods`), each with its close rate corrected
        for age (`aging.with_age`).
    wider : this period and the quarter and year it lies in, so far (`track_periods`, and corrected).
    evidence : how leads run off, and why no rate in the end is given where none is.
    recent_aged : the close rate of all trailing cohorts corrected for age (`evidence.corrected_rate`).
    gap : where the revenue closed differs from the plan (`gap.decompose`); empty while the period runs.
    cohorts : labels of the trailing cohorts old enough to judge.
    recent : the rates the records support now, one row (`track`): cohort basis over `cohorts`, closing basis
        over all trailing closings; no row without records.
    tiers : the same by tier.
    drift : agreed beside measured: `assumption`, `tier`, `key`, `unit`, `agreed`, `plain` (of the cohorts old
        enough), `corrected` (close rates alone: of all trailing cohorts, for age; missing where there is a
        `reason` not to), `measured` (corrected, else plain), `low`, `high`, `n`, `enough` (to judge),
        `beyond` (enough, and the agreed value lies outside the interval).
    changes : what adopting each proposed value alone does to the next period's leads goal: `assumption`,
        `tier`, `key`, `unit`, `agreed` (planned for the next period), `proposed`, `n`, `reason`, `leads`,
        `change`.
    goals : the goals of this period.
    agreed : the assumptions in force in each trailing period, NaN where no agreement was: `close_rate`,
        `deal_size`, `marketing_share`.
    next_period : label of the period the proposal is for; None where the agreement does not reach it.
    goal_planned, goal_proposed : leads needed in it as planned, and with all proposed changes.
    overlay : the proposed parameters of the next period.
    """

    period: pd.Period
    tracked: pd.DataFrame
    wider: pd.DataFrame
    evidence: Evidence
    recent_aged: pd.Series
    gap: pd.DataFrame
    cohorts: tuple[str, ...]
    recent: pd.DataFrame
    tiers: pd.DataFrame
    drift: pd.DataFrame
    changes: pd.DataFrame
    goals: Goals
    agreed: pd.DataFrame
    next_period: str | None
    goal_planned: float
    goal_proposed: float
    overlay: dict

    @cached_property
    def now(self) -> pd.Series:
        """This period's row of `tracked`."""
        return self.tracked.iloc[-1]

    @cached_property
    def trends(self) -> pd.DataFrame:
        """The three rates by trailing period, tidy: `metric`, `period`, `value`, `low`, `high`, `agreed`,
        `n`, `young`. Close rate and deal size are on cohort basis, marketing share on closing basis; a cohort
        created before the wins on record has no value."""
        judged = self.tracked.mask(self.tracked["truncated"].astype(bool))
        parts = [
            pd.DataFrame(
                {
                    "metric": key,
                    "period": self.tracked["period"],
                    "value": rates[column].astype(float),
                    "low": rates[f"{column}_low"].astype(float),
                    "high": rates[f"{column}_high"].astype(float),
                    "agreed": self.agreed[key],
                    "n": self.tracked[n],
                    "young": self.tracked["young"] & (key != "marketing_share"),
                }
            )
            for key, (column, n) in MEASURED.items()
            for rates in [self.tracked if key == "marketing_share" else judged]
        ]
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def clocks(self) -> pd.DataFrame:
        """The close rate on both clocks, by period: `period`, `cohort`, `closing`, `young`, `n` (leads)."""
        names = {"close_rate": "cohort", "closing_close_rate": "closing", "leads": "n"}
        names |= {"corrected_low": "low", "corrected_high": "high"}
        shown = ["period", "cohort", "closing", "young", "n", "corrected", "low", "high"]
        return self.tracked.rename(columns=names)[shown]

    @property
    def run_off(self) -> pd.DataFrame:
        """Close rate by age of the lead, as far as it can be read (`aging.curve`)."""
        return aging.curve(self.evidence.whole)

    @property
    def run_off_by_month(self) -> pd.DataFrame:
        """The same from the run-off triangle (`aging.by_month`)."""
        return aging.by_month(self.evidence)

    def horizons(self, words: Wording) -> pd.DataFrame:
        """Close rate and revenue per lead within so many days and in the end (`aging.horizons`)."""
        return aging.horizons(self.evidence.whole, words)

    def horizons_note(self, words: Wording) -> str:
        """Which customers the curve lacks."""
        return aging.undated_said(self.evidence, words)

    def gap_named(self, words: Wording) -> pd.DataFrame:
        """`gap` with the parts' names for readers."""
        return gap.named(self.gap, words)

    def told(self, words: Wording) -> pd.DataFrame:
        """The trailing periods, then the quarter and year so far: `tracked` and `wider`, with `wide`."""
        wider = self.wider[self.wider["period"] != label(self.period)]
        return pd.concat([self.tracked.assign(wide=False), wider.assign(wide=True)], ignore_index=True)

    def drift_named(self, words: Wording) -> pd.DataFrame:
        """`drift` for readers: with `name`, `interval` and `verdict` in words."""
        rows = self.drift.to_dict("records")
        verdicts = [
            words.text("not enough records")
            if not row["enough"]
            else words.text("outside")
            if row["beyond"]
            else words.text("holds")
            for row in rows
        ]
        intervals = [
            " – ".join(words.value(row[end], row["unit"]) for end in ("low", "high")) if row["enough"] else ""
            for row in rows
        ]
        names = [named(row, words) for row in rows]
        return self.drift.assign(name=names, interval=intervals, verdict=verdicts)

    def aging_note(self, words: Wording) -> str:
        """Which close rates are corrected for age and which are not, and why, in a sentence or two."""
        rates = self.drift[self.drift["key"] == "close_rate"]
        refused = rates[rates["reason"] != ""]
        said = words.text(
            "Close rates corrected for age are those of all trailing cohorts; where one is given, it is what "
            "counts and what is proposed."
        )
        lines = [said] if len(refused) < len(rates) else []
        for reason, rows in refused.groupby("reason", sort=False):
            which = words.join([named(row, words) for row in rows.to_dict("records")])
            lines.append(
                words.text(
                    "Not corrected: {which}, since its run-off is {reason}.",
                    which=which,
                    reason=aging.reason_said(reason, words),
                )
            )
        return " ".join([self.cohorts_note(words), *lines])

    def changes_named(self, words: Wording) -> pd.DataFrame:
        """`changes` for readers: with `name` and `why` in words."""
        rows = self.changes.to_dict("records")
        reasons = {"measured": words.text("measured"), "in force now": words.text("in force now")}
        return self.changes.assign(
            name=[named(row, words) for row in rows], why=[reasons[row["reason"]] for row in rows]
        )

    def cohorts_note(self, words: Wording) -> str:
        """Which cohorts the measured close rates come from, in a sentence."""
        if not self.cohorts:
            return words.text("No cohort is old enough yet to give a close rate.")
        return words.text(
            "Plain close rates and deal sizes: cohorts {first} to {last}. Marketing share: closings of the "
            "trailing periods. Intervals hold four times in five.",
            first=words.period(self.cohorts[0]),
            last=words.period(self.cohorts[-1]),
        )

    def changes_note(self, words: Wording) -> str:
        """What all proposed changes together make of the next goal, in a sentence."""
        return " ".join(self._next(words)) or words.text("The agreement does not reach the next period.")

    @property
    def files(self) -> dict[str, str]:
        """The files the report is to hold: the next period's parameters, where there is a next period."""
        if self.next_period is None:
            return {}
        names = {"of": self.next_period, "recalculated_from": label(self.period)}
        return {f"proposed-{self.next_period}.yml": written(self.overlay, self.changes, **names)}

    def headlines(self, words: Wording) -> list[str]:
        """The period in sentences: what closed, what drifted, what that does to the next goal."""
        told = [self._closed(words), self._drifted(words), *self._next(words)]
        more = [gap.sentence(self.gap, words), aging.sentence(self.now, self.evidence, words)]
        return [*told, *filter(None, more)]

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
            for row in beyond.head(TOLD).to_dict("records")
        ]
        if len(beyond) > TOLD:
            said.append(words.plural("{n} more", "{n} more", len(beyond) - TOLD))
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
                "The parameters proposed for {period} make its leads goal {proposed} instead of {planned}.",
                period=when,
                proposed=words.number(self.goal_proposed),
                planned=words.number(self.goal_planned),
            )
        ]

    def figures(self) -> list[Figure]:
        """The period's tracked and recalculated numbers as published."""
        figures = published.of_period(self.now, self.goals) + published.of_recent(self.recent)
        figures += aging.figures(self.now, self.recent_aged, self.evidence)
        figures += gap.figures(self.gap, int(self.now["all_deals"]))
        if self.next_period is None:
            return figures
        return figures + published.of_next(self.next_period, self.goal_planned, self.goal_proposed)


def recalculate(
    facts: Facts, terms: Terms, period: pd.Period, *, what_if: Mapping | None = None, n: int = 12
) -> Recalculation:
    """Recalculate `period` from the records, against the terms in force, with `n` trailing periods.

    Raises
    ------
    SlanbError : where the agreement is not in force in `period`.
    """
    spans = covered(facts, trailing(period, n))
    evidence = learn(facts, period)
    tracked = aging.with_age(track_periods(facts, spans), corrected_by(facts, spans, evidence))
    longer = containing(period)
    wider = pd.concat([track_periods(facts, [span]) for span in longer], ignore_index=True)
    recent = track_recent(facts, period, n=n)
    tiers = track_recent(facts, period, n=n, keys=["tier"])

    goals = goals_of(terms, period, what_if)
    trailing_spans = trailing(period, n)
    whole = corrected_rate(facts, trailing_spans, evidence)
    aged = {tier: corrected_rate(facts, trailing_spans, evidence, tier) for tier in goals.tiers} | {"": whole}
    drift = drift_of(goals, recent, tiers, aged)
    upcoming = period + 1
    reached = grain(period) == terms.agreement.measure and terms.is_in_force(upcoming)
    changes, overlay = propose(terms, upcoming, drift) if reached else (pd.DataFrame(columns=CHANGES), {})
    return Recalculation(
        period=period,
        tracked=tracked,
        wider=aging.with_age(wider, corrected_by(facts, longer, evidence)),
        evidence=evidence,
        recent_aged=whole,
        gap=gap.decompose(facts, goals, evidence, tracked.iloc[-1]),
        cohorts=tuple(label(span) for span in judged_cohorts(facts, period, n=n)),
        recent=recent,
        tiers=tiers,
        drift=drift,
        changes=changes,
        goals=goals,
        agreed=pd.DataFrame([_in_force(terms, span) for span in spans]),
        next_period=label(upcoming) if reached else None,
        goal_planned=goals_of(terms, upcoming).total["leads"] if reached else float("nan"),
        goal_proposed=goals_of(terms, upcoming, overlay).total["leads"] if reached else float("nan"),
        overlay=overlay,
    )


def _in_force(terms: Terms, span: pd.Period) -> dict[str, float]:
    if not has_goals(terms, span):
        return dict.fromkeys(MEASURED, float("nan"))
    return goals_of(terms, span).total[list(MEASURED)].to_dict()
