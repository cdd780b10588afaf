"""Speed, depth and capacity as published figures.

Part of `slanb.sales`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from slanb.dictionary.figures import Figure, judge

if TYPE_CHECKING:
    from slanb.sales import SalesReport

MEAN = "of those attempted"
CURVE = "Kaplan-Meier, leads not attempted censored at as-of"


def figures(report: SalesReport) -> list[Figure]:
    """Speed, depth and capacity as published numbers, whole and by tier and segment."""
    rows = [*_speed_figures(report), *_depth_figures(report), *_part_figures(report)]
    return rows + (report.bandwidth.figures() if report.bandwidth else [])


def _speed_figures(report: SalesReport) -> list[Figure]:
    total, target = report.total, report.promise["speed_share"]
    decided = int(total["kept"] + total["missed"])
    since = "creation" if report.promise["from_creation"] else "hand-off"
    clock = f"{'working' if report.promise['working'] else 'wall'} time from {since}"
    notes = [f"{total['pending']:.0f} pending"] if total["pending"] else []
    notes += [f"{total['early']:.0f} attempted before hand-off count as 0"] if total["early"] else []
    figures = [
        Figure(
            "sales.speed",
            total["share"],
            n=decided,
            target=None if math.isnan(target) else target,
            verdict=None if math.isnan(target) else report.speed_verdict,
            note="; ".join(notes),
        ),
        Figure("sales.never_followed_up", total["never_share"], n=decided),
    ]
    times = [
        ("sales.speed_mean", "Average time to the first attempt", "mean_hours", "touched", MEAN),
        ("sales.speed_median", "Time by which half were attempted", "median_hours", "leads", CURVE),
        ("sales.speed_p90", "Time by which nine in ten were attempted", "p90_hours", "leads", CURVE),
    ]
    return figures + [Figure(id_, total[column], n=int(total[n])) for id_, name, column, n, how in times]


def _depth_figures(report: SalesReport) -> list[Figure]:
    deep, target = report.deep, report.promise["depth_share"]
    judged = int(deep["kept"] + deep["missed"])
    which = "leads whose follow-up window ended in the period, not reached within it"
    waiting = int(report.depth_open["leads"])
    share = deep["share"]
    return [
        Figure(
            "sales.depth",
            share,
            n=judged,
            target=None if math.isnan(target) else target,
            verdict=None if math.isnan(target) else judge(share, at_least=target, complete=report.complete),
            note=f"{waiting} not reached yet are still in their window" if waiting else "",
        ),
        Figure("sales.depth_mean", deep["mean_attempts"], n=judged),
        Figure("sales.worked_as_promised", deep["worked_share"], n=int(deep["leads"])),
    ]


def _part_figures(report: SalesReport) -> list[Figure]:
    whole = [frame[frame["grain"] == "whole"] for frame in (report.speed, report.depth)]
    told = [
        ("speed", "Followed up in time", whole[0], "kept ÷ (kept + missed)"),
        ("depth", "Tried as often as promised", whole[1], "tried as often as promised ÷ not reached"),
    ]
    return [
        Figure(
            f"sales.{cut}.{row['name'] or 'blank'}.{what}", row["share"], n=int(row["kept"] + row["missed"])
        )
        for what, name, frame, formula in told
        for cut in ("tier", "segment")
        for row in frame[frame["cut"] == cut].to_dict("records")
    ]
