"""The agreement judged clause by clause over its last periods, and what follows from it by its own rules.

Floor 3, for `06-review-agreement`. Verdicts come from figures slanb computes or from measurement files, each
by the terms in force in its span; remedies, make-up plans and the agreement's end are computed from those.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from slanb.dictionary.figures import Figure, Side, Unit, Verdict
from slanb.dictionary.wording import Wording
from slanb.periods import bounds, to_utc
from slanb.saying import Saying
from slanb.scorecard.following import CreditGiven, Ending, Event, credits_given, endings, events, streak
from slanb.scorecard.judging import Judgement, judge_clause
from slanb.scorecard.making_up import MakeUp, make_ups
from slanb.scorecard.measurements import read_measurements
from slanb.scorecard.spans import Schedule, span_label
from slanb.terms import Agreement, Terms
from slanb.terms.promises import Clause
from slanb.terms.targets import Targets

__all__ = ["Card", "FiguresOf", "Judgement", "Scorecard", "make_scorecard", "read_measurements", "span_label"]

FiguresOf = Callable[[pd.Period, pd.Timestamp], Mapping[str, Figure]]
SHOWN = 12  # spans of a trend
UNITS: tuple[Unit, ...] = (
    "leads",
    "customers",
    "deals",
    "money",
    "share",
    "days",
    "hours",
    "attempts",
    "count",
)


@dataclass(frozen=True)
class Card:
    """One clause in the reported period, with its past.

    Parameters
    ----------
    clause : as last worded.
    now : its judgements in the period: one, or one a day or week.
    history : all its judgements, in order.
    """

    clause: Clause
    now: tuple[Judgement, ...]
    history: tuple[Judgement, ...]

    @property
    def verdict(self) -> Verdict:
        """Of the period: missed if any span of it was, pending while one is, kept if the rest were."""
        verdicts = {each.verdict for each in self.now}
        order: tuple[Verdict, ...] = ("missed", "pending", "kept")
        return next((verdict for verdict in order if verdict in verdicts), "not measurable")

    @property
    def last(self) -> Judgement | None:
        """The period's last judgement."""
        return self.now[-1] if self.now else None

    @property
    def several(self) -> bool:
        """It is judged more than once in the period."""
        return len(self.now) > 1

    @cached_property
    def kept_of(self) -> tuple[int, int]:
        """How many of the period's spans were kept, of how many judged."""
        judged = [each for each in self.now if each.judged]
        return sum(each.verdict == "kept" for each in judged), len(judged)

    @cached_property
    def streak(self) -> tuple[str, int]:
        """The last verdict and for how many judged spans it has stood."""
        return streak(self.history)


@dataclass(frozen=True)
class Scorecard:
    """The agreement judged as of an instant.

    Parameters
    ----------
    period, complete : the period reported, and whether it had ended.
    targets : its terms and goals.
    schedule : when each clause is judged.
    histories : all judgements by clause id, in order.
    """

    period: pd.Period
    complete: bool
    targets: Targets
    schedule: Schedule
    histories: Mapping[str, tuple[Judgement, ...]]

    @property
    def agreement(self) -> Agreement:
        """The agreement as in force in the period."""
        return self.targets.agreement

    def saying(self, words: Wording) -> Saying:
        """What can be said about the agreement in the period."""
        return Saying(self.targets, words)

    @cached_property
    def cards(self) -> list[Card]:
        """The clauses in force in the period, in their order."""
        found = []
        for clause in self.agreement.clauses:
            history = self.histories.get(clause.id, ())
            now = tuple(each for each in history if self.schedule.is_of(clause, each.span))
            found.append(Card(clause, now, history))
        return found

    @cached_property
    def events(self) -> list[Event]:
        """Every remedy set off in these periods, in order."""
        return events(self.histories, self.schedule.terms.in_force)

    @cached_property
    def make_ups(self) -> list[MakeUp]:
        """The make-up plans of these periods, in order."""
        return make_ups(self.events, self.histories, self._targets_or_none)

    @cached_property
    def credits(self) -> list[CreditGiven]:
        """The service credits of these periods, in order."""
        return credits_given(self.events, self._period_of)

    @cached_property
    def endings(self) -> list[Ending]:
        """How far each condition of cancellation is from being met, the nearest first."""
        return endings(self.histories, self.agreement)

    def in_period(self, span: pd.Period, clause_id: str) -> bool:
        """Whether a clause's span is told of in the reported period."""
        clause = self.schedule.clause(clause_id, span)
        return clause is not None and self.schedule.is_of(clause, span)

    def _targets_or_none(self, span: pd.Period) -> Targets | None:
        return self.schedule.targets(span) if self.schedule.terms.is_in_force(span) else None

    def _period_of(self, event: Event) -> pd.Period:
        """The period of the measure whose fee a missed span is of: the one in which it fell due."""
        clause = self.schedule.clause(event.clause, event.span)
        due = self.schedule.due(clause, event.span)
        return due.to_period({"month": "M", "quarter": "Q-DEC", "year": "Y-DEC"}[self.agreement.measure])

    # -- for other rooms

    def frame(self) -> pd.DataFrame:
        """All judgements, plain.

        Returns
        -------
        One row a clause and span, oldest first: `clause`, `party`, `span` (label), `verdict`, `value`,
        `at_least`, `at_most`, `unit`, `n`, `counted` (share of working days), `version`.
        """
        rows = [
            {
                "clause": each.clause.id,
                "party": each.clause.party,
                "span": span_label(each.span),
                "verdict": each.verdict,
                "value": each.value,
                "at_least": each.aim.at_least if each.aim else None,
                "at_most": each.aim.at_most if each.aim else None,
                "unit": each.aim.unit if each.aim else "",
                "n": each.n,
                "counted": each.counted,
                "version": each.version,
            }
            for history in self.histories.values()
            for each in history
        ]
        columns = [
            "clause",
            "party",
            "span",
            "verdict",
            "value",
            "at_least",
            "at_most",
            "unit",
            "n",
            "counted",
        ]
        frame = pd.DataFrame(rows, columns=[*columns, "version"])
        return frame.astype({"value": "float64", "at_least": "float64", "at_most": "float64"})

    def figures(self, words: Wording) -> list[Figure]:
        """The clauses as published numbers, `clause.<id>`, each with the figure that decides it."""
        return [self._figure(card, words) for card in self.cards]

    def _figure(self, card: Card, words: Wording) -> Figure:
        say, last = self.saying(words), card.last
        aim = last.aim if last else None
        unit: Unit = next((unit for unit in UNITS if aim and unit == aim.unit), "count")
        value, n = (last.value, last.n) if last else (None, None)
        target = aim.number if aim else None
        if card.several:
            kept, judged = card.kept_of
            value, n, target, unit = (kept / judged if judged else None), judged, 1.0, "share"
        return Figure(
            f"clause.{card.clause.id}",
            value,
            n=n,
            target=target,
            verdict=card.verdict,
            label=card.clause.text,
            unit=unit,
            side=self.side(card.clause),
        )

    def side(self, clause: Clause) -> Side:
        """The side of a clause as figures name it."""
        role = {party.id: party.role for party in self.agreement.parties}[clause.party]
        return role if role in ("marketing", "sales") else ""


def make_scorecard(
    terms: Terms,
    period: pd.Period,
    *,
    as_of: pd.Timestamp,
    figures_of: FiguresOf = lambda span, clock: {},
    measurements: pd.DataFrame | None = None,
    records_until: pd.Timestamp | None = None,
    n: int = 12,
) -> Scorecard:
    """Judge the agreement in a period and over the `n` periods ending with it.

    Parameters
    ----------
    terms : the agreement with its overlays and amendments.
    period : the period reported.
    as_of : the instant (aware) up to which things are known.
    figures_of : gives the figures of a span as of an instant (aware), by id.
    measurements : as `read_measurements` gives them; read from the files if left out.
    records_until : the instant (aware) the records end; clauses decided by figures are judged no later.

    Raises
    ------
    SlanbError : where the agreement is not in force in the period, or a measurement file cannot be used.
    """
    schedule = Schedule(terms, period, n)
    targets = schedule.targets(period)  # refuses a period in which the agreement is not in force
    zone = targets.agreement.calendar.zone
    rows = read_measurements(terms) if measurements is None else measurements
    recorded = as_of if records_until is None else min(as_of, records_until)
    histories = {}
    for clause in schedule.clauses:
        judged = []
        for span in schedule.spans(clause):
            worded = schedule.clause(clause.id, span)
            known = as_of if worded.measurement else recorded
            local = known.tz_convert(zone).tz_localize(None)
            if span.start_time >= local:
                continue  # it has not begun
            clock = min(known, _end_of(schedule.due(worded, span), zone))
            judged.append(
                judge_clause(
                    clause.id,
                    span,
                    schedule,
                    as_of=local,
                    figures=figures_of(span, clock) if worded.figure else {},
                    measurements=rows,
                )
            )
        histories[clause.id] = tuple(judged)
    complete = bounds(period, zone)[1] <= as_of
    return Scorecard(period, complete, targets, schedule, histories)


def _end_of(day: pd.Timestamp, zone: str) -> pd.Timestamp:
    """The instant (aware UTC) at which a local day ends."""
    return pd.Timestamp(to_utc(pd.DatetimeIndex([day + pd.Timedelta(days=1)]), zone)[0], tz="UTC")
