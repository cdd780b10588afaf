"""The scorecard in sentences: what to celebrate, what to address, what follows by the agreed rules. No
blame."""

import math
from collections.abc import Sequence
from functools import reduce

from slanb.dictionary.messages import Message
from slanb.facts.period import PeriodFacts
from slanb.scorecard.card import Card, Scorecard, review
from slanb.scorecard.following import CreditGiven
from slanb.scorecard.judging import Judgement
from slanb.scorecard.making_up import MakeUp
from slanb.terms.consequences import Remedy
from slanb.terms.phrases import COUNTED, Phrases, sentence
from slanb.terms.targets import PLANNED, Aim

LONG = 3  # spans kept running that are worth a word
BEST_OF = 6
NAMED = ("strike", "escalation")
Text = Message | str


# ---------------------------------------------------------------- parts of sentences


def clause_name(clause: str, review: Scorecard) -> Message:
    """A clause by its id, as sentences name it: “first call”."""
    return Message("scorecard.clause", clause=review.called[clause])


def verdict_word(verdict: str) -> Message:
    """A verdict in a word."""
    return Message(f"figures.{verdict.replace(' ', '_')}")


def value_of(judged: Judgement | None, review: Scorecard) -> Text:
    """What a clause's figure came to."""
    if judged is None or judged.value is None:
        return Message("scorecard.none")
    return review.phrases.amount(judged.value, judged.aim.unit if judged.aim else "")


def aim_of(judged: Judgement | None, review: Scorecard) -> Text:
    """What was to be reached, exceptions applied: `at least 558 leads`; empty where nothing says."""
    return "" if judged is None or judged.aim is None else review.phrases.aim(judged.aim)


def change_of(card: Card, review: Scorecard) -> Text:
    """How far a decided figure moved since the last span that has one: `-3.1 pp on September 2026`; empty
    where none has, it is pending or counted in another unit by then, or judged several times a period."""
    decided = [each for each in card.history if each.judged and each.value is not None]
    if card.several or len(decided) < 2 or decided[-1] is not card.last:
        return ""
    before, now = decided[-2:]
    before_unit, unit = (each.aim.unit if each.aim else "" for each in (before, now))
    if before_unit != unit:
        return ""
    change = review.words.change(now.value - before.value, unit, short=True)
    return Message("scorecard.change", change=change, span=before.span)


def result_of(card: Card, review: Scorecard) -> Text:
    """What the period came to: the figure, or how many of its weeks were kept."""
    if not card.several:
        return value_of(card.last, review)
    kept, judged = card.kept_of
    return Message("scorecard.kept_of", kept=kept, spans=_spans(judged, card, review))


def outcome_of(card: Card, review: Scorecard) -> Text:
    """The same where it stands alone: of how many weeks, it says what became of them."""
    result = result_of(card, review)
    return Message("scorecard.kept_in_some", result=result) if card.several else result


def streak_of(card: Card, review: Scorecard) -> Text:
    """For how long the last verdict has stood: `kept 3 months running`; empty for a single span."""
    verdict, length = card.streak
    if length < 2:
        return ""
    return Message(f"scorecard.{verdict}_running", spans=_spans(length, card, review))


def promises_of(history: Sequence[Judgement], review: Scorecard) -> list[Text]:
    """What a clause promised in each span, in words; empty where the plan's goal is promised, which is
    another each time."""
    return [
        ""
        if judged.clause.target is None and judged.clause.figure in PLANNED
        else Phrases(review.schedule.targets(judged.span)).promise(judged.clause)
        for judged in history
    ]


def notes_on(card: Card, review: Scorecard) -> list[Message]:
    """What limits a verdict: exceptions, what is missing, from where, for what it waits; and how much
    of a number that adds up was reached."""
    last, notes = card.last, []
    for judged in card.now:
        note = _exceptions(judged, review) if judged.excused else _still_open(judged)
        notes += [note] if note is not None and note not in notes else []
    if not card.several and last is not None and last.reached is not None:
        notes.append(Message("scorecard.reached", share=last.reached))
    return notes


def together(sentences: Sequence[Text]) -> Text:
    """Whole sentences, one after the other."""
    return reduce(lambda first, second: Message("scorecard.and_then", first=first, second=second), sentences)


def _spans(n: int, card: Card, review: Scorecard) -> Text:
    return review.phrases.spans(n, review.targets.grain(card.clause))


def _exceptions(judged: Judgement, review: Scorecard) -> Message:
    reasons = list(dict.fromkeys(each.reason for each in judged.excused))
    fields = {"span": judged.span, "reasons": reasons}
    if judged.reason == "excused":
        return Message("scorecard.excused", **fields)
    if isinstance(judged.aim, Aim) and judged.agreed and judged.aim != judged.agreed:
        aims = {"now": review.phrases.aim(judged.aim), "agreed": review.phrases.aim(judged.agreed)}
        return Message("scorecard.scaled", counted=judged.counted, **fields, **aims)
    return Message("scorecard.left_out", reasons=reasons)


def _still_open(judged: Judgement) -> Message | None:
    if judged.between:
        low, high = judged.between
        return Message("scorecard.still_within", span=judged.span, low=low, high=high)
    if judged.reason == "waiting":
        return judged.note or Message("scorecard.waiting", span=judged.span)
    if judged.verdict != "not measurable":
        return None
    match judged.reason:
        case "no measurement":
            file = judged.clause.measurement.file
            return Message("scorecard.no_measurement", file=file, span=judged.span)
        case "nothing promised":
            return Message("scorecard.nothing_promised")
        case "no target":
            return Message("scorecard.no_target")
    return Message("scorecard.no_figure", figure=judged.clause.figure or "")


# ---------------------------------------------------------------- the period


def summary(review: Scorecard) -> Message:
    """The period in a sentence."""
    verdicts = [card.verdict for card in review.cards]
    kept, missed, pending = (verdicts.count(verdict) for verdict in ("kept", "missed", "pending"))
    fields = {"n": kept + missed, "kept": kept, "period": review.case.period}
    if not kept + missed:
        return Message("scorecard.none_decided", period=review.case.period)
    which = "all_kept" if not missed else "one_missed" if missed == fields["n"] == 1 else "some_kept"
    decided = Message(f"scorecard.{which}", **fields)
    return Message("scorecard.still_open", first=decided, open=pending) if pending else decided


def celebrate(review: Scorecard) -> list[Message]:
    """What went well, in the order of the clauses, and what has been made up."""
    made_up = [
        Message("scorecard.made_up", clause=clause_name(plan.event.clause, review), span=plan.event.span)
        for plan in review.make_ups
        if plan.done_in is not None and review.in_period(plan.done_in, plan.event.clause)
    ]
    return [_celebrated(card, review) for card in review.cards if card.verdict == "kept"] + made_up


def _celebrated(card: Card, review: Scorecard) -> Message:
    fields = {"clause": clause_name(card.clause.id, review), "result": result_of(card, review)}
    judged = [each for each in card.history if each.judged]
    verdicts = [each.verdict for each in card.known if each.judged]
    length = card.streak[1]
    before = verdicts[: len(verdicts) - length]
    if before and length <= max(len(card.now), 1):
        run = len(before) - max(
            (place + 1 for place, verdict in enumerate(before) if verdict == "kept"), default=0
        )
        which = "kept_again" if "kept" in before else "kept_after"
        return Message(f"scorecard.{which}", spans=_spans(run, card, review), **fields)
    values = [each.value for each in judged if each.value is not None]
    grows = judged[-1].aim is not None and judged[-1].aim.at_least is not None and not card.several
    if grows and len(values) >= BEST_OF and values[-1] > max(values[:-1]):
        return Message("scorecard.kept_best", spans=_spans(len(values), card, review), **fields)
    if length >= LONG:
        return Message("scorecard.kept_long", spans=_spans(length, card, review), **fields)
    return Message("scorecard.kept", **fields)


def address(review: Scorecard) -> list[Message]:
    """What was missed and by how much, and what could not be judged and why."""
    unjudged = [
        Message("scorecard.not_judged", clause=clause_name(card.clause.id, review), why=together(notes))
        for card in review.cards
        if card.verdict == "not measurable" and (notes := notes_on(card, review))
    ]
    return [_addressed(card, review) for card in review.cards if card.verdict == "missed"] + unjudged


def _addressed(card: Card, review: Scorecard) -> Message:
    judged = [each for each in card.now if each.verdict == "missed"][-1]
    fields = {"clause": clause_name(card.clause.id, review), "result": result_of(card, review)}
    if card.several:
        message = Message("scorecard.missed_some", **fields)
    else:
        message = Message("scorecard.missed", aim=aim_of(judged, review), **fields)
        if judged.adds_up and judged.aim.at_least is not None and judged.missing:
            short = math.ceil(judged.missing - 1e-9) if judged.aim.unit in COUNTED else judged.missing
            amount = review.phrases.amount(short, judged.aim.unit)
            message = Message("scorecard.fell_short", first=message, amount=amount)
    verdict, length = card.streak
    if verdict == "missed" and length > 1:
        message = Message("scorecard.makes_running", first=message, spans=_spans(length, card, review))
    return message


# ---------------------------------------------------------------- what follows


def follows(review: Scorecard) -> list[Message]:
    """What the agreement's rules ask for now: remedies set off in the period, open plans, its end."""
    set_off: dict[Remedy, dict[str, None]] = {}
    for event in review.events:
        if event.remedy.kind in NAMED and review.in_period(event.span, event.clause):
            set_off.setdefault(event.remedy, {})[event.clause] = None
    return [
        *(_remedy(remedy, list(clauses), review) for remedy, clauses in set_off.items()),
        *(make_up(plan, review) for plan in review.make_ups if plan.state == "open"),
        *(credit(given, review) for given in review.credits if review.in_period(given.span, given.clause)),
        *_ends(review),
    ]


def rules_summary(review: Scorecard) -> Message:
    """How much follows by the agreement's rules, in a sentence."""
    n = len(follows(review))
    return Message("scorecard.things_follow", n=n) if n else Message("scorecard.nothing_follows")


def _remedy(remedy: Remedy, clauses: list[str], review: Scorecard) -> Message:
    """A strike or an escalation, with the clauses and the rule that set it off, and who acts."""
    return Message(
        f"scorecard.{remedy.kind}",
        clauses=[clause_name(clause, review) for clause in clauses],
        rule=review.phrases.rule(remedy.rule, clauses),
        what=done_by(remedy, review),
    )


def done_by(remedy: Remedy, review: Scorecard) -> Text:
    """What is done by a remedy, and by whom."""
    what = sentence(remedy.text)
    if not remedy.contact:
        return what
    return Message("scorecard.in_charge", what=what, who=review.phrases.name(remedy.contact))


def make_up(plan: MakeUp, review: Scorecard) -> Message:
    """A make-up plan: what is owed, over which spans, what of it there is no room for."""
    amount, unit = (plan.missing, plan.unit) if plan.leads is None else (plan.leads, "leads")
    parts = [Message("scorecard.part", amount=part, span=span) for span, part in plan.parts if part]
    message = Message(
        "scorecard.make_up" if parts else "scorecard.make_up_nowhere",
        clause=clause_name(plan.event.clause, review),
        span=plan.event.span,
        amount=review.phrases.amount(amount, unit),
        parts=parts,
    )
    if plan.revenue is not None:
        message = Message("scorecard.worth", first=message, revenue=plan.revenue)
    if plan.recovered:
        recovered = review.phrases.amount(plan.recovered, plan.unit)
        message = Message("scorecard.recovered", first=message, amount=recovered)
    if plan.unplaced:
        unplaced = review.phrases.amount(plan.unplaced, unit)
        message = Message("scorecard.unplaced", first=message, amount=unplaced)
    return message


def to_make_up(case: PeriodFacts) -> list[Message]:
    """What marketing is to deliver in a period with what earlier ones missed; nothing where nothing is to be
    made up. One lead makes up for what several promises missed, so that the largest number counts."""
    remedies = [each for each in case.agreement.remedies if each.kind == "make_up_plan"]
    every = {clause.id for clause in case.agreement.clauses}
    concerned = set().union(*(each.applies_to or every for each in remedies))
    if not concerned:
        return []
    judged = review(case, clauses=concerned)
    owed = max((judged.to_make_up(clause) for clause in concerned), key=lambda each: sum(each.values()))
    if not owed:
        return []
    own, more = case.to_deliver["leads"], sum(owed.values())
    spans = [Message("scorecard.span", span=span) for span in owed]
    numbers = {"together": own + more, "own": own, "more": more}
    return [Message("scorecard.to_make_up", period=case.period, spans=spans, **numbers)]


def credit(given: CreditGiven, review: Scorecard) -> Message:
    """A service credit: for what, how much."""
    fields = {"clause": clause_name(given.clause, review), "span": given.span}
    if given.amount is None:
        return Message("scorecard.credit_share", share=given.share, **fields)
    return Message("scorecard.credit", amount=given.amount, **fields)


def _ends(review: Scorecard) -> list[Message]:
    """Conditions of cancellation that are met, or that a miss brings nearer."""
    messages = []
    for ending in review.endings:
        if ending.clause is None or not ending.run:
            continue
        grain = review.phrases.grain_of([ending.clause])
        spans = review.phrases.spans(ending.run if ending.met else ending.left, grain)
        fields = {"clause": clause_name(ending.clause, review), "spans": spans}
        if ending.met:
            messages.append(Message("scorecard.can_end", notice=review.phrases.notice(), **fields))
        else:
            messages.append(Message("scorecard.can_end_after", **fields))
    return messages
