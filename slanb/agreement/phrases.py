"""The agreement's parts as lines of a document: promises, needs, contacts, reports, remedies, changes."""

from dataclasses import dataclass

from slanb.agreement.document import Line, Run, Side, line
from slanb.dictionary.messages import Message
from slanb.terms.consequences import Credit, ExcludedDays, Obligation, Remedy
from slanb.terms.phrases import Phrase, Phrases, sentence
from slanb.terms.promises import Clause, Requirement, Term
from slanb.terms.watching import Amendment, Contact, Monitoring, Report, Review


def strong(text: Phrase) -> Run:
    """A stretch that stands out."""
    return Run(text, "strong")


def labelled(name: Phrase, *rest: Phrase | Run) -> Line:
    """A line that begins with what it is about: `Storm: ...`."""
    return line(strong(Message("agreement.label", name=name)), *rest)


def written_text(text: str | None) -> str:
    """What people wrote as a sentence; empty where they wrote nothing."""
    return sentence(text) if text else ""


@dataclass(frozen=True)
class DocumentPhrases(Phrases):
    """What a document says about one agreement in one period."""

    # -- who, and the promises

    def side(self, party: str) -> Side:
        """One party by its id as documents show it, or what is shared."""
        names = {each.id: each.name for each in self.agreement.parties}
        if party not in names:
            return Side(Message("agreement.shared"), 0)
        return Side(names[party], list(names).index(party) + 1)

    def clauses_of(self, party: str) -> list[Clause]:
        """What a party promises."""
        return [clause for clause in self.agreement.clauses if clause.party == party]

    def clause(self, clause: Clause) -> Line:
        """A clause as one line: the promise, its number, its day."""
        number, due = self.promise(clause, first=True), self.due(clause, first=True)
        stated = number or due
        if number and due:
            stated = Message("agreement.stated_by", number=number, due=self.due(clause))
        return line(sentence(clause.text), strong(Message("agreement.stated", text=stated)) if stated else "")

    def clause_notes(self, clause: Clause) -> Line:
        """What else a clause says: details, downtime, how it is judged, and its counter-metric."""
        notes = [written_text(clause.details), self.downtime(clause), self.how_judged(clause)]
        if clause.counter_metric:
            notes.append(Message("agreement.read_with", clause=self.called([clause.counter_metric])[0]))
        return line(*[Run(note, "soft") for note in notes])

    # -- what goes with them

    def requirement(self, need: Requirement) -> Line:
        """What one side needs from another."""
        who = Message("agreement.from_to", sender=self.name(need.of), recipients=self.name(need.party))
        often = Message("agreement.needed", often=self.often(need.cadence)) if need.cadence else ""
        return labelled(who, sentence(need.text), often)

    def contact(self, contact: Contact) -> Line:
        """Who is in charge of what, and reports to whom."""
        who = Message("agreement.contact", person=self.person(contact), party=self.name(contact.party))
        more: list[Phrase | Run] = []
        if contact.name is None:
            more.append(Run(Message("agreement.no_name"), "open"))
        if contact.responsible_for:
            more.append(Message("agreement.answers_for", clauses=self.called(contact.responsible_for)))
        if contact.reports_to:
            how = {"contact": self.name(contact.reports_to)}
            if contact.cadence:
                more.append(Message("agreement.reports_often", often=self.often(contact.cadence), **how))
            else:
                more.append(Message("agreement.reports", **how))
        return labelled(who, *more, contact.email or "") if more or contact.email else line(strong(who))

    def report(self, report: Report) -> Line:
        """Who tells whom what, and when."""
        when: Phrase = self.often(report.cadence)
        if report.due_weekday:
            by = Message("agreement.by_weekday", weekday=self.weekday(report.due_weekday))
            when = Message("agreement.often_by", often=when, by=by)
        if report.due_day:
            when = Message("agreement.often_by", often=when, by=self.by_day(report.due_day))
        who = {"sender": self.name(report.sender), "recipients": self.names(report.recipients)}
        return labelled(Message("agreement.from_to_when", when=when, **who), sentence(report.what))

    def monitoring(self, watch: Monitoring) -> Line:
        """What is measured, from where, how often, by whom."""
        checked = Message("agreement.checked", often=self.often(watch.checked), by=self.name(watch.by))
        return labelled(watch.what, sentence(watch.source), written_text(watch.collected), checked)

    def response(self, term: Term) -> Line:
        """How fast a party answers a case, and settles it."""
        hours = {
            key: self.hours(agreed, term.clock)
            for key, agreed in (("answer", term.respond_within_hours), ("settle", term.resolve_within_hours))
            if agreed
        }
        what = Message(f"agreement.{'_'.join(hours)}", party=self.name(term.party), **hours) if hours else ""
        contact = Message("agreement.turn_to", who=self.name(term.contact)) if term.contact else ""
        return labelled(term.case, what, written_text(term.text), contact)

    def remedy(self, remedy: Remedy) -> Line:
        """What follows when promises are missed."""
        rule, clauses = self.rule(remedy.rule, remedy.applies_to), remedy.applies_to
        kind = "some" if len(clauses) > 1 else "one" if clauses else "all"
        more = []
        if remedy.over_periods:
            spans = self.spans(remedy.over_periods, self.grain_of(clauses))
            more.append(Message("agreement.made_up", spans=spans))
        if remedy.credit:
            more.append(self._credit(remedy.credit))
        if remedy.contact:
            more.append(Message("agreement.in_charge", who=self.name(remedy.contact)))
        head = Message(f"agreement.remedy_{kind}", rule=rule, clauses=self.called(clauses))
        return line(strong(head), sentence(remedy.text), *more)

    @staticmethod
    def _credit(credit: Credit) -> Message:
        kind, limits = "amount", {"amount": credit.amount, "at_most": credit.at_most}
        if credit.share is not None:
            kind = "share" if credit.fee is None else "share_of_fee"
            limits |= {"share": credit.share, "amount": (credit.fee or 0) * credit.share}
        return Message(f"agreement.credit_{kind}" + "_at_most" * (credit.at_most is not None), **limits)

    def excluded(self, days: ExcludedDays) -> Line:
        """Days that do not count, why, and for whom."""
        several = days.until and days.until != days.date
        when = Message("agreement.days" if several else "agreement.day", first=days.date, last=days.until)
        if days.clauses:
            whom = Message("agreement.not_for_clauses", clauses=self.called(days.clauses))
        elif days.party:
            whom = Message("agreement.not_for_party", party=self.name(days.party))
        else:
            whom = Message("agreement.not_for_all")
        return labelled(when, sentence(days.reason), whom)

    def obligation(self, duty: Obligation) -> Line:
        """What is owed on days that do not count."""
        return labelled(Message("agreement.owed", party=self.name(duty.party)), sentence(duty.text))

    def review(self, review: Review) -> Line:
        """When the agreement is reviewed, and for what."""
        return labelled(Message("agreement.day", first=review.date), sentence(review.purpose))

    def amendment(self, amendment: Amendment) -> Line:
        """What changed, from when on, and who agreed."""
        version = {"version": amendment.version, "date": amendment.effective_from}
        agreed = [
            Message("agreement.signed_on", party=self.name(each.party), date=each.date)
            for each in amendment.approvals
            if each.date
        ]
        by = Message("agreement.agreed_by", who=agreed) if agreed else ""
        return labelled(Message("agreement.version_from", **version), sentence(amendment.summary), by)

    # -- how it ends

    def endings(self) -> list[Message]:
        """Each way in which the agreement ends early; none is empty."""
        ways = self.agreement.cancellation.conditions if self.agreement.cancellation else ()
        return [self.condition(condition) for condition in ways]
