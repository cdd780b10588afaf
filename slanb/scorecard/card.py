"""The agreement judged as of one instant, clause by clause, over the period reported and those before it."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import get_args

import pandas as pd

from slanb.dictionary.figures import Figure, Side, Unit, Verdict, definition
from slanb.dictionary.wording import Wording
from slanb.facts.capacity import bandwidth_of
from slanb.facts.period import TRAILING, PeriodFacts
from slanb.scorecard.figures import Asked, figures_by_span
from slanb.scorecard.following import CreditGiven, Ending, Event, credits_given, endings, events, streak
from slanb.scorecard.judging import Judgement, judge_clause, promised
from slanb.scorecard.making_up import MakeUp, make_ups
from slanb.scorecard.measurements import read_measurements
from slanb.scorecard.spans import Schedule, span_label
from slanb.terms import Agreement
from slanb.terms.phrases import Phrases
from slanb.terms.promises import Clause
from slanb.terms.targets import Targets


@dataclass(frozen=True)
class Card:
    """One clause in the reported period, with the spans before it.

    Parameters
    ----------
    clause : as last worded.
    now : its judgements in the period: one, or one a day or week.
    history : all its judgements of the periods looked at, in order.
    before : those before them, as far back as the run reaches in which they begin.
    """

    clause: Clause
    now: tuple[Judgement, ...]
    history: tuple[Judgement, ...]
    before: tuple[Judgement, ...] = ()

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
        return streak(self.known)

    @property
    def known(self) -> tuple[Judgement, ...]:
        """All its judgements, those before the periods looked at first."""
        return self.before + self.history


@dataclass(frozen=True)
class Scorecard:
    """The agreement judged as of an instant.

    Parameters
    ----------
    case : the period reported, as agreed.
    schedule : when each clause is judged.
    histories : all judgements of the periods looked at by clause id, in order.
    before : those before them, as far back as the run of verdicts reaches in which each begins, so that a run
        is counted whole.
    """

    case: PeriodFacts
    schedule: Schedule
    histories: Mapping[str, tuple[Judgement, ...]]
    before: Mapping[str, tuple[Judgement, ...]]

    @property
    def agreement(self) -> Agreement:
        """The agreement as in force in the period."""
        return self.case.agreement

    @property
    def targets(self) -> Targets:
        """The period's terms and goals."""
        return self.schedule.targets(self.case.period)

    @cached_property
    def called(self) -> Mapping[str, str]:
        """What readers call each clause, by its id."""
        return {clause.id: clause.called for clause in self.schedule.clauses}

    @cached_property
    def phrases(self) -> Phrases:
        """The agreement's own phrases, for sentences about it."""
        return Phrases(self.targets)

    @cached_property
    def words(self) -> Wording:
        """The agreement's language and currency, in which cards and status texts are written."""
        return self.case.terms.wording()

    @cached_property
    def cards(self) -> list[Card]:
        """The clauses in force in the period, in their order."""
        cards = []
        for clause in self.agreement.clauses:
            history = self.histories.get(clause.id, ())
            now = tuple(each for each in history if self.schedule.is_of(clause, each.span))
            cards.append(Card(clause, now, history, self.before.get(clause.id, ())))
        return cards

    @cached_property
    def known(self) -> dict[str, tuple[Judgement, ...]]:
        """All judgements by clause id, those before the periods looked at first."""
        return {clause: self.before.get(clause, ()) + history for clause, history in self.histories.items()}

    @cached_property
    def events(self) -> list[Event]:
        """Every remedy set off in these periods, in order."""
        own = {(clause, each.span) for clause, history in self.histories.items() for each in history}
        made = events(self.known, self.schedule.terms.in_force)
        return [event for event in made if (event.clause, event.span) in own]

    @cached_property
    def make_ups(self) -> list[MakeUp]:
        """The make-up plans of these periods, in order."""
        return make_ups(self.events, self.histories, self.schedule.targets_or_none, cache(self._room))

    def to_make_up(self, clause_id: str) -> dict[pd.Period, float]:
        """Leads that the period owes on top of its own goal, by the earlier span that a clause missed."""
        first, owed = self.case.period.start_time, {}
        for plan in self.make_ups:
            missed, done = plan.event.span, plan.done_in
            earlier = missed.end_time < first and (done is None or done.end_time >= first)
            if plan.event.clause == clause_id and plan.leads and earlier:
                more = sum(part for span, part in plan.parts if self.in_period(span, clause_id))
                owed |= {missed: more} if more else {}
        return owed

    @cached_property
    def credits(self) -> list[CreditGiven]:
        """The service credits of these periods, in order."""
        return credits_given(self.events, self._period_of)

    @cached_property
    def endings(self) -> list[Ending]:
        """How far each condition of cancellation is from being met, the nearest first."""
        return endings(self.known, self.agreement)

    def in_period(self, span: pd.Period, clause_id: str) -> bool:
        """Whether a clause's span belongs in the reported period."""
        clause = self.schedule.clause(clause_id, span)
        return clause is not None and self.schedule.is_of(clause, span)

    def _room(self, span: pd.Period) -> float:
        """Leads that can be followed up in a span beyond its goal; `inf` where no capacity is agreed."""
        targets = self.schedule.targets_or_none(span)
        if targets is None:
            return 0.0
        plan = targets.plan
        if plan is None or plan.capacity is None or plan.depth is None:
            return math.inf
        bandwidth = bandwidth_of(self.case.facts, self.case.terms, span, self.case.connects)
        if bandwidth is None or math.isinf(bandwidth.leads_affordable):
            return math.inf
        return max(math.floor(bandwidth.leads_affordable - bandwidth.leads + 1e-9), 0)

    def _period_of(self, event: Event) -> pd.Period:
        """The period of the measure whose fee a missed span is of: the one in which it fell due."""
        due = self.schedule.due(self.schedule.clause(event.clause, event.span), event.span)
        return self.case.terms.span(due)

    # -- for other rooms

    def frame(self) -> pd.DataFrame:
        """All judgements, plain.

        Returns
        -------
        One row a clause and span, oldest first: `clause`, `party`, `span` (label), `verdict`, `value`,
        `at_least`, `at_most`, `unit`, `n`, `counted` (share of working days), `version`.
        """
        rows = [
            (each.clause.id, each.clause.party, span_label(each.span), each.verdict, each.value)
            + ((each.aim.at_least, each.aim.at_most, each.aim.unit) if each.aim else (None, None, ""))
            + (each.n, each.counted, each.version)
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

    def figures(self) -> list[Figure]:
        """The clauses as published numbers, `clause.<id>`, each with the number that judged it."""
        return [self._figure(card) for card in self.cards]

    def _figure(self, card: Card) -> Figure:
        clause, last = card.clause, card.last
        aim = last.aim if last else None
        value, n = (last.value, last.n) if last else (None, None)
        target, unit = (aim.number, aim.unit) if aim else (None, "")
        if card.several:
            kept, n = card.kept_of
            value, target, unit = (kept / n if n else None), 1.0, "share"
        return Figure(
            f"clause.{clause.id}",
            value,
            n=n,
            target=target,
            verdict=card.verdict,
            label=clause.text,
            unit=unit if unit in get_args(Unit) else "count",
            clock=definition(clause.figure)[0].clock if clause.figure else "calendar",
            side=self.side(clause),
        )

    def side(self, clause: Clause) -> Side:
        """The side of a clause as figures name it."""
        role = {party.id: party.role for party in self.agreement.parties}[clause.party]
        return role if role in ("marketing", "sales") else ""


def review(case: PeriodFacts, *, n: int = TRAILING, clauses: Collection[str] | None = None) -> Scorecard:
    """The agreement judged in a period and before it, over `n` periods of its measure in all; where `clauses`
    are named, these alone.

    Every span is judged by its own terms and by the records at hand now, so that a month's verdict is the
    one its own report gives on the same records. A period longer than the measure counts whole: a year is
    judged by its twelve months. It is judged as agreed: what-ifs play no part.

    Raises
    ------
    SlanbError : where a measurement file cannot be used.
    """
    case = PeriodFacts(case.facts, case.terms, case.period) if case.what_if else case
    schedule = Schedule(case.terms, case.period, max(n // len(case.spans), 1))
    measurements = read_measurements(case.terms)
    looked_at = [each for each in schedule.clauses if clauses is None or each.id in clauses]
    spans = {clause.id: schedule.spans(clause) for clause in looked_at}
    histories = _judged(case, schedule, spans, measurements)
    before = _before(case, schedule, histories, measurements)
    if not case.begun:  # spans of a period that has not begun: promised, all pending
        for clause in looked_at:
            known = {each.span for each in histories[clause.id]}
            coming = [span for span in spans[clause.id] if span not in known and schedule.is_of(clause, span)]
            histories[clause.id] += tuple(promised(clause.id, span, schedule) for span in coming)
    return Scorecard(case, schedule, histories, before)


def _judged(
    case: PeriodFacts,
    schedule: Schedule,
    spans: Mapping[str, Sequence[pd.Period]],
    measurements: pd.DataFrame,
) -> dict[str, tuple[Judgement, ...]]:
    """The judgements of clauses in those of their spans that have begun, in order."""
    zone = case.agreement.calendar.zone
    now, recorded = (instant.tz_convert(zone).tz_localize(None) for instant in (case.as_of, case.known_until))
    begun: list[tuple[str, pd.Period, pd.Timestamp, Asked | None]] = []
    for clause_id, own in spans.items():
        for span in own:
            clause = schedule.clause(clause_id, span)
            until = now if clause.measurement else recorded
            computed = clause.figure is not None and schedule.targets(span).goals is not None
            asked = Asked(clause.figure, span, schedule.due(clause, span)) if computed else None
            if span.start_time < until:
                begun.append((clause_id, span, until, asked))
    figures = figures_by_span(case, list(dict.fromkeys(asked for *_, asked in begun if asked)))
    histories: dict[str, tuple[Judgement, ...]] = dict.fromkeys(spans, ())
    for clause_id, span, until, asked in begun:
        known = {"figure": figures.get(asked), "measurements": measurements}
        histories[clause_id] += (judge_clause(clause_id, span, schedule, as_of=until, **known),)
    return histories


def _before(
    case: PeriodFacts,
    schedule: Schedule,
    histories: Mapping[str, tuple[Judgement, ...]],
    measurements: pd.DataFrame,
) -> dict[str, tuple[Judgement, ...]]:
    """The judgements before the periods of a schedule, of the clauses whose run they would cut off: twice as
    many periods each time, until the run has begun or the agreement had not."""
    before: dict[str, tuple[Judgement, ...]] = dict.fromkeys(histories, ())
    clauses = {clause.id: clause for clause in schedule.clauses}
    while cut := [each for each in histories if _cut_off(before[each], histories[each])]:
        schedule = Schedule(case.terms, schedule.periods[0] - 1, 2 * schedule.n)
        if not schedule.periods:
            break
        spans = {}
        for each in cut:
            first = (before[each] + histories[each])[0].span.start_time
            spans[each] = [span for span in schedule.spans(clauses[each]) if span.start_time < first]
        earlier = _judged(case, schedule, spans, measurements)
        before |= {each: earlier[each] + before[each] for each in cut}
    return before


def _cut_off(before: Sequence[Judgement], history: Sequence[Judgement]) -> bool:
    """Whether more periods would lengthen a run that counts: one still standing, or of misses."""
    verdicts = [each.verdict for each in history if each.judged]
    if not verdicts or any(each.verdict != verdicts[0] for each in before if each.judged):
        return False
    return verdicts[0] == "missed" or len(set(verdicts)) == 1
