"""One clause judged in one span: from a figure slanb computed or from measurements, exceptions applied.

Excused days lower what is to be reached in proportion to the working days left; measurements of such days are
left out unless they help; a span without any other day is not judged at all.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from slanb.dictionary.figures import Figure, Verdict
from slanb.dictionary.messages import Message
from slanb.scorecard.spans import Schedule, counted_share, excused_days
from slanb.terms.consequences import ExcludedDays
from slanb.terms.promises import Clause
from slanb.terms.targets import ADDS_UP, Aim

CLOSE = 1e-9
MEANS = ("closing.deal_size", "sales.depth_mean")  # do not grow with the days, though their units can


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
    between : what a share decided before time has run out for all of its leads can still become; None else.
    excused : the exceptions that touched it; `counted` is the share of working days that counted.
    reason : why there is no verdict, in a word: `excused`, `no target`, `nothing promised`, `no figure`, `no
        measurement`, or `waiting`: the span is over, but time has not run out for all of its leads, or for
        what `note` says.
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
    between: tuple[float, float] | None = None
    excused: tuple[ExcludedDays, ...] = ()
    counted: float = 1.0
    reason: str = ""
    note: Message | str = ""
    adds_up: bool = False

    @property
    def judged(self) -> bool:
        """Kept or missed."""
        return self.verdict in ("kept", "missed")

    @property
    def reached(self) -> float | None:
        """How much of a number that adds up was reached, as a share of the target; None where none is."""
        least = self.aim.at_least if self.aim else None
        return self.value / least if self.adds_up and self.value is not None and least else None

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
    figure: Figure | None,
    measurements: pd.DataFrame,
) -> Judgement:
    """Judge a clause in one span by the terms in force in it.

    Parameters
    ----------
    as_of : the local time (no zone) up to which things are known.
    figure : of this span up to its due day, where the clause is decided by one that is known.
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
    if agreed is not None and clause.target is None and agreed.at_least == 0:
        return replace(made, reason="nothing promised")  # by a plan that asks for nothing
    if clause.measurement is not None:
        known = measurements[measurements["clause"] == clause.id]
        known = known[(known["date"] >= span.start_time) & (known["date"] <= due)]
        return _measured(made, known[known["date"] + pd.Timedelta(days=1) <= as_of], days, ended)
    return _computed(made, figure, ended)


def promised(clause_id: str, span: pd.Period, schedule: Schedule) -> Judgement:
    """A clause in a span that has not begun: pending, with what it asks for."""
    clause, targets = schedule.clause(clause_id, span), schedule.targets(span)
    assert clause is not None  # a schedule's spans are those in which there is one
    aim = targets.aim(clause)
    version = targets.agreement.version
    return Judgement(clause=clause, span=span, verdict="pending", version=version, aim=aim, agreed=aim)


def _measured(
    made: Judgement, rows: pd.DataFrame, days: Mapping[pd.Timestamp, ExcludedDays], ended: bool
) -> Judgement:
    aim, combine = made.aim, made.clause.measurement.combine
    adds_up = combine == "sum"
    if not (adds_up and aim.at_least is not None):
        rows = rows[~rows["date"].isin(list(days))]
    if rows.empty:
        return replace(made, verdict="not measurable" if ended else "pending", reason="no measurement", n=0)
    if combine == "share":
        each = Aim(at_least=1.0, unit="share")
        made = replace(made, agreed=each, aim=each, value=float(rows["value"].map(aim.kept_by).mean()))
    else:
        reduce = {"sum": "sum", "mean": "mean", "lowest": "min", "highest": "max"}.get(combine)
        value = float(rows["value"].iloc[-1] if reduce is None else rows["value"].agg(reduce))
        made = replace(made, aim=aim.scaled(made.counted) if adds_up else aim, value=value)
    return _decided(replace(made, n=len(rows), adds_up=adds_up), ended)


def _computed(made: Judgement, figure: Figure | None, ended: bool) -> Judgement:
    if figure is None:
        return replace(made, reason="no figure")
    waiting = figure.verdict == "pending"
    made = replace(made, n=figure.n, reason="waiting" if ended and waiting else "", note=figure.note)
    if figure.value is None or math.isnan(figure.value):
        over = ended and not waiting
        return replace(made, reason="no figure") if over else replace(made, verdict="pending")
    agreed = made.aim
    if agreed is None and figure.target is not None:
        agreed = Aim(at_least=figure.target, unit=figure.unit)
    adds_up = figure.unit in ADDS_UP and figure.id not in MEANS
    aim = agreed.scaled(made.counted) if agreed is not None and adds_up else agreed
    made = replace(made, agreed=agreed, aim=aim, value=float(figure.value), adds_up=adds_up)
    if waiting and ended and figure.level == 1:  # whatever becomes of what is still open
        decided = _decided(made, ended, between := (figure.low, figure.high))
        of_leads = decided.judged and figure.unit == "share"
        return replace(decided, between=between if of_leads else None)
    return _decided(made, ended and not waiting)


def _decided(made: Judgement, ended: bool, between: tuple[float, float] | None = None) -> Judgement:
    """The verdict on a number. What adds up can be kept, or passed for good, before its day.

    Parameters
    ----------
    between : what the number can still become, where that is known.
    """
    aim = made.aim
    if aim is None:
        return replace(made, reason="no target")
    least, most = between or (made.value, made.value)

    def reached(value: float) -> bool:
        return aim.at_least is None or value >= aim.at_least - CLOSE * max(1, abs(aim.at_least))

    def within(value: float) -> bool:
        return aim.at_most is None or value <= aim.at_most + CLOSE * max(1, abs(aim.at_most))

    if reached(least) and within(most) and (ended or (made.adds_up and aim.at_most is None)):
        return replace(made, verdict="kept", reason="")
    if (ended and not (reached(most) and within(least))) or (made.adds_up and not within(least)):
        return replace(made, verdict="missed", reason="")
    return replace(made, verdict="pending")
