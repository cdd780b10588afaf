"""Deliveries, pace and fates as published figures.

Part of `slanb.marketing`. `marketing.leads` and `marketing.value` are published by `slanb.lead_value`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from slanb.dictionary.figures import Figure, judge
from slanb.marketing.columns import MEASURES

if TYPE_CHECKING:
    from slanb.marketing import MarketingReport

PACES = {
    "straight": ("marketing.pace", "Leads delivered, of those due on the even goal line"),
    "working_days": ("marketing.pace_working_days", "Leads delivered, of those due by working days"),
    "profile": ("marketing.pace_profile", "Leads delivered, of those due as past months went"),
}


def figures(report: MarketingReport) -> list[Figure]:
    """Deliveries by the promised day, pace and fates as published numbers."""
    return [*_promised(report), *_paces(report), *_parts(report), *_fates(report)]


def _promised(report: MarketingReport) -> list[Figure]:
    """What was delivered by the promised day. Where that is the period's last one, `marketing.leads`
    carries the promise and its verdict, so that it is not counted twice."""
    earlier = report.promised_day < report.part("leads").index[-1]
    names = {"leads": "Leads delivered by the promised day", "value": "Value delivered by the promised day"}
    figures = []
    for measure, unit in MEASURES.items():
        value = report.delivered(measure, report.promised_day)
        goal = report.goal(measure)
        verdict = judge(value, at_least=goal, complete=report.promised_day_over) if goal else "not measurable"
        figures.append(
            Figure(
                f"marketing.{measure}_by_promised_day",
                value,
                n=int(report.delivered("leads", report.promised_day)),
                target=goal if earlier else None,
                verdict=verdict if earlier else None,
                note=f"promised by {report.promised_day.date()}",
            )
        )
    return figures


def _paces(report: MarketingReport) -> list[Figure]:
    own = report.pace[report.pace["measure"] == "leads"]
    figures = [
        Figure(PACES[row["line"]][0], row["share"], n=int(row["delivered"])) for row in own.to_dict("records")
    ]
    if not report.complete:
        figures.append(Figure("marketing.needed_per_day", report.needed_per_day, n=report.working_days_left))
    return figures


def _parts(report: MarketingReport) -> list[Figure]:
    figures = []
    for cut, name in report.days[["cut", "name"]].drop_duplicates().itertuples(index=False):
        if cut == "all":
            continue
        days = report.part("leads", cut, name)
        actual = days["actual"].dropna()
        delivered = float(actual.iloc[-1]) if len(actual) else 0.0
        goal = days["straight"].iloc[-1]
        figures.append(
            Figure(f"marketing.{cut}.{name}.reached", delivered / goal if goal else None, n=int(delivered))
        )
    return figures


def _fates(report: MarketingReport) -> list[Figure]:
    return [
        Figure(f"marketing.{fate}", leads, n=int(report.fates.sum())) for fate, leads in report.fates.items()
    ]
