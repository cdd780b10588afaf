"""The leaders' page: each side's promises, kept or not, what moved, and what the data could bear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from markupsafe import Markup

from slanb.dictionary.wording import Wording
from slanb.publish.layout import INDEX, QUALITY, WORKBOOK, fill
from slanb.publish.math import by_part, called, in_segments, math_of, segments_of
from slanb.publish.what_if import script, what_if
from slanb.scorecard.shown import halves_of
from slanb.scorecard.view import MARKS, Half, Item, Math, halves_html
from slanb.tables import anchor

SHOWN = 5  # promises a side shows before the rest folds away
CLOSED, PLANNED = "closing.revenue", "plan.leads"  # the first that a page has: its headline tells the money
LISTS = ("celebrate", "address", "follows")  # of the scorecard, in this order


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One notebook of the report: its name, its title, what its last cell hands to the report, and the
    pictures it has for the first page, as HTML; `to_do` is what is to be done now, in sentences."""

    name: str
    title: str
    figures: Sequence[Mapping] = ()
    headlines: Sequence[str] = ()
    to_do: Sequence[str] = ()
    pictures: Sequence[str] = ()
    scorecard: Mapping[str, Any] = field(default_factory=dict)
    what_if: Mapping[str, Any] = field(default_factory=dict)
    sheets: Mapping[str, Any] = field(default_factory=dict)

    @property
    def href(self) -> str:
        """The file name of its page."""
        return f"{self.name}.html"


def first_page(
    chapters: Sequence[Chapter],
    *,
    title: str,
    period: str,
    standing: Sequence[str],
    data: Sequence[str] = (),
    files: Sequence[str] = (),
    nav: Sequence[Mapping[str, str]],
    words: Wording,
) -> str:
    """The page; its cards are the scorecard's where a notebook judged the agreement, else figures'.

    Parameters
    ----------
    chapters : the notebooks, in order.
    title, period : the agreement's title, and the period's label.
    standing : as-of instant and version of the agreement in a sentence; then what to know first: an interim
        report, a what-if, left-out notebooks, truncated records.
    data : sentences on the data, the gravest first.
    files : names to link to.
    nav, words : as for `slanb.publish.layout.fill`.
    """
    judged = _judged(chapters)
    plan = next((chapter.what_if for chapter in chapters if chapter.what_if), {})
    figures = {each["id"]: each for chapter in chapters for each in chapter.figures}
    shown = what_if(plan, figures, words)
    told = told_first(chapters, words)
    moved = [
        (chapter, [line for line in chapter.headlines if line not in told])
        for chapter in chapters
        if chapter is not judged
    ]
    lists = {key: [] if judged is None else judged.scorecard.get(key, []) for key in LISTS}
    lists["follows"] = [*(line for chapter in chapters for line in chapter.to_do), *lists["follows"]]
    return fill(
        "index.html.j2",
        title=words.say("publish.page_title", title=title, period=period),
        words=words,
        nav=nav,
        here=INDEX,
        heading={"title": title, "period": words.opened(words.period(period))},
        standing=standing[0],
        remarks=standing[1:],
        told=told,
        segments=[words.say(called(name)) for name in segments_of(figures)],
        cards=Markup(halves_html(halves(chapters, words), words)),
        pictures=[(chapter, Markup(picture)) for chapter in chapters for picture in chapter.pictures],
        what_if=shown,
        script=script() if shown else "",
        lists=[(words.say(f"publish.{key}"), lines) for key, lines in lists.items()],
        moved_title=words.say(f"publish.{'what_if_levers' if _is_ahead(chapters) else 'moved'}"),
        moved=[(chapter, lines[:2]) for chapter, lines in moved if lines],
        data=data,
        quality=QUALITY,
        workbook=WORKBOOK,
        files=files,
    )


def halves(chapters: Sequence[Chapter], words: Wording) -> list[Half]:
    """Each side with its promises: the scorecard's where a notebook judged the agreement, else figures'."""
    judged = _judged(chapters)
    return _halves(_promises(chapters), words) if judged is None else _scored(chapters, judged, words)


def told_first(chapters: Sequence[Chapter], words: Wording) -> list[str]:
    """How the period went: how many promises were kept, and the money, where a notebook tells it; of a plan
    what it asks for first."""
    judged = _judged(chapters)
    summary = _headline(_promises(chapters), words) if judged is None else judged.scorecard["summary"]
    money = (
        chapter.headlines[0]
        for id_ in (CLOSED, PLANNED)
        for chapter in chapters
        if chapter.headlines and any(figure["id"] == id_ for figure in chapter.figures)
    )
    told = [summary, *islice(money, 1)]
    return told[::-1] if _is_ahead(chapters) else told


def _is_ahead(chapters: Sequence[Chapter]) -> bool:
    """Whether all that a report tells of is still to come: nothing closed, and no promise is decided."""
    sides = [half for chapter in chapters for half in chapter.scorecard.get("sides", [])]
    verdicts = {card["verdict"] for half in sides for card in half["cards"]}
    ids = {figure["id"] for chapter in chapters for figure in chapter.figures}
    return PLANNED in ids and CLOSED not in ids and not verdicts & {"kept", "missed"}


def _judged(chapters: Sequence[Chapter]) -> Chapter | None:
    """The notebook that judged the agreement."""
    return next((chapter for chapter in chapters if chapter.scorecard), None)


def _promises(chapters: Sequence[Chapter]) -> list[tuple[Mapping, str]]:
    """Figures that a side promised something about (a target or a verdict), each with where it leads."""
    return [
        (figure, f"{chapter.href}#{anchor(figure['id'])}")
        for chapter in chapters
        for figure in chapter.figures
        if (figure.get("verdict") or figure.get("target") is not None) and figure.get("side") != "both"
    ]


def _scored(chapters: Sequence[Chapter], judged: Chapter, words: Wording) -> list[Half]:
    """The scorecard's clauses as cards, each led to its own number and to the figure that decides it."""
    figures = {figure["id"]: figure for chapter in chapters for figure in chapter.figures}

    def explained(card: Mapping) -> Math:
        """By the figure that decides the promise, where the promise counts what the figure counts."""
        figure, clause = figures.get(card["figure"]), figures[f"clause.{card['clause']}"]
        if figure is None or figure["value"] != clause["value"]:
            return _math(clause, words)
        math = _math(figure, words, by_part(figure["id"], figures, words))
        return replace(math, segments=in_segments(figure["id"], figures, words))

    def so_far(figure: str) -> str:
        pace, chance = (figures.get(name, {}).get("value") for name in ("marketing.pace", "outlook.chance"))
        if figure != "marketing.leads" or pace is None:
            return ""
        due = words.say("publish.of_due", pace=pace)
        return due if chance is None else f"{due} {words.say('publish.chance', chance=chance)}"

    def page_of(clause: str) -> str:
        return f"{judged.href}#{anchor(f'clause.{clause}')}"

    return halves_of(judged.scorecard, explained, page_of, so_far)


def _math(figure: Mapping, words: Wording, parts: Sequence[str] = ()) -> Math:
    """A figure's math, with the same of its parts, and with which leads and deals count for it."""
    math = math_of(figure, words)
    return replace(math, facts=(*math.facts, *parts, words.say(f"publish.clock_{figure['clock']}")))


def _halves(promises: Sequence[tuple[Mapping, str]], words: Wording) -> list[Half]:
    """Figures with a target as cards: what a report without a scorecard can say of promises."""
    halves = []
    for side in ("marketing", "sales"):
        own = [_card(*each, words) for each in promises if _side(each[0]) == side]
        halves.append(Half(words.say(f"publish.{side}"), tuple(own[:SHOWN]), tuple(own[SHOWN:])))
    return halves


def _side(figure: Mapping) -> str:
    return figure.get("side") or ("sales" if figure["id"].startswith("sales.") else "marketing")


def _card(figure: Mapping, href: str, words: Wording) -> Item:
    value, target, unit = (figure.get(key) for key in ("value", "target", "unit"))
    shown, agreed = words.value(value, unit), words.value(target, unit)
    if shown == agreed and value != target:  # 558 of 558.3 leads is missed, and must look it
        agreed = words.share(target, 2) if unit == "share" else words.number(target, 2)
    return Item(
        label=figure["label"],
        value=shown,
        target="" if target is None else agreed,
        verdict=figure.get("verdict") or "",
        word=words.verdict(figure.get("verdict")),
        href=href,
        math=_math(figure, words),
        notes=tuple(filter(None, [figure.get("note")])),
    )


def _headline(promises: Sequence[tuple[Mapping, str]], words: Wording) -> str:
    """The period in a sentence or two: how many promises were kept, and which were not."""
    say = words.say
    by = {mark: [each["label"] for each, _ in promises if each.get("verdict") == mark] for mark in MARKS}
    kept, missed, pending = (len(by[mark]) for mark in ("kept", "missed", "pending"))
    if not kept and not missed:
        return say("publish.only_open", n=pending) if pending else say("publish.no_promise")
    if missed:
        headline = say("publish.some_missed", n=kept + missed, kept=kept, missed=by["missed"])
    else:
        headline = say("publish.all_kept", n=kept)
    return f"{headline} {say('publish.more_open', n=pending)}" if pending else headline
