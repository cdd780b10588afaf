"""The scorecard as a page shows it: cards for the leaders, plain frames for tables, a record for the run.

Part of `slanb.scorecard`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from slanb.dictionary.wording import Wording
from slanb.scorecard import SHOWN, Card, Scorecard
from slanb.scorecard.judging import Judgement
from slanb.scorecard.sentences import NAMED, Told
from slanb.scorecard.view import Half, Item, Point, halves_html


class Cards:
    """Both halves side by side, as a notebook displays them."""

    def __init__(self, scorecard: Scorecard, words: Wording):
        self._data, self._words = record(scorecard, words), words

    def _repr_html_(self) -> str:
        halves = halves_of(self._data, lambda figure, clause: f"#figure-clause.{clause}")
        return halves_html(halves, self._words, styled=True)

    def __repr__(self) -> str:
        return "\n".join(
            f"{card['label']}: {card['value']} ({card['word']})"
            for half in self._data["sides"]
            for card in half["cards"]
        )


def record(scorecard: Scorecard, words: Wording) -> dict[str, Any]:
    """The scorecard in plain types, for the leaders' page: all text as read, numbers for the charts alone."""
    told = Told(scorecard, words)
    sides = [
        {
            "title": party.name,
            "cards": [_card(card, told) for card in scorecard.cards if card.clause.party == party.id],
        }
        for party in scorecard.agreement.parties
    ]
    return {
        "summary": told.summary(),
        "sides": sides,
        "celebrate": told.celebrate(),
        "address": told.address(),
        "follows": told.follows(),
    }


def halves_of(
    data: Mapping[str, Any],
    math_of: Callable[[str, str], str],
    page_of: Callable[[str], str] = lambda clause: "",
) -> list[Half]:
    """A record's sides as cards.

    Parameters
    ----------
    math_of : where a figure is explained, from its id ("" for a measurement) and its clause's.
    page_of : where a clause is told of, from its id; "" for nowhere else.
    """
    return [
        Half(side["title"], tuple(_item(card, math_of, page_of) for card in side["cards"]))
        for side in data["sides"]
    ]


def _item(card: Mapping[str, Any], math_of: Callable[[str, str], str], page_of: Callable[[str], str]) -> Item:
    read = ("label", "value", "target", "verdict", "word", "streak", "trend_said")
    return Item(
        **{key: card[key] for key in read},
        notes=tuple(card["notes"]),
        trend=tuple(Point(**point) for point in card["trend"]),
        href=page_of(card["clause"]),
        math=math_of(card["figure"], card["clause"]),
    )


def _card(card: Card, told: Told) -> dict[str, Any]:
    past = card.history[-SHOWN:]
    return {
        "clause": card.clause.id,
        "figure": card.clause.figure or "",
        "label": card.clause.text.removesuffix("."),
        "value": told.result(card),
        "target": told.agreed(card.last),
        "verdict": card.verdict,
        "word": told.verdict(card.verdict),
        "streak": told.streak(card),
        "notes": told.notes(card),
        "trend": [_point(each, told) for each in past],
        "trend_said": _trend_said(card, past, told),
    }


def _point(judged: Judgement, told: Told) -> dict[str, Any]:
    said = [told.value(judged), told.agreed(judged), told.verdict(judged.verdict)]
    return {
        "span": told.words.period(judged.span),
        "said": ", ".join(filter(None, said)),
        "value": judged.value,
        "target": judged.aim.number if judged.aim else None,
        "verdict": judged.verdict,
    }


def _trend_said(card: Card, past: Sequence[Judgement], told: Told) -> str:
    """A chart in a sentence, for those who do not see it."""
    kept = sum(each.verdict == "kept" for each in past)
    spans = told.say.spans(len(past), told.grain(card))
    return told.words.text("Kept in {n} of the last {spans}.", n=told.words.number(kept), spans=spans)


# ---------------------------------------------------------------- frames for the notebook's tables


def clauses_frame(scorecard: Scorecard, words: Wording) -> pd.DataFrame:
    """A row a clause: `party`, `clause`, `agreed`, `result`, `n`, `verdict`, `streak`, `decided_by`."""
    told = Told(scorecard, words)
    rows = [
        {
            "party": told.say.name(card.clause.party),
            "clause": card.clause.id,
            "agreed": told.agreed(card.last),
            "result": told.result(card),
            "n": card.last.n if card.last else None,
            "verdict": told.verdict(card.verdict),
            "streak": told.streak(card),
            "decided_by": told.say.how_judged(card.clause),
        }
        for card in scorecard.cards
    ]
    columns = ["party", "clause", "agreed", "result", "n", "verdict", "streak", "decided_by"]
    return pd.DataFrame(rows, columns=columns).astype({"n": "float64"})


def limits_note(scorecard: Scorecard, words: Wording) -> str:
    """What limits the period's verdicts, in sentences."""
    told = Told(scorecard, words)
    notes = [(card.clause.id, " ".join(told.notes(card))) for card in scorecard.cards]
    return " ".join(
        words.text("{clause}: {note}", clause=clause, note=note) for clause, note in notes if note
    )


def history_frame(scorecard: Scorecard, words: Wording) -> pd.DataFrame:
    """A row a span of the measure, oldest first: `span`, and a column a clause with figure and verdict."""
    told = Told(scorecard, words)
    rows: dict[str, dict[str, str]] = {}
    for clause, history in scorecard.histories.items():
        for judged in history:
            name = words.period(judged.span, short=True)
            said = told.verdict(judged.verdict)
            value = "" if judged.value is None else f"{told.value(judged)}, "
            order = f"{judged.span.end_time:%Y-%m-%d} {name}"
            rows.setdefault(order, {"span": name})[clause] = value + said
    frame = pd.DataFrame([rows[order] for order in sorted(rows)], columns=["span", *scorecard.histories])
    return frame.fillna("–")


def events_frame(scorecard: Scorecard, words: Wording) -> pd.DataFrame:
    """A row a strike or escalation and clause: `kind`, `clause`, `times`, `spans`, `rule`, `what`."""
    told = Told(scorecard, words)
    found: dict[tuple, list[str]] = {}
    for event in scorecard.events:
        if event.remedy.kind in NAMED:
            name = words.period(event.span, short=True)
            found.setdefault((event.remedy, event.clause), []).append(name)
    rows = [
        {
            "kind": told.kind(remedy),
            "clause": clause,
            "times": float(len(spans)),
            "spans": ", ".join(spans),
            "rule": told.say.rule(remedy.rule, [clause]),
            "what": told.done(remedy),
        }
        for (remedy, clause), spans in found.items()
    ]
    return pd.DataFrame(rows, columns=["kind", "clause", "times", "spans", "rule", "what"])


def repairs_frame(scorecard: Scorecard, words: Wording) -> pd.DataFrame:
    """A row a make-up plan or credit, the latest first: `span`, `clause`, `what`, `state`."""
    told = Told(scorecard, words)
    states = {
        "made up": words.text("made up"),
        "open": words.text("open"),
        "not made up": words.text("not made up in time"),
    }
    plans = [
        (plan.event.span, plan.event.clause, told.make_up(plan), states[plan.state])
        for plan in scorecard.make_ups
    ]
    credited = [
        (given.span, given.clause, told.credit(given), words.text("due")) for given in scorecard.credits
    ]
    found = sorted([*plans, *credited], key=lambda row: row[0].end_time, reverse=True)
    rows = [
        {"span": words.period(span), "clause": clause, "what": what, "state": state}
        for span, clause, what, state in found
    ]
    return pd.DataFrame(rows, columns=["span", "clause", "what", "state"])


def exceptions_frame(scorecard: Scorecard, words: Wording) -> pd.DataFrame:
    """A row an exception that touched these periods: `days`, `reason`, `whom`, `did`."""
    told = Told(scorecard, words)
    touched: dict[Any, list[str]] = {}
    for clause, history in scorecard.histories.items():
        for judged in history:
            for excluded in judged.excused:
                touched.setdefault(excluded, []).append(f"{clause} ({words.period(judged.span, short=True)})")
    rows = [
        {
            "days": words.date(each.date)
            if each.until in (None, each.date)
            else words.text("{first} to {last}", first=words.date(each.date), last=words.date(each.until)),
            "reason": each.reason,
            "whom": told.say.name(each.party) if each.party else words.text("all"),
            "did": words.join(where),
        }
        for each, where in touched.items()
    ]
    return pd.DataFrame(rows, columns=["days", "reason", "whom", "did"])


def endings_frame(scorecard: Scorecard, words: Wording) -> pd.DataFrame:
    """A row a condition and clause: `condition`, `clause`, `run` (spans missed running), `stands`."""
    told = Told(scorecard, words)
    rows = []
    for each in scorecard.endings:
        if each.clause is None:
            stands = words.text("a party’s to say")
        elif each.met:
            stands = words.text("met since {span}", span=words.period(each.since))
        else:
            grain = told.say.grain_of([each.clause])
            stands = words.text("{spans} away", spans=told.say.spans(each.left, grain))
            if each.since is not None:
                stands += " " + words.text("(it was met in {span})", span=words.period(each.since))
        row = {"condition": told.say.condition(each.condition), "clause": each.clause or "–"}
        rows.append(row | {"run": float(each.run), "stands": stands})
    return pd.DataFrame(rows, columns=["condition", "clause", "run", "stands"])


def obligations_note(scorecard: Scorecard, words: Wording) -> str:
    """What is owed on excused days all the same, in a sentence."""
    told = Told(scorecard, words)
    return " ".join(
        words.text("Owed all the same by {party}: {text}", party=told.say.name(duty.party), text=duty.text)
        for duty in scorecard.agreement.exceptions.standing_obligations
    )
