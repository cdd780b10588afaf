"""The reports the agreement asks for, as short texts for mail and chat: plain, and in Markdown.

Who sends which to whom is in the agreement; nothing is sent from here.
"""

from collections.abc import Iterator

from slanb.dictionary.escaping import escaped
from slanb.dictionary.messages import Message
from slanb.scorecard.card import Card, Scorecard
from slanb.scorecard.sentences import (
    Text,
    address,
    aim_of,
    celebrate,
    follows,
    notes_on,
    result_of,
    summary,
    together,
    value_of,
    verdict_word,
)
from slanb.scorecard.view import templates
from slanb.terms.watching import Report

SIGNS = {"kept": "✓", "missed": "✗", "pending": "…", "not measurable": "–"}
PROMPTS = ["…"] * 3  # lines left for what no record knows


def status_files(review: Scorecard, *, standing: Text = "") -> dict[str, str]:
    """The reports that are due, by file name: `weekly-status.txt`, `weekly-status.md`, ...

    In a running period these are the agreement's status reports, after its end those on the period and on
    what troubles customers.

    Parameters
    ----------
    standing : a sentence on the period and the instant up to which records count.
    """
    kinds = ("period", "friction") if review.case.complete else ("status",)
    return {
        f"{report.id}.{ending}": _written(report, review, standing, markdown=ending == "md")
        for report in review.agreement.reporting
        if report.kind in kinds
        for ending in ("txt", "md")
    }


def _written(report: Report, review: Scorecard, standing: Text, *, markdown: bool) -> str:
    def read(message: Text) -> str:
        text = review.words.say(message)
        return escaped(text) if markdown else text

    sender, recipients = review.phrases.name(report.sender), review.phrases.names(report.recipients)
    facts = {"from": sender, "to": recipients, "about": report.what}
    cards = [card for card in review.cards if not report.clauses or card.clause.id in report.clauses]
    lists = []
    for party in review.agreement.parties:
        own = [card for card in cards if card.clause.party == party.id]
        lists.append((party.name, [(SIGNS[card.verdict], _line(card, review)) for card in own]))
    for key, lines in _lists(report, cards, review):
        lists.append((Message(f"scorecard.{key}"), [("-", line) for line in lines]))
    text = (
        templates()
        .get_template("status.j2")
        .render(
            markdown=markdown,
            read=read,
            title=Message("scorecard.status_title", title=review.agreement.title, period=review.case.period),
            standing=standing,
            facts=[(Message(f"scorecard.status_{key}"), what) for key, what in facts.items()],
            summary="" if report.clauses else summary(review),
            lists=lists,
        )
    )
    return text + "\n"


def _line(card: Card, review: Scorecard) -> Text:
    """A promise in a line: `leads: 312 leads so far; agreed at least 558 leads (pending)`."""
    result, aim = result_of(card, review), aim_of(card.last, review)
    if card.verdict == "pending" and card.last.value is not None and card.last.reason != "waiting":
        result = Message("scorecard.so_far", result=result)
    which = "status_line_agreed" if aim else "status_line"
    fields = {"clause": card.clause.id, "result": result, "aim": aim, "verdict": verdict_word(card.verdict)}
    return together([Message(f"scorecard.{which}", **fields), *notes_on(card, review)])


def _lists(report: Report, cards: list[Card], review: Scorecard) -> Iterator[tuple[str, list[Text]]]:
    if report.kind == "friction":
        troubles = [_trouble(card, review) for card in cards if card.verdict == "missed"]
        yield "troubled", troubles or [Message("scorecard.no_trouble")]
        yield "own_words", PROMPTS
        yield "not_yet_kept", PROMPTS
        return
    yield "to_celebrate", celebrate(review)
    yield "to_address", address(review)
    yield "by_rules", follows(review)


def _trouble(card: Card, review: Scorecard) -> Text:
    """A missed promise about customers, and how it stood the time before."""
    name, result, aim = card.clause.text.removesuffix("."), result_of(card, review), aim_of(card.last, review)
    line = Message("scorecard.trouble", clause=name, result=result, aim=aim)
    earlier = [each for each in card.history[: len(card.history) - len(card.now)] if each.judged]
    if not earlier:
        return line
    return Message("scorecard.time_before", first=line, value=value_of(earlier[-1], review))
