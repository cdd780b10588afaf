"""The figures that decide clauses: those of many spans as rows of one question, by the records at hand
now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from slanb.dictionary.figures import BLANK, Figure, definition
from slanb.dictionary.messages import Message
from slanb.facts.deliveries import HISTORY, delivered_by, deliveries
from slanb.facts.follow_up import FollowUp, known
from slanb.facts.period import PeriodFacts
from slanb.facts.promised import about
from slanb.facts.tracked import COUNTED_AS, track_periods
from slanb.facts.undated import may_have_closed
from slanb.periods import between, grain, label, months_of, period_table
from slanb.terms.goals import goals_of
from slanb.terms.targets import promised_deliveries

AGEING = ("cohort.customers", "cohort.revenue", "cohort.close_rate")  # what later wins still change
# The last part of an id: the column of `FollowUp.speed` or `FollowUp.depth`, and the cases behind it.
SPEED = {
    "speed": ("share", "decided"),
    "never_followed_up": ("never_share", "decided"),
    "speed_mean": ("mean_hours", "touched"),
    "speed_median": ("median_hours", "leads"),
    "speed_p90": ("p90_hours", "leads"),
}
DEPTH = {
    "depth": ("share", "decided"),
    "depth_mean": ("mean_attempts", "decided"),
    "worked_as_promised": ("worked_share", "leads"),
}
AT_LEAST = {"speed": "kept", "never_followed_up": "never"}  # leads that are in the share for good


class Asked(NamedTuple):
    """One figure of one span, a month or longer, counted up to the end of its due day."""

    figure: str
    span: pd.Period
    due: pd.Timestamp


def figures_by_span(case: PeriodFacts, asked: Sequence[Asked]) -> dict[Asked, Figure]:
    """The figures asked for, each room's in one question over all spans.

    Parameters
    ----------
    case : the period reported, as agreed: without what-ifs.
    asked : figures that a clause may name, of spans under the agreement not shorter than its measure.

    Returns
    -------
    Figures by what was asked. A verdict of `pending` says that time has not run out for all of their leads,
    or what its `note` says; `low` and `high` of level 1 are then what the number can still become. Spans that
    ended before the first lead on record are left out.
    """
    spans = list(dict.fromkeys(each.span for each in asked))
    first = known(case.facts).coverage["earliest_lead"]
    if not spans or pd.isna(first):
        return {}
    ends = period_table(spans, case.facts.zone)["ends_at"]
    covered = {span for span, end in zip(spans, ends, strict=True) if end > first}
    figures: dict[Asked, Figure] = {}
    for answer, rooms in {
        _delivered: ["marketing"],
        _followed: ["sales"],
        _tracked: ["closing", "cohort"],
    }.items():
        own = [each for each in asked if each.span in covered and each.figure.partition(".")[0] in rooms]
        figures |= answer(case, own) if own else {}
    return figures


def _delivered(case: PeriodFacts, asked: Sequence[Asked]) -> dict[Asked, Figure]:
    """What counts toward the goals up to the due day; pending while leads can still be returned."""
    first = min(each.span.start_time for each in asked)
    today = case.known_until.tz_convert(case.facts.zone).tz_localize(None)
    last = max(min(max(each.span.end_time for each in asked), today), first).normalize()
    usual = (months_of(case.period)[0] - HISTORY).start_time
    if first < usual or last > case.days[-1]:
        days = deliveries(case.facts, case.terms, first, last)
    else:
        days = case.deliveries
    spans, due = [each.span for each in asked], [each.due for each in asked]
    counts = delivered_by(days, spans, until=due).to_dict("records")
    waiting = delivered_by(days.assign(counts=days["undecided"]), spans, until=due)["leads"]
    figures = {}
    for each, row, still_open in zip(asked, counts, waiting, strict=True):
        key = each.figure.partition(".")[2].removesuffix("_by_promised_day")
        target = promised_deliveries(case.terms, each.span, goals_of(case.terms, each.span))[key]
        verdict = "pending" if still_open else None
        figures[each] = Figure(each.figure, row[key], n=int(row["leads"]), target=target, verdict=verdict)
    return figures


def _tracked(case: PeriodFacts, asked: Sequence[Asked]) -> dict[Asked, Figure]:
    """What closed, and what became of cohorts; pending while a cohort is young, and where many won deals have
    no closing date."""
    spans = list(dict.fromkeys(each.span for each in asked))
    facts = about(known(case.facts), case.terms, case.goals)
    rows = track_periods(facts, spans).set_index("period")
    figures = {}
    for each in asked:
        row, (column, cases) = rows.loc[label(each.span)], COUNTED_AS[each.figure]
        verdict = "pending" if each.figure in AGEING and row["young"] else None
        n = 0 if pd.isna(row[cases]) else int(row[cases])
        value = float(row[column])
        figures[each] = Figure(each.figure, value, n=n, verdict=verdict)
        undated, more = may_have_closed(each.figure, case.undated_deals)
        if undated:
            open_ = {"verdict": "pending", "low": value, "high": value + more, "level": 1}
            figures[each] = replace(figures[each], **open_, note=Message("figures.undated", n=undated))
    return figures


def _followed(case: PeriodFacts, asked: Sequence[Asked]) -> dict[Asked, Figure]:
    """How leads were followed up; pending while some of them are within their time."""
    rows = _follow_up_rows(case, list(dict.fromkeys(each.span for each in asked)))
    figures = {}
    for each in asked:
        names, what = definition(each.figure)[1], each.figure.rpartition(".")[2]
        cut, name = next(iter(names.items()), ("all", ""))
        part = ("speed" if what in SPEED else "depth", cut, "" if name == BLANK else name)
        figures[each] = _follow_up_figure(each.figure, what, rows[each.span].get(part))
    return figures


def _follow_up_rows(case: PeriodFacts, spans: Sequence[pd.Period]) -> dict[pd.Period, dict[tuple, Mapping]]:
    """The rows of `FollowUp.speed` and `FollowUp.depth` of each span, by what they are, cut and name."""
    shared, measure = set(case.follow_up.promises["period"]), case.terms.agreement.measure
    others = [span for span in spans if label(span) not in shared]
    earlier = [span for span in others if grain(span) == measure]  # together, for each asks the records anew
    rows: dict[pd.Period, dict[tuple, Mapping]] = {}
    parts = [(case.follow_up, "period", [span for span in spans if span not in others])]
    if earlier:
        last, n = max(earlier), len(between(min(earlier), max(earlier)))
        parts.append((FollowUp(case.facts, case.terms, last, n=n), "period", earlier))
    longer = [span for span in others if span not in earlier]
    parts += [(FollowUp(case.facts, case.terms, span, n=1), "whole", [span]) for span in longer]
    for follow_up, told, own in parts:
        for what in ("speed", "depth"):
            frame = getattr(follow_up, what)
            frame = frame[frame["grain"] == told]
            for span in own:
                found = frame[frame["period"] == label(span)].to_dict("records")
                rows.setdefault(span, {}).update({(what, row["cut"], row["name"]): row for row in found})
    return rows


def _follow_up_figure(id: str, what: str, row: Mapping | None) -> Figure:  # noqa: A002  the field's own word
    if row is None:
        return Figure(id, None, n=0)
    column, cases = (SPEED | DEPTH)[what]
    decided = row["kept"] + row["missed"]
    figure = Figure(id, float(row[column]), n=int(decided if cases == "decided" else row[cases]))
    pending = row.get("pending", 0)
    if not pending:
        return figure
    if what not in AT_LEAST:
        return replace(figure, verdict="pending")
    least, all_ = row[AT_LEAST[what]], decided + pending
    return replace(figure, verdict="pending", low=least / all_, high=(least + pending) / all_, level=1)
