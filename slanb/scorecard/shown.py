"""The scorecard as a page shows it: cards for the leaders, and plain frames for tables."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.scorecard.card import Card, Scorecard
from slanb.scorecard.judging import Judgement
from slanb.scorecard.sentences import (
    NAMED,
    address,
    aim_of,
    celebrate,
    change_of,
    clause_name,
    credit,
    done_by,
    follows,
    make_up,
    notes_on,
    outcome_of,
    promises_of,
    streak_of,
    summary,
    together,
    value_of,
    verdict_word,
)
from slanb.scorecard.view import Half, Item, Math, Point, halves_html

SHOWN = 12  # spans of a trend
ON_CARDS = ("kept", "kept_long", "missed", "missed_some", "not_judged")  # told by a card too


class Cards:
    """Both halves side by side, as a notebook displays them."""

    def __init__(self, review: Scorecard):
        self._data, self._words = for_leaders(review), review.words

    def _repr_html_(self) -> str:
        halves = halves_of(self._data, lambda card: Math(f"#figure-clause.{card['clause']}"))
        return halves_html(halves, self._words, styled=True)

    def __repr__(self) -> str:
        cards = [card for half in self._data["sides"] for card in half["cards"]]
        return "\n".join(f"{card['label']}: {card['value']} ({card['word']})" for card in cards)


def for_leaders(review: Scorecard) -> dict[str, Any]:
    """The scorecard in plain types, for the leaders' page: all text as read, numbers for the charts alone; to
    celebrate and to address only what no card tells."""
    say = review.words.say
    sides = [
        {
            "title": party.name,
            "cards": [_card(card, review) for card in review.cards if card.clause.party == party.id],
        }
        for party in review.agreement.parties
    ]
    lists = {"celebrate": celebrate(review), "address": address(review), "follows": follows(review)}
    told = {f"scorecard.{key}" for key in ON_CARDS}
    written = {
        key: [say(each) for each in messages if _heart(each).id not in told]
        for key, messages in lists.items()
    }
    return {"summary": say(summary(review)), "sides": sides, **written}


def _heart(message: Message) -> Message:
    """A sentence without the streak it ends in, which stands on the card."""
    return message.fields["first"] if message.id == "scorecard.makes_running" else message


def halves_of(
    data: Mapping[str, Any],
    math_of: Callable[[Mapping[str, Any]], Math],
    page_of: Callable[[str], str] = lambda clause: "",
    so_far: Callable[[str], str] = lambda figure: "",
) -> list[Half]:
    """The sides `for_leaders` gives, as cards.

    Parameters
    ----------
    math_of : how a card's number comes about, from the card: its `clause` and `figure` ("" for a
        measurement).
    page_of : the page that shows a clause, from its id; "" for none.
    so_far : what there is to say of a figure whose verdict is pending, from its id; "" for nothing.
    """

    def item(card: Mapping[str, Any]) -> Item:
        pending = so_far(card["figure"]) if card["verdict"] == "pending" else ""
        links = {"href": page_of(card["clause"]), "math": math_of(card)}
        return _item(card, [pending] * bool(pending), links)

    return [Half(side["title"], tuple(map(item, side["cards"]))) for side in data["sides"]]


def _item(card: Mapping[str, Any], notes: list[str], links: Mapping[str, Any]) -> Item:
    own = {key: value for key, value in card.items() if key != "figure"}
    own |= {"notes": tuple(notes + card["notes"]), "trend": tuple(Point(**point) for point in card["trend"])}
    return Item(**own, **links)


def _card(card: Card, review: Scorecard) -> dict[str, Any]:
    say, shown = review.words.say, card.history[-SHOWN:]
    kept = sum(each.verdict == "kept" for each in shown)
    spans = review.phrases.spans(len(shown), review.targets.grain(card.clause))
    changed, name = _changes(shown, review), card.clause.name or ""
    return {
        "clause": card.clause.id,
        "figure": card.clause.figure or "",
        "name": name[:1].upper() + name[1:],
        "label": card.clause.text.removesuffix("."),
        "value": say(outcome_of(card, review)),
        "target": say(aim_of(card.last, review)),
        "change": say(change_of(card, review)),
        "verdict": card.verdict,
        "word": say(verdict_word(card.verdict)),
        "streak": say(streak_of(card, review)),
        "notes": [say(note) for note in notes_on(card, review)],
        "trend": [
            _point(each, review) | {"changed": changed} for each, changed in zip(shown, changed, strict=True)
        ],
        "trend_text": say(Message("scorecard.kept_in", kept=kept, spans=spans)),
    }


def _changes(history: Sequence[Judgement], review: Scorecard) -> list[str]:
    """For each span, what its promise changed from; empty where it is that of the span before."""
    said = [review.words.say(promise) for promise in promises_of(history, review)]
    changes = [""] * len(history)
    for place, (before, now) in enumerate(pairwise(said), start=1):
        if before and now and before != now:
            fields = {"period": history[place].span, "now": now, "before": before}
            changes[place] = review.words.say("plots.promise_was", **fields)
    return changes


def _point(judged: Judgement, review: Scorecard) -> dict[str, Any]:
    aim = aim_of(judged, review)
    fields = {"value": value_of(judged, review), "verdict": verdict_word(judged.verdict)}
    read = Message("scorecard.point", aim=aim, **fields) if aim else Message("scorecard.judged", **fields)
    return {
        "span": review.words.period(judged.span),
        "text": review.words.say(read),
        "value": judged.value,
        "target": judged.aim.number if judged.aim else None,
        "verdict": judged.verdict,
        "reached": judged.reached,
    }


# ---------------------------------------------------------------- frames for the notebook's tables


def promises(review: Scorecard) -> pd.DataFrame:
    """A row a clause: `party`, `clause`, `agreed`, `outcome`, `n`, `figure_verdict`, `streak`,
    `decided_by`."""
    rows = [
        (
            review.phrases.name(card.clause.party),
            card.clause.called,
            aim_of(card.last, review),
            outcome_of(card, review),
            card.last.n if card.last else None,
            verdict_word(card.verdict),
            streak_of(card, review),
            review.phrases.how_judged(card.clause),
        )
        for card in review.cards
    ]
    columns = ["party", "clause", "agreed", "outcome", "n", "figure_verdict", "streak", "decided_by"]
    return pd.DataFrame(rows, columns=columns).astype({"n": "float64"})


def limits(review: Scorecard) -> list[Message]:
    """What limits the period's verdicts, in sentences."""
    return [
        Message("scorecard.limits", clause=clause_name(card.clause.id, review), notes=together(notes))
        for card in review.cards
        if (notes := notes_on(card, review))
    ]


def history(review: Scorecard) -> pd.DataFrame:
    """A row a span, oldest first: `judged_span`, and a column a clause with figure and verdict, as sentences
    name it (`“leads”`)."""
    rows: dict[tuple, dict[str, Any]] = {}
    names = {clause: review.words.say(clause_name(clause, review)) for clause in review.histories}
    for clause, judgements in review.histories.items():
        for judged in judgements:
            verdict = verdict_word(judged.verdict)
            value = value_of(judged, review)
            read = (
                verdict if judged.value is None else Message("scorecard.judged", value=value, verdict=verdict)
            )
            row = rows.setdefault((judged.span.end_time, judged.span.freqstr), {"judged_span": judged.span})
            row[names[clause]] = read
    return pd.DataFrame([rows[key] for key in sorted(rows)], columns=["judged_span", *names.values()])


def _called(clause: str, review: Scorecard) -> str:
    """A promise by its name, as tables have it."""
    return review.phrases.called([clause])[0]


def remedies(review: Scorecard) -> pd.DataFrame:
    """A row a strike or escalation and clause: `remedy`, `clause`, `times`, `set_off_in`, `remedy_rule`,
    `what_is_done`."""
    set_off: dict[tuple, list[Message]] = {}
    for event in review.events:
        if event.remedy.kind in NAMED:
            span = Message("scorecard.span", span=event.span)
            set_off.setdefault((event.remedy, event.clause), []).append(span)
    rows = [
        (
            Message(f"scorecard.kind_{remedy.kind}"),
            _called(clause, review),
            float(len(spans)),
            Message("scorecard.list", items=spans),
            review.phrases.rule(remedy.rule, [clause]),
            done_by(remedy, review),
        )
        for (remedy, clause), spans in set_off.items()
    ]
    columns = ["remedy", "clause", "times", "set_off_in", "remedy_rule", "what_is_done"]
    return pd.DataFrame(rows, columns=columns)


def repairs(review: Scorecard) -> pd.DataFrame:
    """A row a make-up plan or credit, the latest first: `judged_span`, `clause`, `repair`, `state`."""
    rows = [
        (plan.event.span, plan.event.clause, make_up(plan, review), plan.state.replace(" ", "_"))
        for plan in review.make_ups
    ]
    rows += [(given.span, given.clause, credit(given, review), "due") for given in review.credits]
    rows = [
        (span, _called(clause, review), what, Message(f"scorecard.state_{state}"))
        for span, clause, what, state in rows
    ]
    rows.sort(key=lambda row: row[0].end_time, reverse=True)
    return pd.DataFrame(rows, columns=["judged_span", "clause", "repair", "state"])


def exceptions(review: Scorecard) -> pd.DataFrame:
    """A row an exception that touched these periods: `excluded_days`, `why_excluded`, `excused_party`,
    `excused_promises`."""
    touched: dict[Any, list[Message]] = {}
    for clause, judgements in review.histories.items():
        for judged in judgements:
            for excluded in judged.excused:
                where = Message("scorecard.of_span", clause=_called(clause, review), span=judged.span)
                touched.setdefault(excluded, []).append(where)
    rows = [
        (
            Message(
                "scorecard.day" if each.until in (None, each.date) else "scorecard.days",
                first=each.date,
                last=each.until,
            ),
            each.reason,
            review.phrases.name(each.party) if each.party else Message("scorecard.everyone"),
            Message("scorecard.list", items=where),
        )
        for each, where in touched.items()
    ]
    columns = ["excluded_days", "why_excluded", "excused_party", "excused_promises"]
    return pd.DataFrame(rows, columns=columns)


def obligations(review: Scorecard) -> list[Message]:
    """What is owed on excused days all the same, in sentences."""
    return [
        Message("scorecard.duty", party=review.phrases.name(duty.party), text=duty.text)
        for duty in review.agreement.exceptions.standing_obligations
    ]


def endings(review: Scorecard) -> pd.DataFrame:
    """A row a condition and clause: `condition`, `clause`, `missed_running` (spans), `stands`."""
    rows = []
    for each in review.endings:
        if each.clause is None:
            stands = Message("scorecard.party_says")
        elif each.met:
            stands = Message("scorecard.met_since", span=each.since)
        else:
            spans = review.phrases.spans(each.left, review.phrases.grain_of([each.clause]))
            which = "away" if each.since is None else "away_again"
            stands = Message(f"scorecard.{which}", spans=spans, span=each.since)
        name = _called(each.clause, review) if each.clause else None
        rows.append((review.phrases.condition(each.condition), name, float(each.run), stands))
    return pd.DataFrame(rows, columns=["condition", "clause", "missed_running", "stands"])
