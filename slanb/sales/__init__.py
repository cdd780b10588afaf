"""Speed and depth of the follow-up in one period, what was kept and missed, and what needs attention now.

Speed is of the leads handed off in the period, depth of those whose follow-up window ended in it, both of
marketing's leads and by the promises in force at their hand-off. Untouched leads stay in every number, so
that none gets better by leaving hard leads alone. `case` is always a `slanb.facts.period.PeriodFacts`.
"""

import pandas as pd

from slanb.dictionary.figures import BLANK, Figure
from slanb.dictionary.messages import Message
from slanb.facts.period import PeriodFacts
from slanb.sales.depth import attempts, curve_note, deep, depth_figures, depth_line, depths, work
from slanb.sales.gaps import ASTRAY, astray_lines, unknown_lines
from slanb.sales.open_leads import attention, attention_line, files, to_do
from slanb.sales.speed import (
    clocks,
    days,
    months,
    promise,
    spans,
    speed_figures,
    speed_lines,
    speed_verdict,
    times,
    times_note,
    total,
    waiting,
    waits_lines,
    weeks,
)

__all__ = [
    "astray_lines", "attempts", "attention", "attention_line", "capacity_notes", "clocks", "curve_note",
    "data_notes",
    "days", "deep", "depths", "figures", "files", "headlines", "hours_by_attempts", "months", "parts",
    "promise", "sides", "spans", "speed_verdict", "times", "times_note", "to_do",
    "to_recompute", "total", "unknown_lines", "waiting", "weeks", "work",
]  # fmt: skip
CUTS = ("owner", "tier", "segment")
LEFT_OUT = ("by_software", "inbound", "meetings_not_held", "before_creation", "unclear", "copies")


def headlines(case: PeriodFacts) -> list[Message]:
    """The period in sentences: speed, what waited longest, depth, capacity."""
    if unknown := unknown_lines(case):
        lines = unknown
    else:
        astray = astray_lines(case, at_least=ASTRAY)
        lines = [*speed_lines(case), *waits_lines(case), *depth_line(case), *apart_line(case), *astray]
    return lines + ([case.bandwidth.verdict()] if case.bandwidth else [])


def apart_line(case: PeriodFacts) -> list[Message]:
    """How many leads of the period no promise to follow up is about; nothing where there are none."""
    names = [tier or Message("tables.blank") for tier in case.apart.index]
    lines = [Message("sales.not_promised", n=case.apart.sum(), tiers=names)] if names else []
    return [*lines, Message("sales.not_presented", n=case.unpresented)] if case.unpresented else lines


def figures(case: PeriodFacts) -> list[Figure]:
    """Speed, depth and capacity as published numbers, whole and by tier and segment."""
    rows = [*speed_figures(case), *depth_figures(case), *_part_figures(case)]
    return rows + (case.bandwidth.figures() if case.bandwidth else [])


def _part_figures(case: PeriodFacts) -> list[Figure]:
    made = []
    for what in ("speed", "depth"):
        frame = getattr(case.follow_up, what)
        for row in frame[(frame["grain"] == "whole") & frame["cut"].isin(CUTS[1:])].to_dict("records"):
            parts = {"kept": row["kept"], "decided": row["kept"] + row["missed"]}
            id_ = f"sales.{row['cut']}.{row['name'] or BLANK}.{what}"
            made.append(Figure(id_, row["share"], n=int(parts["decided"]), parts=parts))
    return made


def to_recompute(case: PeriodFacts) -> dict[str, pd.DataFrame]:
    """`months` and `depths` for a workbook that works their shares out again, with the promised share as
    `goal_share` and the promised attempts as `goal_attempts`."""
    return {
        "speed": months(case).rename(columns={"goal": "goal_share"}),
        "depth": depths(case).rename(columns={"goal": "goal_attempts"}),
    }


def parts(case: PeriodFacts) -> pd.DataFrame:
    """Speed and depth of the period by salesperson, tier and segment: `part` (named), the columns of
    `FollowUp.speed` with the share kept as `in_time`, `tried_share` and `mean_attempts`; `segment` (name)
    where it is one."""
    speed, deep = (frame[frame["grain"] == "whole"] for frame in (case.follow_up.speed, case.follow_up.depth))
    speed = speed[speed["cut"] != "all"].rename(columns={"share": "in_time"})
    deep = deep[["cut", "name", "share", "mean_attempts"]].rename(columns={"share": "tried_share"})
    frame = speed.merge(deep, on=["cut", "name"], how="left")
    several = frame.groupby("cut")["name"].transform("nunique") > 1  # a single name divides nothing
    frame = frame[several | (frame["cut"] == "owner")]
    frame = frame.assign(order=frame["cut"].map(list(CUTS).index))
    frame = frame.sort_values(["order", "name"], ignore_index=True)
    frame["segment"] = frame["name"].replace("", BLANK).where(frame["cut"] == "segment")
    named = zip(frame["cut"], frame["name"], strict=True)
    names = [Message(f"sales.{cut}", name=name or Message("tables.blank")) for cut, name in named]
    return frame.assign(part=pd.Series(names, index=frame.index, dtype=object))


def data_notes(case: PeriodFacts) -> list[Message]:
    """What in the records was no attempt, and what of the attempts is worth a look."""
    whole, out = total(case), case.follow_up.left_out
    counted = [Message(f"sales.not_{key}", n=out[key]) for key in LEFT_OUT if out[key]]
    lines = [Message("sales.not_counted", period=case.label, counted=counted)] if counted else []
    lines += astray_lines(case)
    if whole["early"]:
        lines.append(Message("sales.early", n=whole["early"]))
    if out["slowly_logged"]:
        lines.append(Message("sales.slowly_logged", n=out["slowly_logged"], hours=out["slow_hours"]))
    if whole["logged_late"]:
        lines.append(Message("sales.logged_late", n=whole["logged_late"]))
    return lines


def hours_by_attempts(case: PeriodFacts) -> pd.DataFrame:
    """`Bandwidth.by_depth`; empty where no capacity is agreed."""
    if case.bandwidth is None:
        return pd.DataFrame(columns=["attempts", "hours", "available", "promised"], dtype=float)
    return case.bandwidth.by_depth


def sides(case: PeriodFacts) -> pd.DataFrame:
    """Hours needed and hours there are by who sources the leads, and of both: `sourced_by` (named), `leads`,
    `per_rep`, `hours_needed`, `hours_available`, `hours_spare`, `hours_saved`; empty where no capacity is
    agreed."""
    hours = ["hours_needed", "hours_available", "hours_spare", "hours_saved"]
    columns = ["sourced_by", "leads", "per_rep", *hours]
    if case.bandwidth is None:
        return pd.DataFrame(columns=columns)
    old = ["kind", "needed", "available", "spare", "by_software"]
    frame = case.bandwidth.sides.rename(columns=dict(zip(old, ["sourced_by", *hours], strict=True)))
    frame.loc[len(frame)] = {"sourced_by": "both"} | frame.drop(columns="sourced_by").sum().to_dict()
    frame["sourced_by"] = [Message(f"sales.by_{kind}") for kind in frame["sourced_by"]]
    return frame[columns]


def capacity_notes(case: PeriodFacts) -> list[Message]:
    """Whether the promise fits at the attempts to be expected, what every promised attempt would take, and
    what the load lets speed be, by whose hours; or that no capacity is agreed."""
    if case.bandwidth is None:
        return [Message("capacity.none")]
    lines = [case.bandwidth.verdict(), case.bandwidth.if_all_made(), case.bandwidth.at_load()]
    lines.append(case.bandwidth.calendars())
    return [line for line in lines if line is not None]
