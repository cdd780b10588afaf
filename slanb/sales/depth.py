"""How often leads that were not reached were tried, what one more attempt connects, and the work done."""

import math

import pandas as pd

from slanb.dictionary.figures import Figure, judge
from slanb.dictionary.messages import Message
from slanb.facts.period import PeriodFacts
from slanb.sales.gaps import unknown_lines
from slanb.sales.speed import by_period, months, promise, whole
from slanb.terms.phrases import depth_promised


def deep(case: PeriodFacts) -> pd.Series:
    """Depth of all leads whose window ended in the period (`FollowUp.depth`); counts 0 and shares NaN where
    there were none."""
    return whole(case.follow_up.depth)


def depths(case: PeriodFacts) -> pd.DataFrame:
    """Depth by period of the measure: `period`, `leads`, `reached`, `tried_enough`, `tried_less`,
    `tried_share` (of those not reached), `mean_attempts`, `goal` (attempts promised), `goal_share`,
    `promise` (in words), `complete` (the period is over)."""
    frame = by_period(case, case.follow_up.depth, "attempts")
    frame = frame.rename(columns={"kept": "tried_enough", "missed": "tried_less", "share": "tried_share"})
    promised = case.follow_up.promises.set_index("period")
    return frame.assign(
        goal_share=frame["period"].map(promised["depth_share"]),
        promise=frame["period"].map(promised.apply(_promised, axis="columns")),
        complete=~frame["running"],
    )


def _promised(row: pd.Series) -> Message | None:
    """The promise of depth in words; None where nothing was promised."""
    if math.isnan(row["attempts"]):
        return None
    return depth_promised(row["attempts"], row["within_days"], row["depth_share"])


def work(case: PeriodFacts) -> pd.DataFrame:
    """Attempts made and leads worked by period, of all sources: `period`, `attempts`, `leads_worked`, the
    attempts on `marketing` and `other` leads, `complete` (the period is over)."""
    worked, rows = case.follow_up.worked, months(case)
    sums = worked.groupby("period")[["attempts", "leads_worked"]].sum()
    of_marketing = worked[worked["sourced_by"] == "marketing"].set_index("period")["attempts"]
    frame = sums.join(of_marketing.rename("marketing")).reindex(rows["period"]).fillna(0.0).reset_index()
    return frame.assign(other=frame["attempts"] - frame["marketing"], complete=~rows["running"].to_numpy())


def attempts(case: PeriodFacts) -> pd.DataFrame:
    """What each attempt connected (`connect_curve`), what it takes and what it is worth.

    Returns
    -------
    The columns of `connect_curve`, the share reached as `reached_by_then`; `hours_each` (work per
    connection); `attempt_worth` (money: share connected × agreed value of a lead ÷ share of leads ever
    connected); NaN where not known. `unit` is that of `low` and `high`.
    """
    curve, tried, plan = case.connects, case.follow_up.connects, case.plan
    ever = tried["connected"].sum() / tried["tried"].max() if len(tried) else math.nan
    minutes = plan.capacity.minutes_per_attempt if plan.capacity else math.nan
    return curve.rename(columns={"reached": "reached_by_then"}).assign(
        hours_each=minutes / 60 / curve["rate"].where(curve["rate"] > 0),
        attempt_worth=curve["rate"] * plan.blended().value / ever if ever else math.nan,
        unit="share",
    )


def curve_note(case: PeriodFacts) -> list[Message]:
    """What the last attempt promised connected in the past, and at what cost."""
    if unknown := unknown_lines(case):
        return unknown
    if not case.follow_up.reached_known:
        return [Message("sales.reached_unknown")]
    promised, curve = promise(case)["attempts"], attempts(case)
    row = curve[curve["attempt"] == promised]
    if row.empty or row["rate"].isna().all():
        return [Message("sales.curve_unknown")]
    row = row.iloc[0]
    lines = [Message("sales.curve", n=promised, **row[["rate", "low", "high"]])]
    return lines + (
        [Message("sales.curve_cost", hours=row["hours_each"])] if pd.notna(row["hours_each"]) else []
    )


def depth_line(case: PeriodFacts) -> list[Message]:
    """How many leads not reached were tried as often as promised, or that the records do not tell
    who was reached; nothing where none are judged."""
    now, agreed = deep(case), promise(case)
    if not (math.isnan(agreed["attempts"]) or case.follow_up.reached_known):
        return [Message("sales.depth_unknown")]
    leads = now["kept"] + now["missed"]
    if math.isnan(agreed["attempts"]) or not leads:
        return []
    numbers = {"leads": leads, "kept": now["kept"], "share": now["share"], "mean": now["mean_attempts"]}
    numbers |= {"days": agreed["within_days"], "attempts": agreed["attempts"], "goal": agreed["depth_share"]}
    return [Message("sales.depth", **numbers)]


def depth_figures(case: PeriodFacts) -> list[Figure]:
    """Shares tried as promised and worked as promised, and the attempts on leads not reached."""
    now, target = deep(case), promise(case)["depth_share"]
    counts = now[["kept", "reached", "leads", "attempts"]].to_dict() | {
        "decided": now["kept"] + now["missed"]
    }
    open_, judged = case.follow_up.depth_open["leads"], int(counts["decided"])
    verdict = judge(now["share"], at_least=target, complete=True) if case.complete else "pending"
    return [
        Figure(
            "sales.depth",
            now["share"],
            n=judged,
            target=None if math.isnan(target) else target,
            verdict=None if math.isnan(target) else verdict,  # a share can fall until the period is over
            note=Message("sales.note_window", n=open_) if open_ else "",
            parts=counts,
        ),
        Figure("sales.depth_mean", now["mean_attempts"], n=judged, parts=counts),
        Figure("sales.worked_as_promised", now["worked_share"], n=int(now["leads"]), parts=counts),
    ]
