"""From executed notebooks to pages people open: one for each notebook, without code, and one for leaders.

Floor 4. A page is one file: no script, no request to anywhere, its own language and title.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markupsafe import Markup

from slanb import __version__
from slanb.dictionary.wording import Wording
from slanb.publish.report_data import MIME
from slanb.scorecard.shown import halves_of
from slanb.scorecard.view import MARKS, Half, Item, halves_html
from slanb.tables import anchor

POLICY = "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'"
SHOWN = 5  # promises a side shows before the rest folds away


# ---------------------------------------------------------------- pages


def page(notebook: Any, *, title: str, words: Wording, nav: Sequence[Mapping[str, str]], here: str) -> str:
    """An executed notebook as one self-contained page without code.

    Parameters
    ----------
    notebook : as papermill leaves it; of its record only a `text/html` view is shown, if it has one.
    title : of the page.
    words : the reader's language.
    nav : `href` and `title` of the report's pages, in order; `here` is the `href` of this one.
    """
    shown = copy.deepcopy(notebook)
    for cell in shown.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if _for_readers(output)]
    body, _ = _exporter().from_notebook_node(shown)
    return _template("page.html.j2").render(**_frame(words, title, nav, here), body=Markup(body))


def _for_readers(output: Any) -> bool:
    data = output.get("data", {})
    return output.get("name") != "stderr" and (MIME not in data or "text/html" in data)


@cache
def _exporter() -> Any:
    from nbconvert.exporters.html import HTMLExporter

    return HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


@cache
def _environment() -> Any:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("slanb.publish"), autoescape=True, undefined=jinja2.StrictUndefined
    )


def _template(name: str) -> Any:
    return _environment().get_template(name)


def _frame(words: Wording, title: str, nav: Sequence[Mapping[str, str]], here: str) -> dict[str, Any]:
    css = Markup(_environment().loader.get_source(_environment(), "report.css")[0])
    links = [{"href": "index.html", "title": words.text("Overview")}, *nav]
    return {
        "words": words,
        "title": title,
        "nav": links,
        "here": here,
        "css": css,
        "policy": POLICY,
        "version": __version__,
    }


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One notebook of the report: its name, title, and what its record publishes."""

    name: str
    title: str
    figures: Sequence[Mapping] = ()
    headlines: Sequence[str] = ()
    scorecard: Mapping[str, Any] = field(default_factory=dict)

    @property
    def href(self) -> str:
        """The file name of its page."""
        return f"{self.name}.html"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the leaders' page is made of, in plain values.

    Parameters
    ----------
    title, period : the agreement's title, and the period as a reader calls it.
    standing : as-of instant and version of the agreement, in a sentence.
    remarks : what to know first: an interim report, a what-if, left-out notebooks, truncated records.
    chapters : the notebooks, in order.
    data : sentences on the data, the gravest first.
    files : names to link to.
    """

    title: str
    period: str
    standing: str
    remarks: Sequence[str] = ()
    chapters: Sequence[Chapter]
    data: Sequence[str] = ()
    files: Sequence[str] = ()
    words: Wording

    @property
    def promises(self) -> list[dict[str, Any]]:
        """Figures one side promised something about: those with a target or a verdict, as shown."""
        return [
            _promise(figure, chapter, self.words)
            for chapter in self.chapters
            for figure in chapter.figures
            if (figure.get("verdict") or figure.get("target") is not None) and figure.get("side") != "both"
        ]


def index(report: Report) -> str:
    """The leaders' page: each side's promises, kept or not, what moved, and what the data could bear."""
    words = report.words
    judged = next((chapter for chapter in report.chapters if chapter.scorecard), None)
    halves = _halves(report.promises, words) if judged is None else _scored(report, judged)
    scorecard = {} if judged is None else judged.scorecard
    nav = [{"href": chapter.href, "title": chapter.title} for chapter in report.chapters]
    return _template("index.html.j2").render(
        **_frame(words, f"{report.title} – {report.period}", nav, "index.html"),
        heading={"title": report.title, "period": report.period},
        standing=report.standing,
        remarks=report.remarks,
        headline=scorecard.get("summary") or _headline(report.promises, words),
        cards=Markup(halves_html(halves, words)),
        told=[
            (title, scorecard.get(key))
            for key, title in (
                ("celebrate", words.text("To celebrate")),
                ("address", words.text("To address")),
                ("follows", words.text("By the agreement’s rules")),
            )
        ],
        moved=[chapter for chapter in report.chapters if chapter.headlines and chapter is not judged],
        data=report.data,
        files=report.files,
    )


def _halves(promises: Sequence[Mapping], words: Wording) -> list[Half]:
    """Figures with a target as cards: what a report without a scorecard can tell of promises."""
    halves = []
    for side, title in (("marketing", words.text("Marketing")), ("sales", words.text("Sales"))):
        own = [
            Item(
                label=promise["label"],
                value=promise["value"],
                target=promise["target"] or "",
                verdict=promise["verdict"] or "",
                word=promise["word"],
                href=promise["href"],
                notes=(promise["note"],) if promise["note"] else (),
            )
            for promise in promises
            if promise["side"] == side
        ]
        halves.append(Half(title, tuple(own[:SHOWN]), tuple(own[SHOWN:])))
    return halves


def _scored(report: Report, judged: Chapter) -> list[Half]:
    """The scorecard's clauses as cards, each led to its own number and to the figure that decides it."""
    pages = {figure["id"]: chapter.href for chapter in report.chapters for figure in chapter.figures}

    def math_of(figure: str, clause: str) -> str:
        shown = figure if figure in pages else f"clause.{clause}"
        return f"{pages.get(shown, judged.href)}#{anchor(shown)}"

    return halves_of(judged.scorecard, math_of, lambda clause: f"{judged.href}#{anchor(f'clause.{clause}')}")


def _promise(figure: Mapping, chapter: Chapter, words: Wording) -> dict[str, Any]:
    """One figure as the page shows it."""
    value, target, unit, verdict = (figure.get(key) for key in ("value", "target", "unit", "verdict"))
    shown, agreed = words.value(value, unit), words.value(target, unit)
    if shown == agreed and value != target:  # 558 of 558.3 leads is missed, and must look it
        agreed = words.share(target, 2) if unit == "share" else words.number(target, 2)
    side = figure.get("side") or ("sales" if figure["id"].startswith("sales.") else "marketing")
    return {
        "side": side,
        "href": f"{chapter.href}#{anchor(figure['id'])}",
        "label": figure["label"],
        "value": shown,
        "target": None if target is None else agreed,
        "verdict": verdict,
        "word": _verdict_word(verdict, words),
        "note": figure.get("note") or "",
    }


def _verdict_word(verdict: str | None, words: Wording) -> str:
    match verdict:
        case "kept":
            return words.text("kept")
        case "missed":
            return words.text("missed")
        case "pending":
            return words.text("pending")
        case "not measurable":
            return words.text("not measurable")
    return ""


def _headline(promises: Sequence[Mapping], words: Wording) -> str:
    """The month in a sentence: how many promises were kept, and which were not."""
    by = {mark: [p["label"] for p in promises if p["verdict"] == mark] for mark in MARKS}
    judged = len(by["kept"]) + len(by["missed"])
    pending = len(by["pending"])
    if not judged and not pending:
        return words.text("No promise of this period can be judged.")
    if not judged:
        return words.plural(
            "The one promise measured is still open.", "All {n} promises measured are still open.", pending
        )
    if not by["missed"]:
        told = words.plural(
            "The one promise judged was kept.", "All {n} promises judged were kept.", len(by["kept"])
        )
    else:
        kept, missed = words.number(len(by["kept"])), words.join(by["missed"])
        told = words.plural(
            "The one promise judged was missed: {missed}.",
            "{kept} of {n} promises kept. Missed: {missed}.",
            judged,
            kept=kept,
            missed=missed,
        )
    if pending:
        told += " " + words.plural("One more is still open.", "{n} more are still open.", pending)
    return told


def data_lines(quality: Mapping[str, Any], words: Wording, *, most: int | None = None) -> list[str]:
    """What the import has to say: rows used of each table, then what conclusions should not be drawn over.

    Parameters
    ----------
    quality : the quality report of `slanb.crm`.
    most : how many findings to tell, those that touch most of their rows first; all if None.
    """
    tables = {name: counts for name, counts in quality["tables"].items() if counts["mapped"]}
    used = [
        words.text(
            "{used} of {read} {table}",
            used=words.number(counts["used"]),
            read=words.number(counts["read"]),
            table=name,
        )
        for name, counts in tables.items()
    ]
    out = sum(counts["quarantined"] for counts in tables.values())
    left_out = words.plural("{n} row is left out.", "{n} rows are left out.", out)
    lines = [words.text("Used: {tables}.", tables=words.join(used)) + " " + left_out]
    found = sorted(
        quality["anomalies"], key=lambda finding: -(finding["share"] or 0) * bool(finding["affects"])
    )
    lines += [_finding(finding, words) for finding in found[:most]]
    if most is not None and len(found) > most:
        rest = len(found) - most
        lines.append(
            words.plural("{n} more finding in quality.json.", "{n} more findings in quality.json.", rest)
        )
    return lines


def _finding(finding: Mapping[str, Any], words: Wording) -> str:
    told = _told(finding, words)
    if not finding["affects"]:
        return told
    return f"{told} " + words.text("Careful with: {conclusions}.", conclusions=words.join(finding["affects"]))


def _told(finding: Mapping[str, Any], words: Wording) -> str:
    """A finding's sentence in the reader's language."""
    shown = {
        name: words.number(value) if isinstance(value, int) else value
        for name, value in finding["values"].items()
    }
    return words.text(
        finding["message"],
        **shown,
        count=words.number(finding["count"]),
        of=words.number(finding["of"]),
        percent=words.share(finding["share"]),
    )


def quality_page(
    quality: Mapping[str, Any], *, title: str, words: Wording, nav: Sequence[Mapping[str, str]]
) -> str:
    """What the records could support, as a page: conclusions not to be drawn, rows left out, rules, findings.

    Parameters
    ----------
    quality : the quality report of `slanb.crm`; everything in it is shown as text, never as HTML.
    title : of the page. words, nav : as for `page`.
    """
    number, text = words.number, words.text
    by_conclusion: dict[str, list[str]] = {}
    for finding in quality["anomalies"]:
        for conclusion in finding["affects"]:
            by_conclusion.setdefault(conclusion, []).append(_told(finding, words))
    meaning, sourced = quality.get("meaning", {}), quality.get("sourced_by", {}).get("by_rule", {})
    exported = text("Records as of {moment} (UTC).", moment=quality["exported_at"]["value"])
    parts = [found["marketing_amount"] / found["amount"] for found in sourced.values() if found["amount"]]
    return _template("quality.html.j2").render(
        **_frame(words, title, nav, "quality.html"),
        heading=text("What the records can support"),
        standing=exported,
        unsafe=[{"name": name, "lines": lines} for name, lines in sorted(by_conclusion.items())],
        table_heads=[text("Table"), text("Read"), text("Used"), text("Left out"), text("Why")],
        tables=[
            [
                name,
                *(number(row[key]) for key in ("read", "used", "quarantined")),
                _reasons(row["reasons"], words),
            ]
            for name, row in quality["tables"].items()
            if row["mapped"]
        ],
        file_heads=[text("File"), text("Rows"), text("Readable"), text("Unreadable")],
        files=[
            [name, *(number(row[key]) for key in ("rows", "readable", "rejected"))]
            for name, row in quality["files"].items()
        ],
        rules=meaning.get("rules", ()),
        done=[
            {"name": name, "rows": [(what, number(count)) for what, count in meaning[name].items()]}
            for name in ("people", "deals", "activities")
            if name in meaning
        ],
        sides=[
            (rule, words.share(found["marketing_amount"] / found["amount"] if found["amount"] else None))
            for rule, found in sourced.items()
        ],
        sides_line=text(
            "Of all revenue on record, marketing brought {low} to {high}, depending on the rule; "
            "in force is {rule}.",
            low=words.share(min(parts, default=None)),
            high=words.share(max(parts, default=None)),
            rule=quality.get("sourced_by", {}).get("rule", ""),
        ),
        findings=[_with_examples(finding, words) for finding in quality["anomalies"]],
    )


def _reasons(reasons: Mapping[str, int], words: Wording) -> str:
    return "; ".join(f"{reason} ({words.number(count)})" for reason, count in reasons.items())


def _with_examples(finding: Mapping[str, Any], words: Wording) -> str:
    told = _told(finding, words)
    if not finding.get("examples"):
        return told
    return f"{told} " + words.text("For instance: {ids}.", ids=", ".join(finding["examples"]))
