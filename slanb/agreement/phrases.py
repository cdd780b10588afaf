"""What goes with the promises, as sentences: needs, contacts, reports, remedies, the agreement's end.

Part of `slanb.agreement`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from slanb.agreement.basics import sentence
from slanb.agreement.document import Line, Run, line
from slanb.agreement.promises import Promises
from slanb.terms.consequences import Condition, ExcludedDays, Remedy, Rule
from slanb.terms.promises import Requirement, Term
from slanb.terms.watching import Amendment, Approval, Contact, Monitoring, Report


@dataclass(frozen=True)
class Phrases(Promises):
    """What can be said about one agreement in one period."""

    def requirement(self, need: Requirement) -> Line:
        """What one side needs from another."""
        who = self.words.text("{of} to {party}:", of=self.name(need.of), party=self.name(need.party))
        often = self._capital(self.often(need.cadence)) if need.cadence else ""
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

    def rule(self, rule: Rule, clauses: Sequence[str] = ()) -> str:
        """When a remedy applies, in words."""
        text, grain = self.words.text, self.grain_of(clauses)
        missed, of = rule.missed or 1, rule.of_last or rule.missed or 1
        if missed == 1 and of == 1:
            when = text("When missed")
        elif of == missed:
            when = text("When missed {spans} running", spans=self.spans(missed, grain))
        else:
            when = text(
                "When missed in {n} of the last {spans}",
                n=self.words.number(missed),
                spans=self.spans(of, grain),
            )
        if rule.by_more_than:
            when = text("{when} by more than {share}", when=when, share=self.share(rule.by_more_than))
        return when

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

    def grain_of(self, clauses: Sequence[str]) -> str:
        """The span by which these clauses (all if none is named) are judged; the usual one if they differ."""
        wanted = [clause for clause in self.agreement.clauses if not clauses or clause.id in clauses]
        grains = {self.targets.grain(clause) for clause in wanted}
        return grains.pop() if len(grains) == 1 else self.agreement.measure

    def condition(self, condition: Condition) -> str:
        """One way in which the agreement ends early."""
        text = self.words.text
        if condition.kind == "no_longer_agrees":
            who = self.name(condition.party) if condition.party else text("One of the parties")
            return text("{party} no longer agrees.", party=who)
        spans = self.spans(condition.periods or 1, self.grain_of(condition.clauses))
        if not condition.clauses:
            return text("The same promise is missed {spans} running.", spans=spans)
        if len(condition.clauses) == 1:
            return text("Promise {id} is missed {spans} running.", id=condition.clauses[0], spans=spans)
        return text(
            "One of these is missed {spans} running: {clauses}.",
            spans=spans,
            clauses=self.words.join(list(condition.clauses)),
        )

    def notice(self) -> str:
        """How long before its end the agreement is cancelled."""
        days = self.agreement.cancellation.notice_days if self.agreement.cancellation else 0
        if not days:
            return self.words.text("It then ends at once.")
        return self.words.text("It then ends {days} after notice.", days=self.words.days(days))

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
