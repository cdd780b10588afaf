"""The reports that one side owes the other, short enough to paste: as text, in Markdown, and as a mail.

Each is a paragraph, a line a promise, what follows, and a link. Who sends which to whom is in the agreement;
nothing is sent from here.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from slanb.dictionary.escaping import escaped
from slanb.dictionary.wording import Wording
from slanb.facts.period import PeriodFacts
from slanb.publish.first_page import Chapter, halves, told_first
from slanb.publish.layout import INDEX, part
from slanb.scorecard.view import Item
from slanb.terms.phrases import Phrases
from slanb.terms.targets import Targets
from slanb.terms.watching import Report

SIGNS = {"kept": "✓", "missed": "✗", "pending": "…", "not measurable": "–"}
COLOURS = {"kept": "#1b6e3c", "missed": "#a3341f", "pending": "#6b5b00", "not measurable": "#5a6572"}
GOAL_LINE = "marketing.leads"  # the page of this figure has the picture
PICTURE = re.compile(r'alt="([^"]*)"[^>]*src="data:image/png;base64,([^"]+)"')  # no mail program shows an SVG
PROMPTS = ("…",) * 3  # lines left for what no record knows


@dataclass(frozen=True, kw_only=True)
class Status:
    """A report that is due, ready to be pasted or sent.

    id : of the report in the agreement's `reporting`.
    subject, text, markdown, html : of its message; the HTML is a whole page whose styles are inline and whose
    picture is at `cid:goal-line`.
    picture : the goal line with what came, as PNG; empty where there is none.
    """

    id: str
    subject: str
    text: str
    markdown: str
    html: str
    picture: bytes = b""

    def mail(self) -> EmailMessage:
        """The message with its text, its HTML and its picture, without sender, recipients and date; a mail
        program opens it as a draft. The same status gives the same bytes."""
        mail = EmailMessage(policy=SMTP)
        mail["Subject"], mail["X-Unsent"] = self.subject, "1"
        mail.set_content(self.text)
        mail.add_alternative(self.html, subtype="html")
        if self.picture:
            page = mail.get_payload()[1]
            page.add_related(self.picture, "image", "png", cid="<goal-line>", filename="goal-line.png")
            page.set_boundary("=_related")
        mail.set_boundary("=_alternative")
        return mail

    def files(self) -> dict[str, bytes]:
        """The same as files, by name: `weekly-status.txt`, `.md` and `.eml`."""
        texts = {"txt": self.text.encode(), "md": self.markdown.encode(), "eml": self.mail().as_bytes()}
        return {f"{self.id}.{ending}": content for ending, content in texts.items()}


def statuses(
    case: PeriodFacts, chapters: Sequence[Chapter], *, standing: str, unit: str, words: Wording
) -> list[Status]:
    """The reports of the agreement that are due: in a running period those on its status, after its end those
    on the period and on what troubles customers; none where no notebook judged the agreement.

    Parameters
    ----------
    case : the period.
    chapters : the report's notebooks.
    standing : a sentence on the period and the instant up to which records count.
    unit : the report's folder. Where the agreement says where reports lie (`reports_at`), links lead there.
    words : the reader's language.
    """
    kinds = ("period", "friction") if case.complete else ("status",)
    if not any(chapter.scorecard for chapter in chapters):
        return []
    link = f"{case.agreement.reports_at.rstrip('/')}/{unit}/" if case.agreement.reports_at else ""
    due = [report for report in case.agreement.reporting if report.kind in kinds]
    return [_status(report, case, chapters, standing, link, words) for report in due]


def _status(
    report: Report, case: PeriodFacts, chapters: Sequence[Chapter], standing: str, link: str, words: Wording
) -> Status:
    names = Phrases(Targets(case.period, case.agreement, None, None))
    people = {"from": names.name(report.sender), "to": names.names(report.recipients), "about": report.what}
    title = " ".join(case.agreement.title.split())  # a subject is one line
    subject = words.say("publish.page_title", title=title, period=case.label)
    sides = _sides(report, chapters, words)
    alt, picture = _goal_line(chapters) if not report.clauses else ("", b"")
    shown = {
        "subject": subject,
        "standing": standing,
        "people": [(words.say(f"publish.status_{key}"), words.say(what)) for key, what in people.items()],
        "paragraph": "" if report.clauses else " ".join(told_first(chapters, words)),
        "sides": [(title, [(item, _line(item, words)) for item in items]) for title, items in sides],
        "lists": list(_lists(report, sides, chapters, words)),
        "link": link and f"{link}{INDEX}",
        "words": words,
    }
    text, markdown = (
        str(part("status.txt.j2", markdown=each, read=escaped if each else str, signs=SIGNS, **shown))
        for each in (False, True)
    )
    html = part("status.html.j2", colours=COLOURS, signs=SIGNS, base=link, alt=alt, **shown)
    return Status(
        id=report.id, subject=subject, text=text, markdown=markdown, html=str(html), picture=picture
    )


def _sides(report: Report, chapters: Sequence[Chapter], words: Wording) -> list[tuple[str, list[Item]]]:
    """Each side's promises that the report tells of; of what troubles customers those that were missed."""

    def told(item: Item) -> bool:
        missed = report.kind != "friction" or item.verdict == "missed"
        return missed and (not report.clauses or item.clause in report.clauses)

    sides = [(half.title, list(filter(told, half.promises))) for half in halves(chapters, words)]
    if report.kind == "friction":
        sides = [(words.say("publish.troubled"), [item for _, items in sides for item in items])]
    return [(title, items) for title, items in sides if items]


def _line(item: Item, words: Wording) -> str:
    """What a promise came to: `312 leads so far, agreed: at least 558 leads.`"""
    came = "" if item.value == words.say("scorecard.none") else item.value
    if came and item.verdict == "pending":
        came = words.say("publish.so_far", result=came)
    if item.target:
        agreed = words.say("scorecard.agreed", aim=item.target)
        came = words.say("publish.came_agreed", result=came, agreed=agreed) if came else agreed
    each = [words.say("publish.full_stop", text=text) for text in (came, item.change) if text]
    return " ".join([*each, *item.notes])


def _lists(
    report: Report, sides: Sequence, chapters: Sequence[Chapter], words: Wording
) -> Iterator[tuple[str, Sequence[str]]]:
    """What the report tells besides the promises of each side, each list with its heading."""
    if report.kind == "friction":
        if not sides:
            yield words.say("publish.troubled"), [words.say("publish.no_trouble")]
        yield words.say("publish.own_words"), PROMPTS
        yield words.say("publish.not_yet_kept"), PROMPTS
        return
    judged = next(chapter.scorecard for chapter in chapters if chapter.scorecard)
    for key in ("celebrate", "address", "follows"):
        if judged.get(key):
            yield words.say(f"publish.{key}"), judged[key]


def _goal_line(chapters: Sequence[Chapter]) -> tuple[str, bytes]:
    """The picture of the goal line with what came: its meaning in words, and the image."""
    for chapter in chapters:
        if any(figure["id"] == GOAL_LINE for figure in chapter.figures):
            for found in filter(None, map(PICTURE.search, chapter.pictures)):
                return found[1], base64.b64decode(found[2])
    return "", b""
