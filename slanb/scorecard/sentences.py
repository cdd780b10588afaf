"""The scorecard in sentences: what to celebrate, what to address, what follows by the agreed rules. No blame.

Part of `slanb.scorecard`.
"""

import math

import pandas as pd

from slanb.dictionary.wording import Wording
from slanb.saying import COUNTED, sentence
from slanb.scorecard import Card, Scorecard
from slanb.scorecard.following import CreditGiven
from slanb.scorecard.judging import Judgement
from slanb.scorecard.making_up import MakeUp
from slanb.terms.consequences import Remedy

LONG = 3  # spans kept running that are worth a word
BEST_OF = 6
NAMED = ("strike", "escalation")


class Told:
    """One scorecard, ready to be told in a language."""

    def __init__(self, card: Scorecard, words: Wording):
        self.scorecard, self.words, self.say = card, words, card.saying(words)

    # -- parts of sentences

    def name(self, clause: str) -> str:
        """A clause as sentences name it: `leads`, `first call`."""
        return self.words.text("“{clause}”", clause=clause.replace("_", " ").replace("-", " "))

    def span(self, span: pd.Period) -> str:
        """A span as sentences name it."""
        return self.words.period(span)

    def value(self, judged: Judgement | None) -> str:
        """What a clause's figure came to."""
        if judged is None or judged.value is None:
            return "–"
        return self.say.amount(judged.value, judged.aim.unit if judged.aim else "")

    def agreed(self, judged: Judgement | None) -> str:
        """What was to be reached, exceptions applied: `at least 558 leads`."""
        return "" if judged is None or judged.aim is None else self.say.aim(judged.aim)

    def grain(self, card: Card) -> str:
        """The span by which a clause is judged."""
        return card.clause.grain or self.scorecard.agreement.measure

    def result(self, card: Card) -> str:
        """What the period came to: the figure, or how many of its weeks were kept."""
        if not card.several:
            return self.value(card.last)
        kept, judged = card.kept_of
        return self.words.text(
            "{kept} of {spans}", kept=self.words.number(kept), spans=self.say.spans(judged, self.grain(card))
        )

    def verdict(self, verdict: str) -> str:
        """A verdict in the reader's language."""
        text = self.words.text
        return {
            "kept": text("kept"),
            "missed": text("missed"),
            "pending": text("pending"),
            "not measurable": text("not measurable"),
        }.get(verdict, "")

    def streak(self, card: Card) -> str:
        """For how long the last verdict has stood: `kept 3 months running`."""
        verdict, length = card.streak
        if length < 2:
            return ""
        spans = self.say.spans(length, self.grain(card))
        return self.words.text("{verdict} {spans} running", verdict=self.verdict(verdict), spans=spans)

    def notes(self, card: Card) -> list[str]:
        """What limits a verdict: exceptions, what is missing, from where."""
        told = []
        for judged in card.now:
            if judged.verdict == "not measurable" or judged.excused:
                told += [self._applied(judged) if judged.excused else self._unmeasured(judged)]
        return list(dict.fromkeys(filter(None, told)))

    def _applied(self, judged: Judgement) -> str:
        text = self.words.text
        reasons = self.words.join(list(dict.fromkeys(each.reason for each in judged.excused)))
        if judged.reason == "excused":
            told = text("{span} does not count: {reasons}.", span=self.span(judged.span), reasons=reasons)
            return self.say.capital(told)
        counted = self.words.share(judged.counted, 0)
        if judged.aim and judged.agreed and judged.aim != judged.agreed:
            return text(
                "{counted} of the working days of {span} count ({reasons}): {now} instead of {agreed}.",
                counted=counted,
                span=self.span(judged.span),
                reasons=reasons,
                now=self.say.aim(judged.aim),
                agreed=self.say.aim(judged.agreed),
            )
        return text("Days that do not count are left out: {reasons}.", reasons=reasons)

    def _unmeasured(self, judged: Judgement) -> str:
        text = self.words.text
        match judged.reason:
            case "no measurement":
                file = judged.clause.measurement.file
                return text(
                    "{file} holds nothing for {span}; if nothing was delivered, write 0 there.",
                    file=file,
                    span=self.span(judged.span),
                )
            case "no target":
                return text("Neither the clause nor the plan states a target.")
        return text("The records do not support the figure “{figure}”.", figure=judged.clause.figure or "")

    # -- the page's sentences

    def summary(self) -> str:
        """The period in a sentence."""
        verdicts = [card.verdict for card in self.scorecard.cards]
        kept, missed = verdicts.count("kept"), verdicts.count("missed")
        open_, period = verdicts.count("pending"), self.span(self.scorecard.period)
        judged = kept + missed
        if not judged:
            return self.words.text("No promise of {period} is decided yet.", period=period)
        if not missed:
            told = self.words.plural(
                "The one promise decided in {period} was kept.",
                "All {n} promises decided in {period} were kept.",
                judged,
                period=period,
            )
        else:
            told = self.words.plural(
                "The one promise decided in {period} was missed.",
                "{kept} of {n} promises decided in {period} were kept.",
                judged,
                kept=self.words.number(kept),
                period=period,
            )
        if open_:
            told += " " + self.words.plural("{n} is still open.", "{n} are still open.", open_)
        return told

    def celebrate(self) -> list[str]:
        """What went well, the best first."""
        told = [self._celebrated(card) for card in self.scorecard.cards if card.verdict == "kept"]
        return told + [
            self.words.text(
                "What {name} missed in {span} has been made up.",
                name=self.name(plan.event.clause),
                span=self.span(plan.event.span),
            )
            for plan in self.scorecard.make_ups
            if plan.done_in is not None and self.scorecard.in_period(plan.done_in, plan.event.clause)
        ]

    def _celebrated(self, card: Card) -> str:
        text, name, say = self.words.text, self.name(card.clause.id), self.say
        judged = [each for each in card.history if each.judged]
        length = card.streak[1]
        before = judged[: len(judged) - length]
        if before:
            run = 0
            for each in reversed(before):
                if each.verdict != "missed":
                    break
                run += 1
            if length <= max(len(card.now), 1):
                told = {"name": name, "spans": say.spans(run, self.grain(card)), "result": self.result(card)}
                if any(each.verdict == "kept" for each in before):
                    return text("{name} is kept again after {spans} missed: {result}.", **told)
                return text("{name} is kept after {spans} missed: {result}.", **told)
        values = [each.value for each in judged if each.value is not None]
        grows = judged[-1].aim is not None and judged[-1].aim.at_least is not None and not card.several
        if grows and len(values) >= BEST_OF and values[-1] > max(values[:-1]):
            spans = say.spans(len(values), self.grain(card))
            told = {"name": name, "result": self.result(card), "spans": spans}
            return text("{name}: {result}, the best of {spans}.", **told)
        if length >= LONG:
            spans = say.spans(length, self.grain(card))
            return text(
                "{name} has been kept {spans} running: {result}.",
                name=name,
                spans=spans,
                result=self.result(card),
            )
        return text("{name} was kept: {result}.", name=name, result=self.result(card))

    def address(self) -> list[str]:
        """What was missed, what would have kept it, and what follows by the agreed rules."""
        told = [self._addressed(card) for card in self.scorecard.cards if card.verdict == "missed"]
        return told + [
            self.words.text(
                "{name} could not be judged. {why}", name=self.name(card.clause.id), why=" ".join(notes)
            )
            for card in self.scorecard.cards
            if card.verdict == "not measurable" and (notes := self.notes(card))
        ]

    def _addressed(self, card: Card) -> str:
        text, say = self.words.text, self.say
        missed = [each for each in card.now if each.verdict == "missed"]
        judged = missed[-1]
        result = {"name": self.name(card.clause.id), "result": self.result(card)}
        if card.several:
            told = [text("{name}: {result} kept.", **result)]
        else:
            told = [text("{name} was missed: {result}; agreed was {aim}.", **result, aim=self.agreed(judged))]
        if judged.aim and judged.adds_up and not card.several and judged.aim.at_least is not None:
            short = math.ceil(judged.missing - 1e-9) if judged.aim.unit in COUNTED else judged.missing
            told.append(text("{amount} more would have kept it.", amount=say.amount(short, judged.aim.unit)))
        verdict, length = card.streak
        if verdict == "missed" and length > 1:
            told.append(text("That makes {spans} running.", spans=say.spans(length, self.grain(card))))
        return " ".join(told)

    def follows(self) -> list[str]:
        """What the agreement's rules ask for now: remedies set off in the period, open plans, its end."""
        told = [self.remedy(remedy, clauses) for remedy, clauses in self._set_off().items()]
        told += [self.make_up(plan) for plan in self.scorecard.make_ups if plan.state == "open"]
        for given in self.scorecard.credits:
            if self.scorecard.in_period(given.span, given.clause):
                told.append(self.credit(given))
        return told + self.ends()

    def credit(self, given: CreditGiven) -> str:
        """A service credit: for what, how much."""
        amount = self.words.text("{share} of the fee", share=self.say.share(given.share or 0.0))
        if given.amount is not None:
            amount = self.words.money(given.amount, 2)
        return self.words.text(
            "Credit for {name}, {span}: {amount}.",
            name=self.name(given.clause),
            span=self.span(given.span),
            amount=amount,
        )

    def rules_summary(self) -> str:
        """How much follows by the agreement's rules, in a sentence."""
        follows = len(self.follows())
        if not follows:
            return self.words.text("Nothing follows: no rule of the agreement applies now.")
        return self.words.plural(
            "{n} thing follows by the agreed rules.", "{n} things follow by the agreed rules.", follows
        )

    def _set_off(self) -> dict[Remedy, list[str]]:
        """Strikes and escalations of the period, each with the clauses that set it off."""
        found: dict[Remedy, list[str]] = {}
        for event in self.scorecard.events:
            of_period = self.scorecard.in_period(event.span, event.clause)
            if of_period and event.remedy.kind in NAMED and event.clause not in found.get(event.remedy, []):
                found.setdefault(event.remedy, []).append(event.clause)
        return found

    def remedy(self, remedy: Remedy, clauses: list[str]) -> str:
        """A strike or an escalation, with the clauses and the rule that set it off, and who acts."""
        text = self.words.text
        rule = self.say.rule(remedy.rule, clauses)
        head = text(
            "{kind} for {names} ({rule}):",
            kind=self.kind(remedy),
            names=self.words.join([self.name(clause) for clause in clauses]),
            rule=rule[:1].lower() + rule[1:],
        )
        return f"{head} {self.done(remedy)}"

    def kind(self, remedy: Remedy) -> str:
        """What a remedy is, in a word."""
        text = self.words.text
        return {"strike": text("Strike"), "escalation": text("Escalation")}.get(remedy.kind, remedy.id)

    def done(self, remedy: Remedy) -> str:
        """What is done by a remedy, and by whom."""
        who = (
            self.words.text("In charge: {who}.", who=self.say.name(remedy.contact)) if remedy.contact else ""
        )
        return f"{sentence(remedy.text)} {who}".strip()

    def make_up(self, plan: MakeUp) -> str:
        """A make-up plan: what is owed, over which spans, what of it there is no room for."""
        text, say = self.words.text, self.say
        unit = plan.unit if plan.leads is None else "leads"
        parts = [
            text("{amount} in {span}", amount=self.words.number(part), span=self.words.period(span))
            for span, part in plan.parts
            if part
        ]
        amount = say.amount(plan.missing if plan.leads is None else plan.leads, unit)
        told = [
            text(
                "To make up for {name} in {span}: {amount} more ({parts}).",
                name=self.name(plan.event.clause),
                span=self.span(plan.event.span),
                amount=amount,
                parts=self.words.join(parts) or text("no room in any period"),
            )
        ]
        if plan.revenue is not None:
            told.append(text("They stand for {revenue}.", revenue=self.words.money(plan.revenue)))
        if plan.recovered:
            told.append(text("{done} of it is made up.", done=say.amount(plan.recovered, plan.unit)))
        if plan.unplaced:
            told.append(
                text(
                    "For {amount} there is no time to follow up: agree on time, people or fewer leads.",
                    amount=say.amount(plan.unplaced, unit),
                )
            )
        return " ".join(told)

    def ends(self) -> list[str]:
        """Conditions of cancellation that are met, or that a miss brings nearer."""
        told = []
        for ending in self.scorecard.endings:
            if ending.clause is None or not ending.run:
                continue
            name = self.name(ending.clause)
            grain = self.say.grain_of([ending.clause])
            if ending.met:
                told.append(
                    self.words.text(
                        "The agreement can be cancelled: {name} has been missed {spans} running. {notice}",
                        name=name,
                        spans=self.say.spans(ending.run, grain),
                        notice=self.say.notice(),
                    )
                )
            else:
                told.append(
                    self.words.text(
                        "{name} missed for {spans} more would let the agreement be cancelled.",
                        name=name,
                        spans=self.say.spans(ending.left, grain),
                    )
                )
        return told
