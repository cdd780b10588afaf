"""Whether the past says the goal can be kept: each period beside its own goal, and beside this one."""

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.facts.period import PeriodFacts
from slanb.terms.goals import whole_leads

LATELY = 3  # complete periods that "of late" means


def history(case: PeriodFacts) -> pd.DataFrame:
    """What the trailing periods delivered, each by its own terms; the one planned is last.

    Returns
    -------
    `period`, `leads` (delivered), `goal` (its own, whole; NaN where no agreement was in force), `complete`.
    """
    frame = case.delivered[["period", "leads"]].copy()
    frame["goal"] = whole_leads(case.goals_by_period["leads"].to_numpy(dtype=float))
    return frame.assign(complete=[case.ended(span) for span in case.trailing])


def realism(case: PeriodFacts) -> Message:
    """How many periods before this one reached their own goal, how many brought as many leads as this one
    asks for, and how its goal compares with the last few."""
    goal, earlier = float(whole_leads(case.goals.total["leads"])), history(case).iloc[:-1]
    earlier = earlier[earlier["complete"]]
    if earlier.empty:
        return Message("goals.no_history")
    own = earlier.dropna(subset="goal")
    kept = int((own["leads"] >= own["goal"]).sum())
    as_many = int((earlier["leads"] >= goal).sum())
    numbers = {"goal": goal, "best": earlier["leads"].max()}
    sentences = {
        "as_many": Message("goals.as_many", n=as_many, of=len(earlier), **numbers),
        "compared": _compared(goal, earlier["leads"].tail(LATELY)),
    }
    if own.empty:
        return Message("goals.history_without_goals", **sentences)
    return Message("goals.history", own=Message("goals.own_goals", kept=kept, n=len(own)), **sentences)


def _compared(goal: float, lately: pd.Series) -> Message:
    """The goal beside the mean of the last complete periods."""
    mean, n = lately.mean(), len(lately)
    if not mean:
        return Message("goals.none_lately", n=n)
    growth = goal / mean - 1
    return Message("goals.above" if growth >= 0 else "goals.below", growth=abs(growth), n=n)
