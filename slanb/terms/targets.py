"""What keeps a promise in a period: the clause's own target, or what the plan gives for its figure.

The agreement's text, its checks and its scorecard all ask here, so that the number people sign is
the number that judges.
"""

from dataclasses import dataclass

import pandas as pd

from slanb.period_tables import TablePeriod
from slanb.periods import days_of, grain, spans_of
from slanb.terms import Agreement, Plan, Terms
from slanb.terms.goals import Goals, goals_of, whole_leads
from slanb.terms.promises import Clause
from slanb.working_time import WEEKDAYS

# What the goals give for a figure: the column of `Goals.total`, and its unit.
PLANNED = {
    "marketing.leads": ("leads", "leads"),
    "marketing.value": ("value_goal", "money"),
    "closing.revenue": ("quota", "money"),
    "closing.marketing_revenue": ("marketing_goal", "money"),
    "closing.sales_revenue": ("sales_goal", "money"),
}
PROMISED_SHARES = {"sales.speed": "speed", "sales.depth": "depth"}
DELIVERED = ("marketing.leads", "marketing.value")  # what `deliver_by_day` is about
ADDS_UP = ("leads", "customers", "deals", "money", "count", "attempts")  # units that grow with the days


@dataclass(frozen=True)
class Aim:
    """What keeps a promise: a number not to fall below, not to pass, or both; shares 0-1.

    >>> Aim(at_least=100, unit="leads").kept_by(99), Aim(at_most=4, unit="hours").kept_by(4)
    (False, True)
    """

    at_least: float | None = None
    at_most: float | None = None
    unit: str = ""

    def kept_by(self, value: float) -> bool:
        """Whether the number keeps the promise."""
        return not self.missing(value)

    def missing(self, value: float) -> float:
        """How far the number is from keeping the promise, in its unit; 0 if it keeps it.

        >>> Aim(at_least=100).missing(90), Aim(at_most=4).missing(5), Aim(at_least=1, at_most=2).missing(1.5)
        (10, 1, 0)
        """
        below = 0 if self.at_least is None else max(self.at_least - value, 0)
        above = 0 if self.at_most is None else max(value - self.at_most, 0)
        return max(below, above)

    @property
    def number(self) -> float | None:
        """The number a chart draws as the target: the one not to fall below, or else not to pass."""
        return self.at_most if self.at_least is None else self.at_least

    def scaled(self, factor: float) -> "Aim":
        """The aim of a part of the period: what is not to fall below shrinks, a limit stays."""
        if self.at_least is None:
            return self
        return Aim(self.at_least * factor, self.at_most, self.unit)


@dataclass(frozen=True)
class Targets:
    """The terms of one period with the goals they come to: what each of its clauses asks for.

    plan, goals : None where the agreement has no plan, as a supplier's.
    """

    period: pd.Period
    agreement: Agreement
    plan: Plan | None
    goals: Goals | None

    def aim(self, clause: Clause) -> Aim | None:
        """What keeps the promise; None where neither clause nor plan says.

        Leads come whole: the plan's number of them is rounded to the nearest.
        """
        unit = clause.unit or ""
        if clause.target is not None:
            known = PLANNED.get(clause.figure or "", (None, ""))[1]
            known = known or ("share" if clause.figure in PROMISED_SHARES else "")
            return Aim(clause.target.at_least, clause.target.at_most, unit or known)
        if clause.figure in PLANNED and self.goals is not None:
            column, usual = PLANNED[clause.figure]
            goal = float(self.goals.total[column])
            return Aim(at_least=float(whole_leads(goal)) if column == "leads" else goal, unit=unit or usual)
        promise = getattr(self.plan, PROMISED_SHARES.get(clause.figure or "", ""), None)
        return None if promise is None else Aim(at_least=promise.share, unit="share")

    def grain(self, clause: Clause) -> str:
        """How often the promise is judged: `day`, `week`, `month`, `quarter` or `year`."""
        return clause.grain or self.agreement.measure

    def due_day(self, clause: Clause) -> int | None:
        """The day of the month by which it is kept, where one is agreed."""
        by_plan = self.plan.deliver_by_day if self.plan and clause.figure in DELIVERED else None
        return clause.due_day or by_plan


def own_target(terms: Terms, period: pd.Period, figure: str) -> float | None:
    """What a clause itself asks of a figure, at least, in a period; None where the plan decides.

    Over several spans of the agreement's measure, what the clause asks of each adds up.
    """
    measure = terms.agreement.measure
    for clause in terms.in_force(period).clauses:
        asked = clause.target.at_least if clause.figure == figure and clause.target else None
        if asked is not None and (clause.grain or measure) == grain(period):
            return float(asked)
    spans = spans_of(period, measure)
    each = [own_target(terms, span, figure) for span in spans] if len(spans) > 1 else [None]
    return None if None in each else float(sum(each))


def promised_deliveries(terms: Terms, period: pd.Period, goals: Goals) -> dict[str, float]:
    """What marketing is to deliver in a period, as its clauses ask, else as the plan comes to: `leads` and
    `value`; the plan's leads come whole."""
    plan = {"leads": float(whole_leads(goals.total["leads"])), "value": float(goals.total["value_goal"])}
    for measure in plan:
        for figure in (f"marketing.{measure}", f"marketing.{measure}_by_promised_day"):
            asked = own_target(terms, period, figure)
            if asked is not None:
                plan[measure] = asked
                break
    return plan


def targets_of(terms: Terms, period: pd.Period) -> Targets:
    """The targets of a period under the terms in force in it.

    Raises
    ------
    SlanbError : where the agreement is not in force, or the period is shorter than its measure.
    """
    agreement = terms.in_force(period)
    if agreement.plan is None:
        return Targets(period, agreement, None, None)
    first = spans_of(period, terms.agreement.measure)[0]
    return Targets(period, agreement, terms.plan(first), goals_of(terms, period))


def due_on(span: pd.Period, *, day: int | None = None, weekday: str | None = None) -> pd.Timestamp:
    """The last day (midnight, no zone) of a span on which a promise can be kept.

    Parameters
    ----------
    day : day of the span's last month, or of its last period of the company's; 31 being its last.
    weekday : the first such day of the span.

    >>> due_on(pd.Period("2026-02", "M"), day=31), due_on(pd.Period("2026-10-05", "W"), weekday="monday")
    (Timestamp('2026-02-28 00:00:00'), Timestamp('2026-10-05 00:00:00'))
    """
    days = days_of(span)
    if weekday is not None:
        return days[days.day_of_week == WEEKDAYS.index(weekday)][0] if len(days) >= 7 else days[-1]
    if isinstance(span, TablePeriod) and grain(span) != "week" and "month" in span.table.measures:
        last = days_of(spans_of(span, "month")[-1])
        return last[day - 1] if day and day < min(len(last), 31) else last[-1]
    if day is not None and len(days) >= 28:
        last_month = days[days.to_period("M") == days[-1].to_period("M")]
        return last_month[min(day, len(last_month)) - 1]
    return days[-1]
