"""The agreement's parts as lines of a document: promises, needs, contacts, reports, remedies, its end.

Part of `slanb.agreement`.
"""

from dataclasses import dataclass

from slanb.agreement.document import Line, Run, Side, line
from slanb.saying import Saying, sentence
from slanb.terms.consequences import ExcludedDays, Remedy
from slanb.terms.promises import Clause, Requirement, Term
from slanb.terms.watching import Amendment, Approval, Contact, Monitoring, Report


@dataclass(frozen=True)
class Phrases(Saying):
    """What a document says about one agreement in one period."""

    # -- who, and the promises

    def sides(self) -> list[Side]:
        """The parties, in their order."""
        return [Side(party.name, number) for number, party in enumerate(self.agreement.parties, start=1)]

    def side(self, party: str) -> Side:
        """One party by its id, or what is shared."""
        ids = [each.id for each in self.agreement.parties]
        return self.sides()[ids.index(party)] if party in ids else self.shared

    @property
    def shared(self) -> Side:
        """What the parties do together."""
        return Side(self.words.text("Shared"), 0)

    def clause(self, clause: Clause) -> Line:
        """A clause as one line: the promise, its number, its day."""
        number = self.promise(clause)
        told = ", ".join(filter(None, [number, self.due(clause)]))
        return line(sentence(clause.text), Run(sentence(self.capital(told)), "strong") if told else "")

    def clause_notes(self, clause: Clause) -> list[str]:
        """What else a clause says: details, downtime, how it is judged, and its counter-metric."""
        notes = [clause.details or "", self.downtime(clause), self.how_judged(clause)]
        if clause.counter_metric:
            other = self.words.text("Read together with “{clause}”.", clause=clause.counter_metric)
            notes.append(other)
        return [sentence(note) for note in notes if note]

    # -- what goes with them

    def requirement(self, need: Requirement) -> Line:
        """What one side needs from another."""
        who = self.words.text("{of} to {party}:", of=self.name(need.of), party=self.name(need.party))
        often = self.capital(self.often(need.cadence)) if need.cadence else ""
        return line(Run(who, "strong"), sentence(need.text), sentence(often) if often else "")

    def contact(self, contact: Contact) -> Line:
        """Who is in charge of what, and reports to whom."""
        text, clauses = self.words.text, self.words.join(list(contact.responsible_for))
        told = [text("answers for {clauses}", clauses=clauses) if clauses else ""]
        if contact.reports_to:
            told.append(
                text(
                    "reports to {contact} {often}",
                    contact=self.name(contact.reports_to),
                    often=self.often(contact.cadence) if contact.cadence else "",
                ).strip()
            )
        told.append(contact.email or "")
        what = sentence("; ".join(told)) if any(told := [each for each in told if each]) else ""
        who = f"{self.person(contact)}, {self.name(contact.party)}"
        if contact.name is None:
            return line(Run(who, "strong"), Run(text("[name still open]"), "open"), what)
        return line(Run(f"{who}:" if what else who, "strong"), what)

    def report(self, report: Report) -> Line:
        """Who tells whom what, and when."""
        when = [self.often(report.cadence)]
        if report.due_weekday:
            when.append(self.words.text("by {weekday}", weekday=self.weekday(report.due_weekday)))
        if report.due_day:
            when.append(self.by_day(report.due_day))
        who = self.words.text(
            "{sender} to {recipients}, {when}:",
            sender=self.name(report.sender),
            recipients=self.names(report.recipients),
            when=", ".join(when),
        )
        return line(Run(who, "strong"), sentence(report.what))

    def monitoring(self, watch: Monitoring) -> Line:
        """What is measured, from where, how often, by whom."""
        text = self.words.text
        return line(
            Run(f"{watch.what}:", "strong"),
            sentence(watch.source),
            sentence(watch.collected) if watch.collected else "",
            text("Checked {often} by {by}.", often=self.often(watch.checked), by=self.name(watch.by)),
        )

    def response(self, term: Term) -> Line:
        """How fast a party answers a case, and settles it."""
        text, told = self.words.text, []
        if term.respond_within_hours:
            told.append(
                text("answers within {hours}", hours=self.hours(term.respond_within_hours, term.clock))
            )
        if term.resolve_within_hours:
            told.append(
                text("settles it within {hours}", hours=self.hours(term.resolve_within_hours, term.clock))
            )
        does = self.words.join(told)
        what = text("{party} {does}.", party=self.name(term.party), does=does) if told else ""
        contact = text("Contact: {who}.", who=self.name(term.contact)) if term.contact else ""
        return line(Run(f"{term.case}:", "strong"), what, sentence(term.text) if term.text else "", contact)

    def remedy(self, remedy: Remedy) -> Line:
        """What follows when promises are missed."""
        text = self.words.text
        subject = (
            text("Each promise")
            if not remedy.applies_to
            else text("Promises {ids}", ids=self.words.join(list(remedy.applies_to)))
            if len(remedy.applies_to) > 1
            else text("Promise {id}", id=remedy.applies_to[0])
        )
        more = []
        if remedy.over_periods:
            spans = self.spans(remedy.over_periods, self.grain_of(remedy.applies_to))
            more.append(text("Made up over {spans}.", spans=spans))
        if remedy.credit:
            more.append(self._credit(remedy))
        if remedy.contact:
            more.append(text("In charge: {who}.", who=self.name(remedy.contact)))
        head = f"{subject}: {self.rule(remedy.rule, remedy.applies_to)}."
        return line(Run(head, "strong"), sentence(remedy.text), *more)

    def _credit(self, remedy: Remedy) -> str:
        text, credit = self.words.text, remedy.credit
        money = self.words.money
        if credit.amount is not None:
            told = text("Credited: {money} for each missed period", money=money(credit.amount))
        else:
            told = text("Credited: {share} of the fee for each missed period", share=self.share(credit.share))
        if credit.fee is not None and credit.share is not None:
            told += " " + text("({money})", money=money(credit.fee * credit.share))
        if credit.at_most is not None:
            told += ", " + text("at most {money} a period", money=money(credit.at_most))
        return sentence(told)

    def excluded(self, days: ExcludedDays) -> Line:
        """Days that do not count, why, and for whom."""
        text = self.words.text
        when = self.words.date(days.date)
        if days.until and days.until != days.date:
            when = text("{first} to {last}", first=when, last=self.words.date(days.until))
        whom = text("for {party}", party=self.name(days.party)) if days.party else text("for all")
        if days.clauses:
            whom = text("for {clauses}", clauses=self.words.join(list(days.clauses)))
        return line(Run(f"{when}:", "strong"), sentence(f"{days.reason} ({whom})"))

    def approval(self, approval: Approval) -> Line:
        """Who approved, and when, or that it is still open."""
        text = self.words.text
        name = approval.name or text("[name still open]")
        if approval.date is None:
            return line(f"{self.name(approval.party)}: {name}", Run(text("[not signed yet]"), "open"))
        return line(f"{self.name(approval.party)}: {name}, {self.words.date(approval.date)}")

    def amendment(self, amendment: Amendment) -> Line:
        """What changed, from when on, and who agreed."""
        head = self.words.text(
            "Version {version}, from {date}:",
            version=amendment.version,
            date=self.words.date(amendment.effective_from),
        )
        agreed = [
            f"{self.name(each.party)} {self.words.date(each.date)}"
            for each in amendment.approvals
            if each.date
        ]
        by = self.words.text("Agreed: {who}.", who=self.words.join(agreed)) if agreed else ""
        return line(Run(head, "strong"), sentence(amendment.summary), by)
