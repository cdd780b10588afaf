"""Who and when: the parties and people of an agreement, its days and spans, as readers know them.

Part of `slanb.saying`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from slanb.dictionary.wording import Wording
from slanb.periods import label
from slanb.terms import Agreement, Plan
from slanb.terms.targets import Targets
from slanb.terms.watching import Contact


def sentence(text: str) -> str:
    """A text with a full stop, unless it ends in a sign of its own.

    >>> sentence("Leads are late"), sentence("Are they?")
    ('Leads are late.', 'Are they?')
    """
    return text if text.endswith((".", "!", "?", "…", ":", ";", "。", "؟", "۔", "।")) else text + "."


@dataclass(frozen=True)
class Basics:
    """One agreement in one period, and its reader's language."""

    targets: Targets
    words: Wording

    @property
    def agreement(self) -> Agreement:
        """The agreement as in force in the period."""
        return self.targets.agreement

    @property
    def plan(self) -> Plan | None:
        """The period's plan, if the agreement has one."""
        return self.targets.plan

    # -- who

    def name(self, someone: str) -> str:
        """A party or contact by its id, as readers know it."""
        for party in self.agreement.parties:
            if party.id == someone:
                return party.name
        for contact in self.agreement.contacts:
            if contact.id == someone:
                return self.person(contact)
        return self.words.text("whoever they are") if someone == "outside" else someone

    def names(self, ids: Sequence[str]) -> str:
        """Several of them as a list in a sentence."""
        return self.words.join([self.name(someone) for someone in ids])

    def person(self, contact: Contact) -> str:
        """Name and role of a contact."""
        if contact.name is None:
            return contact.role
        return self.words.text("{name} ({role})", name=contact.name, role=contact.role)

    # -- when

    def term(self) -> str:
        """From when until when the agreement holds."""
        first, last = self.agreement.effective_from, self.agreement.effective_until
        if last is None:
            return self.words.text("In force from {first} on.", first=self.words.date(first))
        dates = {"first": self.words.date(first), "last": self.words.date(last)}
        return self.words.text("In force from {first} to {last}.", **dates)

    def often(self, cadence: str) -> str:
        """How often: `every week`."""
        text = self.words.text
        return {
            "daily": text("every day"),
            "weekly": text("every week"),
            "monthly": text("every month"),
            "quarterly": text("every quarter"),
            "yearly": text("every year"),
        }[cadence]

    def weekday(self, name: str) -> str:
        """`monday` as the reader's language has it."""
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        return self.words.locale.days["stand-alone"]["wide"][days.index(name)]

    def by_day(self, day: int) -> str:
        """A day of the month by which something is done; 31 is its last."""
        if day == 31:
            return self.words.text("by the last day of the month")
        return self.words.text("by day {day} of the month", day=self.words.number(day))

    def spans(self, n: float, grain: str) -> str:
        """Some days, weeks, months, quarters or years."""
        plural = self.words.plural
        match grain:
            case "day":
                return plural("{n} day", "{n} days", n)
            case "week":
                return plural("{n} week", "{n} weeks", n)
            case "quarter":
                return plural("{n} quarter", "{n} quarters", n)
            case "year":
                return plural("{n} year", "{n} years", n)
        return plural("{n} month", "{n} months", n)

    def hours(self, hours: float, clock: str) -> str:
        """Hours on a named clock: `4 working hours`."""
        if clock == "wall":
            return self.words.hours(hours)
        return self.words.plural("{n} working hour", "{n} working hours", hours)

    def period(self) -> str:
        """The period whose numbers stand in the document."""
        return self.words.period(label(self.targets.period))
