"""When remedies apply and how the agreement ends, in words.

Part of `slanb.saying`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from slanb.saying.promises import Promises
from slanb.terms.consequences import Condition, Rule


@dataclass(frozen=True)
class Saying(Promises):
    """What can be said about one agreement in one period."""

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
