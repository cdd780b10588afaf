"""What can be said about an agreement in one period: its promises, days, people and rules, as messages.

Texts that people wrote stand as they are; what is said about them is a `Message`, put into words at the last
step. The document, its checks, the scorecard and the status reports speak with these phrases.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from slanb.dictionary.messages import Message
from slanb.formulas import downtime
from slanb.terms.agreement import Agreement
from slanb.terms.consequences import Condition, Rule
from slanb.terms.plan import Plan
from slanb.terms.promises import Clause
from slanb.terms.targets import Aim, Targets
from slanb.terms.watching import Contact

COUNTED = ("leads", "customers", "deals", "attempts", "count")  # half a lead keeps no promise
UNITS = (*COUNTED, "money", "money per lead", "share", "days", "hours")
NINES = 0.99  # from here on a share is an availability, and its downtime is worth saying
HOURS_A_YEAR = 365 * 24
CADENCES = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly", "year": "yearly"}
# The goals of a period as a table shows them: the column of `Goals`, its figure, and what it counts.
NUMBERS = (
    ("quota", "plan.quota", "money"),
    ("marketing_share", "plan.marketing_share", "share"),
    ("marketing_goal", "plan.marketing_goal", "money"),
    ("sales_goal", "plan.sales_goal", "money"),
    ("deal_size", "plan.deal_size", "money"),
    ("customers", "plan.customers", "customers"),
    ("close_rate", "plan.close_rate", "share"),
    ("leads", "plan.leads", "leads"),
    ("value_goal", "plan.value", "money"),
)
GIVEN = ("marketing_share", "deal_size", "close_rate")  # agreed as they are where all parts have the same

Phrase = Message | str


def sentence(text: str) -> str:
    """A text that people wrote with a full stop, unless it ends in a sign of its own.

    >>> sentence("Leads are late"), sentence("Are they?")
    ('Leads are late.', 'Are they?')
    """
    return text if text.endswith((".", "!", "?", "…", ":", ";", "。", "؟", "۔", "।")) else text + "."


def hours_in(n: float, clock: str) -> Message:
    """Hours of a clock: `4 working hours`."""
    return Message("phrases.working_hours" if clock == "working" else "phrases.hours", n=n)


def speed_promised(hours: float, clock: str, since: str, share: float) -> Message:
    """The promise of speed, since the lead was `created` or `handed_off`."""
    return Message(f"phrases.speed_{since}", share=share, hours=hours_in(hours, clock))


def depth_promised(attempts: float, days: float, share: float) -> Message:
    """The promise of depth."""
    return Message("phrases.depth", share=share, attempts=attempts, days=days)


def often(agreement: Agreement, cadence: str) -> Message:
    """How often: `every week`; monthly is every period where the company has its own."""
    own = cadence == "monthly" and agreement.periods
    return Message("phrases.often_by_period" if own else f"phrases.often_{cadence}")


@dataclass(frozen=True)
class Phrases:
    """What can be said about one agreement in one period; `first` asks for the form that opens a sentence."""

    targets: Targets

    @property
    def agreement(self) -> Agreement:
        """The agreement as in force in the period."""
        return self.targets.agreement

    @property
    def plan(self) -> Plan | None:
        """The period's plan, if the agreement has one."""
        return self.targets.plan

    # -- who

    def name(self, someone: str) -> Phrase:
        """A party or contact by its id, as readers know it."""
        for party in self.agreement.parties:
            if party.id == someone:
                return party.name
        for contact in self.agreement.contacts:
            if contact.id == someone:
                return self.person(contact)
        return Message("phrases.outside") if someone == "outside" else someone

    def names(self, ids: Sequence[str]) -> Message:
        """Several of them as a list in a sentence."""
        return Message("phrases.names", names=[self.name(someone) for someone in ids])

    def called(self, clauses: Sequence[str]) -> list[str]:
        """Clauses by their ids, as readers know them."""
        known = {clause.id: clause.called for clause in self.agreement.clauses}
        return [known.get(clause, clause) for clause in clauses]

    def person(self, contact: Contact) -> Phrase:
        """Name and role of a contact."""
        if contact.name is None:
            return contact.role
        return Message("phrases.person", name=contact.name, role=contact.role)

    # -- when

    def term(self) -> Message:
        """From when until when the agreement holds."""
        first, last = self.agreement.effective_from, self.agreement.effective_until
        if last is None:
            return Message("phrases.in_force_from", first=first)
        return Message("phrases.in_force_until", first=first, last=last)

    def often(self, cadence: str) -> Message:
        """How often: `every week`."""
        return often(self.agreement, cadence)

    def weekday(self, name: str) -> Message:
        """`monday` as readers know it."""
        return Message(f"phrases.{name}")

    def by_day(self, day: int, *, of_week: bool = False, first: bool = False) -> Message:
        """A day of the month, or of the company's period, by which something is done; 31 is its last, and of
        a week any day of the month is."""
        own = "_week" if of_week else "_own" * (self.agreement.periods is not None)
        if day == 31 or of_week:
            return Message(f"phrases.by_last_day{own}" + "_first" * first)
        return Message(f"phrases.by_day{own}" + "_first" * first, day=day)

    def spans(self, n: float, grain: str) -> Message:
        """Some days, weeks, months (periods, where the company has its own), quarters or years."""
        grain = "period" if grain == "month" and self.agreement.periods else grain
        return Message(f"phrases.spans_{grain}", n=n)

    def hours(self, hours: float, clock: str) -> Message:
        """Hours on a named clock: `4 working hours`."""
        return hours_in(hours, clock)

    # -- how much

    def amount(self, value: float, unit: str) -> Message:
        """A number with its unit, which may be one of the agreement's own, as reams."""
        if unit in UNITS:
            return Message(f"phrases.amount_{unit.replace(' ', '_')}", n=value)
        kind = "whole" if float(value).is_integer() else "part"
        return Message(f"phrases.amount_{kind}" + "_own" * bool(unit), n=value, unit=unit)

    def share(self, value: float) -> Message:
        """A share in as many decimals as it was agreed in, for 99.999 % is not 99.9 %."""
        return Message("phrases.share", share=value)

    def aim(self, aim: Aim, *, first: bool = False) -> Message:
        """What keeps a promise, in a few words: `at least 559 leads`."""
        limits = {
            key: self.share(value) if aim.unit == "share" else self.amount(value, aim.unit)
            for key, value in (
                ("low", _binding(aim.at_least, aim.unit, math.ceil)),
                ("high", _binding(aim.at_most, aim.unit, math.floor)),
            )
            if value is not None
        }
        kind = "between" if len(limits) == 2 else "at_least" if "low" in limits else "at_most"
        return Message(f"phrases.{kind}" + "_first" * first, **limits)

    def promise(self, clause: Clause, *, first: bool = False) -> Phrase:
        """The number that keeps a clause; empty where none is known."""
        if clause.target is None and self.plan is not None:
            speed, depth = self.plan.speed, self.plan.depth
            if clause.figure == "sales.speed" and speed is not None:
                return speed_promised(speed.hours, speed.clock, speed.since, speed.share)
            if clause.figure == "sales.depth" and depth is not None:
                return depth_promised(depth.attempts, depth.within_days, depth.share)
        aim = self.targets.aim(clause)
        return "" if aim is None else self.aim(aim, first=first)

    def downtime(self, clause: Clause) -> Phrase:
        """What an availability of several nines lets a service be away, for they are easily mistaken."""
        aim = self.targets.aim(clause)
        share = aim.at_least if aim is not None and aim.unit == "share" else None
        if share is None or not NINES <= share < 1:
            return ""
        year, month = (
            round(downtime(share, length=length), 6) for length in (HOURS_A_YEAR, HOURS_A_YEAR / 12)
        )
        return Message("phrases.downtime", year=year, month=month)

    def due(self, clause: Clause, *, first: bool = False) -> Phrase:
        """By when it is kept; empty where only the period's end counts."""
        if clause.due_weekday is not None:
            weekday = self.weekday(clause.due_weekday)
            return Message("phrases.by_weekday" + "_first" * first, weekday=weekday)
        day = self.targets.due_day(clause)
        of_week = self.targets.grain(clause) == "week"
        return "" if day is None else self.by_day(day, of_week=of_week, first=first)

    def how_judged(self, clause: Clause) -> Message:
        """How often and from what a clause is judged."""
        often = self.often(CADENCES[self.targets.grain(clause)])
        if clause.measurement is None:
            return Message("phrases.judged_by_figure", often=often, figure=clause.figure)
        combined = Message(f"phrases.combined_{clause.measurement.combine}")
        return Message("phrases.judged_by_file", often=often, file=clause.measurement.file, combined=combined)

    # -- what follows

    def rule(self, rule: Rule, clauses: Sequence[str] = ()) -> Message:
        """When a remedy applies; no full stop."""
        missed, of, grain = rule.missed or 1, rule.of_last or rule.missed or 1, self.grain_of(clauses)
        by = {"share": rule.by_more_than} if rule.by_more_than else {}
        end = "_by" * bool(by)
        if of > missed:
            return Message(f"phrases.missed_of{end}", n=missed, spans=self.spans(of, grain), **by)
        if missed > 1:
            return Message(f"phrases.missed_running{end}", spans=self.spans(missed, grain), **by)
        return Message(f"phrases.missed{end}", **by)

    def grain_of(self, clauses: Sequence[str]) -> str:
        """The span by which these clauses (all if none is named) are judged; the usual one if they differ."""
        wanted = [clause for clause in self.agreement.clauses if not clauses or clause.id in clauses]
        grains = {self.targets.grain(clause) for clause in wanted}
        return grains.pop() if len(grains) == 1 else self.agreement.measure

    def condition(self, condition: Condition) -> Message:
        """One way in which the agreement ends early."""
        if condition.kind == "no_longer_agrees":
            if not condition.party:
                return Message("phrases.one_no_longer_agrees")
            return Message("phrases.no_longer_agrees", party=self.name(condition.party))
        spans = self.spans(condition.periods or 1, self.grain_of(condition.clauses))
        match self.called(condition.clauses):
            case []:
                return Message("phrases.any_missed", spans=spans)
            case [clause]:
                return Message("phrases.one_missed", spans=spans, clause=clause)
        return Message("phrases.some_missed", spans=spans, clauses=self.called(condition.clauses))

    def notice(self) -> Message:
        """How long before its end the agreement is cancelled."""
        days = self.agreement.cancellation.notice_days if self.agreement.cancellation else 0
        return Message("phrases.ends_after", days=days) if days else Message("phrases.ends_at_once")

    # -- the numbers

    def numbers(self) -> list[tuple[Message, Message, Message]]:
        """The goals of the period: what, how much, and how it comes about; empty without a plan."""
        if self.targets.goals is None or self.plan is None:
            return []
        goals, rows = self.targets.goals, []
        for column, figure, unit in NUMBERS:
            if column == "value_goal" and all(tier.value is None for tier in self.plan.tiers.values()):
                continue
            value = goals.total[column]
            alike = column in GIVEN and goals.cells[column].nunique() == 1
            exact = "_exact" * (unit == "customers" and not float(value).is_integer())
            if unit == "share":
                shown = self.share(value) if alike else Message("phrases.goal_share", n=value)
            else:
                shown = Message(f"phrases.goal_{unit}{exact}", n=value)
            formula = Message("phrases.formula", id="plan.quota" if alike else figure)
            rows.append((Message("phrases.label", id=figure), shown, formula))
        return rows

    def parts(self, key: str) -> list[tuple[str, Message, Message]]:
        """The goals of each tier or segment: name, leads, revenue goal."""
        if self.targets.goals is None:
            return []
        return [
            (row[key], self.amount(row["leads"], "leads"), self.amount(row["marketing_goal"], "money"))
            for row in self.targets.goals.by(key).to_dict("records")
            if row[key]
        ]


def _binding(value: float | None, unit: str, rounding: Callable[[float], int]) -> float | None:
    """A limit as it binds: 558.1 leads are reached by 559."""
    return value if value is None or unit not in COUNTED else rounding(round(value, 6))
