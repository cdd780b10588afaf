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
            id="sales.speed",
            label="Leads followed up in time",
            value=total["share"],
            unit="share",
            basis="cohort",
            formula=f"kept ÷ (kept + missed), leads handed off in the period, {clock}",
            n=decided,
            target=None if math.isnan(target) else target,
            verdict=None if math.isnan(target) else report.speed_verdict,
            side="sales",
            note="; ".join(notes),
        ),
        Figure(
            id="sales.never_followed_up",
            label="Leads past their time without any attempt",
            value=total["never_share"],
            unit="share",
            basis="cohort",
            formula="missed and not attempted by as-of ÷ (kept + missed)",
            n=decided,
            side="sales",
        ),
    ]
    times = [
        ("sales.speed_mean", "Average time to the first attempt", "mean_hours", "touched", MEAN),
        ("sales.speed_median", "Time by which half were attempted", "median_hours", "leads", CURVE),
        ("sales.speed_p90", "Time by which nine in ten were attempted", "p90_hours", "leads", CURVE),
    ]
    return figures + [
        Figure(
            id=id_,
            label=name,
            value=total[column],
            unit="hours",
            basis="cohort",
            formula=f"{clock}, {how}",
            n=int(total[n]),
            side="sales",
        )
        for id_, name, column, n, how in times
    ]


def _depth_figures(report: SalesReport) -> list[Figure]:
    deep, target = report.deep, report.promise["depth_share"]
    judged = int(deep["kept"] + deep["missed"])
    which = "leads whose follow-up window ended in the period, not reached within it"
    waiting = int(report.depth_open["leads"])
    share = deep["share"]
    return [
        Figure(
            id="sales.depth",
            label="Leads not reached that were tried as often as promised",
            value=share,
            unit="share",
            basis="cohort",
            formula=f"with at least the promised attempts ÷ all, {which}",
            n=judged,
            target=None if math.isnan(target) else target,
            verdict=None if math.isnan(target) else judge(share, at_least=target, complete=report.complete),
            side="sales",
            note=f"{waiting} not reached yet are still in their window" if waiting else "",
        ),
        Figure(
            id="sales.depth_mean",
            label="Attempts on leads not reached",
            value=deep["mean_attempts"],
            unit="attempts",
            basis="cohort",
            formula=f"attempts within the window ÷ leads, {which}",
            n=judged,
            side="sales",
        ),
        Figure(
            id="sales.worked_as_promised",
            label="Leads reached, or tried as often as promised",
            value=deep["worked_share"],
            unit="share",
            basis="cohort",
            formula="(reached + tried as promised) ÷ all leads whose follow-up window ended in the period",
            n=int(deep["leads"]),
            side="sales",
        ),
    ]


def _part_figures(report: SalesReport) -> list[Figure]:
    whole = [frame[frame["grain"] == "whole"] for frame in (report.speed, report.depth)]
    told = [
        ("speed", "Followed up in time", whole[0], "kept ÷ (kept + missed)"),
        ("depth", "Tried as often as promised", whole[1], "tried as often as promised ÷ not reached"),
    ]
    return [
        Figure(
            id=f"sales.{cut}.{row['name'] or 'blank'}.{what}",
            label=f"{name}, {cut} {row['name'] or '(blank)'}",
            value=row["share"],
            unit="share",
            basis="cohort",
            formula=formula,
            n=int(row["kept"] + row["missed"]),
            side="sales",
        )
        for what, name, frame, formula in told
        for cut in ("tier", "segment")
        for row in frame[frame["cut"] == cut].to_dict("records")
    ]
