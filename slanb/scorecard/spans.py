"""The spans by which clauses are judged: days, weeks, months, quarters, years, and the terms of each."""

from functools import cached_property

import numpy as np
import pandas as pd

from slanb.period_tables import PeriodTable, TablePeriod
from slanb.periods import GRAINS, between, days_of, grain, holding, label, spans_of, trailing
from slanb.terms import Agreement, Terms
from slanb.terms.consequences import ExcludedDays
from slanb.terms.promises import Clause
from slanb.terms.targets import Targets, due_on, targets_of
from slanb.working_time import WorkingCalendar

SHORT = {"day": "D", "week": "W-SUN"}  # of the calendar
LONGER = ["day", *GRAINS]
BY_PROMISED_DAY = ("marketing.leads_by_promised_day", "marketing.value_by_promised_day")


def span_label(span: pd.Period) -> str:
    """A span as files name it: a day, or a week of the calendar, by its first day.

    >>> span_label(pd.Period("2026-10-07", freq="W-SUN")), span_label(pd.Period("2026-10", freq="M"))
    ('2026-10-05', '2026-10')
    """
    short = span.freqstr.startswith(("D", "W"))
    return span.start_time.strftime("%Y-%m-%d") if short else label(span)


class Schedule:
    """When each clause of an agreement is judged, and by which terms.

    Parameters
    ----------
    terms : the agreement with its overlays and amendments.
    period : the last period looked at.
    n : how many periods of that length.
    """

    def __init__(self, terms: Terms, period: pd.Period, n: int = 12):
        self.terms, self.period, self.n = terms, period, n
        self._targets: dict[pd.Period, Targets] = {}

    @cached_property
    def periods(self) -> list[pd.Period]:
        """The last `n` periods, ending with this one, in which the agreement is in force."""
        return [span for span in trailing(self.period, self.n) if self.terms.is_in_force(span)]

    @cached_property
    def clauses(self) -> list[Clause]:
        """The clauses of all versions in force in these periods, as last worded, the last version's first."""
        last: dict[str, Clause] = {}
        for period in reversed(self.periods):
            for clause in self.terms.in_force(period).clauses:
                last.setdefault(clause.id, clause)
        return list(last.values())

    def spans(self, clause: Clause) -> list[pd.Period]:
        """The spans by which a clause is judged over these periods, in order.

        A span shorter than the period is of the period in which it falls due; a longer one is of every
        period that it holds. Only those in which the agreement had the clause.
        """
        by = clause.grain or self.terms.agreement.measure
        first, last = self.periods[0], self.periods[-1]
        if LONGER.index(by) >= LONGER.index(grain(self.period)):
            spans = list(dict.fromkeys(self._holding(period.start_time, by) for period in self.periods))
        else:
            every = between(self._holding(first.start_time, by), self._holding(last.end_time, by))
            spans = [span for span in every if first.start_time <= self.due(clause, span) <= last.end_time]
        return [span for span in spans if self.clause(clause.id, span) is not None]

    def _holding(self, moment: pd.Timestamp, by: str) -> pd.Period:
        """The span by which a clause is judged that holds a moment."""
        years = self.terms.agreement.years
        if by in SHORT and not (isinstance(years, PeriodTable) and by in years.measures):
            return pd.Period(moment, freq=SHORT[by])
        return holding(moment, by, years)

    def due(self, clause: Clause, span: pd.Period) -> pd.Timestamp:
        """The last day on which the clause can be kept in the span (midnight, no zone)."""
        short = LONGER.index(_grain_of(span)) <= LONGER.index("week")
        if short or not self.terms.is_in_force(span):
            return due_on(span, weekday=clause.due_weekday if _grain_of(span) == "week" else None)
        targets = self.targets(span)
        promised = targets.plan.deliver_by_day if targets.plan and clause.figure in BY_PROMISED_DAY else None
        return due_on(span, day=targets.due_day(clause) or promised)

    def targets(self, span: pd.Period) -> Targets:
        """What the terms in force ask for in a span; spans shorter than the measure have no plan."""
        if span not in self._targets:
            self._targets[span] = self._targets_of(span)
        return self._targets[span]

    def targets_or_none(self, span: pd.Period) -> Targets | None:
        """The same; None where the agreement is not in force."""
        return self.targets(span) if self.terms.is_in_force(span) else None

    def _targets_of(self, span: pd.Period) -> Targets:
        measure = self.terms.agreement.measure
        long_enough = LONGER.index(_grain_of(span)) >= LONGER.index(measure)
        if long_enough and all(self.terms.is_in_force(part) for part in spans_of(span, measure)):
            return targets_of(self.terms, span)
        return Targets(span, self.terms.in_force(span), None, None)

    def clause(self, clause_id: str, span: pd.Period) -> Clause | None:
        """The clause as worded in a span; None where the agreement did not have it."""
        if not self.terms.is_in_force(span):
            return None
        return {clause.id: clause for clause in self.terms.in_force(span).clauses}.get(clause_id)

    def is_of(self, clause: Clause, span: pd.Period) -> bool:
        """Whether the span belongs in the report of the last period."""
        if LONGER.index(_grain_of(span)) >= LONGER.index(grain(self.period)):
            return span.start_time <= self.period.start_time and self.period.end_time <= span.end_time
        return self.period.start_time <= self.due(clause, span) <= self.period.end_time


def excused_days(agreement: Agreement, clause: Clause, span: pd.Period) -> dict[pd.Timestamp, ExcludedDays]:
    """The days of a span that do not count for a clause, each with the exception it falls under."""
    excused = {}
    for excluded in agreement.exceptions.excluded_days:
        if excluded.party in (None, clause.party) and (not excluded.clauses or clause.id in excluded.clauses):
            days = pd.date_range(excluded.date, excluded.until or excluded.date, unit="us")
            excused |= {day: excluded for day in days if span.start_time <= day <= span.end_time}
    return excused


def counted_share(agreement: Agreement, days: dict[pd.Timestamp, ExcludedDays], span: pd.Period) -> float:
    """The share of a span's working days that counts once the excused ones are taken out.

    Where a span has no working day, its calendar days are counted.
    """
    if not days:
        return 1.0
    stated = agreement.calendar
    usual = WorkingCalendar(
        zone=stated.zone,
        hours=stated.hours.windows(),
        country=stated.country,
        subdivision=stated.subdivision,
        closed={day.date: day.reason for day in stated.closed},
        worked=stated.worked,
    )
    worked = usual.working_days(span)
    worked = worked if len(worked) else days_of(span)
    return float(1 - np.isin(worked, list(days)).mean())


def _grain_of(span: pd.Period | TablePeriod) -> str:
    return next((name for name, freq in SHORT.items() if span.freqstr == freq), None) or grain(span)
