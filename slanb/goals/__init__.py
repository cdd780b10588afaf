"""What marketing must deliver: the goal step by step, how sure it is, its levers, whether it can be kept.

Floor 3, for `01-set-goals`. The goals themselves come from `slanb.terms.goals`. Each decision shows the plain
number first and the honest one beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb import formulas
from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.facts import Facts
from slanb.facts.evidence import learn
from slanb.facts.tracked import track_recent
from slanb.goals.certainty import Certainty, Learnt, agreed_sizes, certain, learn_tiers
from slanb.goals.past import History, against_history
from slanb.goals.phasing import Phased, phase, spread_of
from slanb.goals.plain import by_grain, figures, goal_line, parts, steps
from slanb.goals.sensitivity import around, leads_of, lever_labels, levers, points
from slanb.goals.signing import Signable, signable
from slanb.outlook import Outlook, look_ahead
from slanb.periods import days_of, label, spans_of
from slanb.terms import Terms
from slanb.terms.goals import Goals, goals_of

__all__ = [
    "Certainty",
    "GoalSetting",
    "History",
    "Learnt",
    "Phased",
    "Signable",
    "against_history",
    "agreed_sizes",
    "around",
    "by_grain",
    "certain",
    "figures",
    "goal_line",
    "headlines",
    "leads_of",
    "learn_tiers",
    "lever_labels",
    "levers",
    "parts",
    "phase",
    "points",
    "set_goals",
    "signable",
    "spread_of",
    "steps",
]


@dataclass(frozen=True)
class GoalSetting:
    """All that speaks for and against a period's goals.

    goals : the plain ones.
    history : what past periods delivered.
    certainty : the chance that they suffice, and the leads for the agreed one.
    phased : the goals in time.
    signable : what can be signed; None without an agreed capacity and depth.
    outlook : the chance of reaching the leads goal as of the clock; None unless the period is a month that
        runs, with some history.
    grains : the goals of the period and of the quarter and year around it.
    recent : the rates the records support now (`track_recent`).
    """

    goals: Goals
    history: History
    certainty: Certainty
    phased: Phased
    signable: Signable | None
    outlook: Outlook | None
    grains: pd.DataFrame
    recent: pd.DataFrame

    def parts(self, words: Wording) -> pd.DataFrame:
        """The goals by tier, by segment, whole, and of the quarter and year around it: `parts`, with `part`
        named for readers and `leads_confident` (by tier and whole; leads for the agreed confidence)."""
        own = parts(self.goals)
        sure = self.certainty.by_tier() if self.certainty.reaches else pd.Series(dtype=float)
        own["leads_confident"] = own["part"].map(sure)
        own.loc[own["whole"], "leads_confident"] = self.certainty.leads()
        period = label(self.goals.period)
        own.loc[own["whole"], "part"] = words.text("All of {period}", period=words.period(period))
        wider = self.grains[self.grains["period"] != period]
        wider = wider.assign(part=[words.period(each) for each in wider["period"]], whole=False)
        return pd.concat([own, wider.drop(columns="period")], ignore_index=True)

    def signing(self, words: Wording) -> pd.DataFrame:
        """`Signable.table`; empty without an agreed capacity."""
        if self.signable is None:
            return pd.DataFrame(columns=["what", "planned", "signable", "unit"])
        return self.signable.table(words)

    def signing_note(self, words: Wording) -> str:
        """What `signing` rests on."""
        if self.signable is None:
            return words.text("No capacity and depth of follow-up are agreed to hold the goal against.")
        return self.signable.note(words)

    def headlines(self, words: Wording) -> list[str]:
        """The goal in sentences, the decision first."""
        told = headlines(self.goals, self.history, words)
        sure = self.certainty.sentences(words)
        signed = self.signable.sentences(words) if self.signable else []
        now = self.outlook.sentences(words) if self.outlook else []
        return [told[0], *now, *sure, *signed, *self.phased.sentences(words), *told[1:]]

    def figures(self) -> list[Figure]:
        """The goals as published numbers, plain and honest."""
        found = [*figures(self.goals), *self.certainty.figures(), *self.phased.figures()]
        found += self.signable.figures() if self.signable else []
        return found + (self.outlook.figures() if self.outlook else [])


def set_goals(
    facts: Facts, terms: Terms, period: pd.Period, *, what_if: Mapping | None = None
) -> GoalSetting:
    """Set the goals of `period` by the terms in force and hold them against the records.

    Raises
    ------
    SlanbError : where the agreement is not in force in the period, or a what-if is impossible.
    """
    goals = goals_of(terms, period, what_if)
    given = {key: value for key, value in (what_if or {}).items() if key != "quota"}
    confidence = terms.plan(spans_of(period, terms.agreement.measure)[0], given).confidence
    evidence = learn(facts, period)
    learnt = learn_tiers(facts, goals, evidence, period)
    spread = spread_of(np.concatenate([*learnt.amounts.values()]))
    complete = bool(facts.standing([period])["complete"].iloc[0])
    return GoalSetting(
        goals=goals,
        history=against_history(goals, facts, terms),
        certainty=certain(goals, confidence, learnt),
        phased=phase(
            facts, terms, goals, evidence, confidence=confidence, what_if=what_if, deal_spread=spread
        ),
        signable=signable(facts, terms, goals, learnt, what_if=what_if),
        outlook=None if complete else look_ahead(facts, terms, period, what_if=what_if),
        grains=by_grain(terms, period, what_if),
        recent=track_recent(facts, period),
    )


def headlines(goals: Goals, history: History, words: Wording) -> list[str]:
    """The goal in sentences: what is promised, and whether the past says it can be done."""
    goal = goals.total
    promise = words.text(
        "Marketing is to deliver {leads} leads in {period}, {daily} a day: {customers} customers at {size} "
        "make {revenue}, {share} of the quota of {quota}.",
        leads=words.number(goal["leads"]),
        period=words.period(label(goals.period)),
        daily=words.number(formulas.daily_goal(goal=goal["leads"], days=len(days_of(goals.period))), 1),
        customers=words.number(goal["customers"], 1),
        size=words.money(goal["deal_size"]),
        revenue=words.money(goal["marketing_goal"]),
        share=words.share(goal["marketing_share"], 0),
        quota=words.money(goal["quota"]),
    )
    if history.past.empty:
        return [promise, words.text("There is no complete past period to hold this goal against.")]
    realism = words.text(
        "{reached} of the {n} periods before brought that many leads; the best brought {best}.",
        reached=words.number(history.reached),
        n=words.number(len(history.past)),
        best=words.number(history.past.max()),
    )
    growth = history.growth_needed
    compared = (
        words.text("The goal is {growth} above the average of the last three.", growth=words.share(growth, 0))
        if growth >= 0
        else words.text("It is {growth} below the average of the last three.", growth=words.share(-growth, 0))
    )
    rest = words.text("Sales is to find the other {rest} by itself.", rest=words.money(goal["sales_goal"]))
    told = [promise, f"{realism} {compared}"]
    return [*told, rest] if goal["sales_goal"] else told
