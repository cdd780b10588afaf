"""The reports the agreement asks for, as short texts for mail and chat: plain, and in Markdown.

Part of `slanb.scorecard`. Who sends which to whom is in the agreement; nothing is sent from here.
"""

from collections.abc import Iterator

from slanb.dictionary.wording import Wording
from slanb.saying.escaping import escaped
from slanb.scorecard import Card, Scorecard
from slanb.scorecard.sentences import Told
from slanb.terms.watching import Report

SIGNS = {"kept": "✓", "missed": "✗", "pending": "…", "not measurable": "–"}
PROMPTS = 3  # lines left for what no record knows


class _Writer:
    """One report, line by line, in plain text or in Markdown."""

    def __init__(self, markdown: bool):
        self._markdown, self._lines = markdown, []

    def title(self, text: str) -> None:
        """The report's first line."""
        self._lines.append(f"# {escaped(text)}" if self._markdown else text)
        self._lines += [] if self._markdown else ["=" * min(len(text), 72)]

    def fact(self, name: str, text: str) -> None:
        """A line such as `To: ...`."""
        line = f"**{escaped(name)}** {escaped(text)}  " if self._markdown else f"{name} {text}"
        self._lines.append(line)

    def heading(self, text: str) -> None:
        """Over a few lines."""
        self._lines += ["", f"## {escaped(text)}", ""] if self._markdown else ["", text]

    def say(self, text: str) -> None:
        """A paragraph; none if it is empty."""
        if text:
            self._lines += ["", escaped(text) if self._markdown else text]

    def gap(self) -> None:
        """An empty line."""
        self._lines.append("")

    def point(self, text: str, sign: str = "-") -> None:
        """A line of a list."""
        if self._markdown:
            self._lines.append(f"- {escaped(text)}" if sign == "-" else f"- {sign} {escaped(text)}")
        else:
            self._lines.append(f"  {sign} {text}")

    def text(self) -> str:
        """All of it."""
        return "\n".join(self._lines) + "\n"


def status_files(scorecard: Scorecard, words: Wording, *, standing: str = "") -> dict[str, str]:
    """The reports that are due, by file name: `weekly-status.txt`, `weekly-status.md`, ...

    In a running period these are the agreement's status reports, after its end those on the period and on
    what troubles customers.

    Parameters
    ----------
    standing : a sentence on the period and the instant up to which records count.
    """
    kinds = ("period", "friction") if scorecard.complete else ("status",)
    return {
        f"{report.id}.{ending}": _written(report, scorecard, words, standing, markdown=ending == "md")
        for report in scorecard.agreement.reporting
        if report.kind in kinds
        for ending in ("txt", "md")
    }


def _written(report: Report, scorecard: Scorecard, words: Wording, standing: str, *, markdown: bool) -> str:
    told, text, out = Told(scorecard, words), words.text, _Writer(markdown)
    say = told.say
    out.title(
        text("{title}: {period}", title=scorecard.agreement.title, period=words.period(scorecard.period))
    )
    out.say(standing)
    out.gap()
    out.fact(text("From:"), say.name(report.sender))
    out.fact(text("To:"), say.names(report.recipients))
    out.fact(text("About:"), report.what)
    if not report.clauses:
        out.say(told.summary())
    cards = [card for card in scorecard.cards if not report.clauses or card.clause.id in report.clauses]
    for party in scorecard.agreement.parties:
        own = [card for card in cards if card.clause.party == party.id]
        if own:
            out.heading(party.name)
        for card in own:
            out.point(_line(card, told), SIGNS.get(card.verdict, "–"))
    for title, lines in _lists(report, cards, told):
        if lines:
            out.heading(title)
        for each in lines:
            out.point(each)
    return out.text()


def _line(card: Card, told: Told) -> str:
    """A promise in a line: `leads: 312 leads so far; agreed at least 558 leads (pending)`."""
    result = told.result(card)
    if card.verdict == "pending" and card.last and card.last.value is not None:
        result = told.words.text("{result} so far", result=result)
    agreed = told.agreed(card.last)
    parts = [result, told.words.text("agreed {aim}", aim=agreed) if agreed else ""]
    head = f"{card.clause.id}: {'; '.join(filter(None, parts))} ({told.verdict(card.verdict)})"
    return " ".join([head, *told.notes(card)])


def _lists(report: Report, cards: list[Card], told: Told) -> Iterator[tuple[str, list[str]]]:
    text = told.words.text
    if report.kind == "friction":
        yield text("What troubled customers"), _troubles(cards, told)
        yield text("In their own words (to be filled in)"), ["…"] * PROMPTS
        yield text("Promised to customers and not yet kept (to be filled in)"), ["…"] * PROMPTS
        return
    yield text("To celebrate"), told.celebrate()
    yield text("To address"), told.address()
    yield text("By the agreement’s rules"), told.follows()


def _troubles(cards: list[Card], told: Told) -> list[str]:
    """What the clauses of the report say about customers: each that was missed, and against before."""
    found = []
    for card in cards:
        before = next(
            (each for each in reversed(card.history[: -len(card.now) or None]) if each.judged), None
        )
        if card.verdict == "missed":
            line = told.words.text(
                "{clause}: {result}; agreed was {aim}.",
                clause=card.clause.text.removesuffix("."),
                result=told.result(card),
                aim=told.agreed(card.last),
            )
            if before is not None:
                line += " " + told.words.text("The time before: {value}.", value=told.value(before))
            found.append(line)
    return found or [told.words.text("No promise of this report was missed.")]
