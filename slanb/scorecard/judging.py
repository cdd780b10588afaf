"""One clause judged in one span: from a figure slanb computed or from measurements, exceptions applied.

Part of `slanb.scorecard`. Excused days lower what is to be reached in proportion to the working days left;
measurements of such days are left out unless they help; a span without any other day is not judged at all.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from slanb.dictionary.figures import Figure, Verdict
from slanb.scorecard.spans import Schedule, counted_share, excused_days
from slanb.terms.consequences import ExcludedDays
from slanb.terms.promises import Clause
from slanb.terms.targets import ADDS_UP, Aim

CLOSE = 1e-9


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """How a clause fared in a span.

    Parameters
    ----------
    clause : as worded in the span.
    span : a day, week, month, quarter or year.
    verdict : kept, missed, pending or not measurable.
    value, n : the figure and the cases behind it; None where there is none.
    aim : what was to be reached, exceptions applied; `agreed` before them. None where nothing says.
    version : of the agreement by whose terms it is judged.
    excused : the exceptions that touched it; `counted` is the share of working days that counted.
    reason : why it is not measurable, in a word: `excused`, `no target`, `no figure`, `no measurement`.
    adds_up : the figure grows with the days, as leads do and shares do not.
    """

    clause: Clause
    span: pd.Period
    verdict: Verdict
    version: str
    value: float | None = None
    n: int | None = None
    aim: Aim | None = None
    agreed: Aim | None = None
    excused: tuple[ExcludedDays, ...] = ()
    counted: float = 1.0
    reason: str = ""
    adds_up: bool = False

    @property
    def judged(self) -> bool:
        """Kept or missed."""
        return self.verdict in ("kept", "missed")

    @property
    def missing(self) -> float:
        """How far a missed clause was from being kept, in the figure's unit; 0 otherwise."""
        if self.verdict != "missed" or self.aim is None or self.value is None:
            return 0.0
        return float(self.aim.missing(self.value))

    @property
    def short(self) -> float:
        """The same as a share of the target."""
        number = None if self.aim is None else self.aim.number
        return self.missing / abs(number) if number else float(self.missing > 0)


def judge_clause(
    clause_id: str,
    span: pd.Period,
    schedule: Schedule,
    *,
    as_of: pd.Timestamp,
    figures: Mapping[str, Figure],
    measurements: pd.DataFrame,
) -> Judgement:
    """Judge a clause in one span by the terms in force in it.

    Parameters
    ----------
    as_of : the local time (no zone) up to which things are known.
    figures : of this span as of its due day, by id.
    measurements : as `read_measurements` gives them.
    """
    clause = schedule.clause(clause_id, span)
    assert clause is not None  # a schedule's spans are those in which there is one
    targets = schedule.targets(span)
    due = schedule.due(clause, span)
    ended = due + pd.Timedelta(days=1) <= as_of
    agreed = targets.aim(clause)
    days = excused_days(targets.agreement, clause, span)
    counted = counted_share(targets.agreement, days, span)
    if clause.due_weekday is not None and due in days:
        counted = 0.0  # the promise is of that day
    made = Judgement(
        clause=clause,
        span=span,
        verdict="not measurable",
        version=targets.agreement.version,
        aim=agreed,
        agreed=agreed,
        excused=tuple(dict.fromkeys(days.values())),
        counted=counted,
    )
    if days and counted <= CLOSE:
        return replace(made, reason="excused")
    if clause.measurement is not None:
        return _measured(made, measurements, due, as_of, days, ended)
    return _computed(made, figures.get(clause.figure or ""), ended)


def _measured(
    made: Judgement,
    measurements: pd.DataFrame,
    due: pd.Timestamp,
    as_of: pd.Timestamp,
    days: Mapping[pd.Timestamp, ExcludedDays],
    ended: bool,
) -> Judgement:
    clause, aim = made.clause, made.aim
    combine = clause.measurement.combine
    rows = measurements[measurements["clause"] == clause.id]
    known = (rows["date"] >= made.span.start_time) & (rows["date"] <= due)
    rows = rows[known & (rows["date"] + pd.Timedelta(days=1) <= as_of)]
    adds_up = combine == "sum"
    if not (adds_up and aim.at_least is not None):
        rows = rows[~rows["date"].isin(list(days))]
    if rows.empty:
        return replace(made, verdict="not measurable" if ended else "pending", reason="no measurement", n=0)
    if combine == "share":
        value = float(rows["value"].map(aim.kept_by).mean())
        each = Aim(at_least=1.0, unit="share")
        return replace(_decided(made, value, each, ended, len(rows)), agreed=each)
    reduce = {"sum": "sum", "mean": "mean", "lowest": "min", "highest": "max"}.get(combine)
    value = float(rows["value"].iloc[-1] if reduce is None else rows["value"].agg(reduce))
    scaled = aim.scaled(made.counted) if adds_up else aim
    return _decided(made, value, scaled, ended, len(rows), adds_up=adds_up)


def _computed(made: Judgement, figure: Figure | None, ended: bool) -> Judgement:
    if figure is None or figure.value is None or math.isnan(figure.value):
        verdict: Verdict = "not measurable" if ended or figure is None else "pending"
        return replace(made, verdict=verdict, reason="no figure", n=None if figure is None else figure.n)
    aim = made.aim
    if aim is None and figure.target is not None:
        aim = Aim(at_least=figure.target, unit=figure.unit)
    adds_up = figure.unit in ADDS_UP
    scaled = aim.scaled(made.counted) if aim is not None and adds_up else aim
    found = _decided(replace(made, agreed=aim), float(figure.value), scaled, ended, figure.n, adds_up=adds_up)
    waits = figure.verdict in ("pending", "not measurable") and not adds_up
    return replace(found, verdict=figure.verdict) if waits and found.judged else found


def _decided(
    made: Judgement, value: float, aim: Aim | None, ended: bool, n: int | None, *, adds_up: bool = False
) -> Judgement:
    """The verdict on a number. What adds up can be kept, or passed for good, before its day."""
    found = replace(made, value=value, n=n, aim=aim, adds_up=adds_up)
    if aim is None:
        return replace(found, reason="no target")
    reached = aim.at_least is None or value >= aim.at_least - CLOSE * max(1, abs(aim.at_least))
    within = aim.at_most is None or value <= aim.at_most + CLOSE * max(1, abs(aim.at_most))
    if adds_up and not within:
        return replace(found, verdict="missed")
    if not ended and not (adds_up and reached and aim.at_most is None):
        return replace(found, verdict="pending")
    return replace(found, verdict="kept" if reached and within else "missed")
