"""A period opened as a page: its terms and records as of one instant, in one call, and how a page shows them.

Every notebook starts here, so that all judge the same records by the same terms.
"""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from html import escape
from inspect import signature
from typing import TYPE_CHECKING, Any

import pandas as pd

from slanb import pinned
from slanb.crm import Snapshot, records
from slanb.crm.currency import refuse_other
from slanb.dictionary.columns import column
from slanb.dictionary.figures import Figure
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.errors import NoRecords, SlanbError
from slanb.facts import Facts
from slanb.facts.period import PeriodFacts
from slanb.period_tables import PeriodTable, TablePeriod
from slanb.periods import as_of_or_end, bounds, label
from slanb.terms import Plan, Terms, load_terms

if TYPE_CHECKING:
    from slanb.plots import Picture
    from slanb.publish.report_data import ReportData
    from slanb.tables import Sentences, Table

AHEAD: dict[str, "Page"] = {}  # opened in the process that this one was forked from (`slanb.open_ahead`)
PLAN_KINDS = {"share": "share", "confidence": "share", "value": "money"}  # keys of a plan no table shows


class Page(PeriodFacts):
    """One period, ready to be analysed and shown. It displays itself as the lines that top a report.

    Parameters
    ----------
    facts, terms, period, what_if : as for `slanb.facts.period.PeriodFacts`.
    snapshot : the imported records.
    """

    def __init__(
        self, facts: Facts, terms: Terms, period: pd.Period, what_if: Mapping | None, snapshot: Snapshot
    ):
        super().__init__(facts, terms, period, what_if)
        self.snapshot = snapshot
        self.unread = {} if snapshot is None else snapshot.may_hold
        self.words: Wording = terms.wording()

    @property
    def quality(self) -> dict[str, Any]:
        """What the import has to say about the records."""
        return self.snapshot.quality

    # -- what a page shows

    def say(self, *messages: Message | str | Sequence[Message | str]) -> "Sentences":
        """Sentences as paragraphs, the first one the headline; empty ones are left out."""
        from slanb.tables import sentences  # with jinja2, which opening a period does not need

        each = [one for part in messages for one in (part if isinstance(part, list | tuple) else [part])]
        return sentences(each, words=self.words)

    def table(
        self,
        id: str,  # noqa: A002
        frame: pd.DataFrame,
        columns: str | Sequence[str] | None = None,
        **more: Any,
    ) -> "Table":
        """A frame as a table (`slanb.tables.Table`).

        Parameters
        ----------
        id : of the table; its caption is the dictionary's `tables.<id>`.
        columns : names of what is shown, in order, as "tier leads close_rate"; slanb's own know theirs.
        more : `note`, `strong_rows`, `marks`.
        """
        from slanb.tables import Table

        return Table(frame, columns, words=self.words, id=id, **more)

    def picture(self, kind: str, frame: pd.DataFrame, **settings: Any) -> "Picture":
        """A frame as a picture that brings its own alternative text.

        Parameters
        ----------
        kind : `chance` draws what `slanb.plots.plot_chance` draws, and says what `says_chance` says.
        settings : of that kind.

        Raises
        ------
        ValueError : where there is no such kind, naming those there are.
        """
        from slanb import plots  # with seaborn, which opening a period does not need

        kinds = [name.removeprefix("plot_") for name in plots.__all__ if name.startswith("plot_")]
        if kind not in kinds:
            raise ValueError(f"kind must be one of {', '.join(kinds)}, but {kind!r} was passed")
        drawn = getattr(plots, f"plot_{kind}")(frame, words=self.words, **settings)
        meaning = getattr(plots, f"says_{kind}")(frame, words=self.words, **settings)
        return plots.Picture(drawn, meaning)

    def steps(
        self, *, marketing_goal: float, customers: float, leads: float, daily: float | None = None
    ) -> "Table":
        """The steps from quota to leads with the numbers put in: each as the one above it and this one give
        it.

        Parameters
        ----------
        marketing_goal, customers, leads, daily : results of `slanb.formulas`, of the whole period.
        """
        quota = self.goals.total["quota"]
        numbers = {"quota": quota, "marketing_goal": marketing_goal, "customers": customers, "leads": leads}
        numbers |= {
            "marketing_share": marketing_goal / quota if quota else float("nan"),
            "deal_size": marketing_goal / customers if customers else float("nan"),
            "close_rate": customers / leads if leads else float("nan"),
            "days": len(self.days),
        }
        results = {"marketing_goal": marketing_goal, "customers": customers, "leads": leads, "daily": daily}
        figures = [
            Figure(f"plan.{key}", value, parts=numbers) for key, value in results.items() if value is not None
        ]
        rows = [
            {
                "step": self.words.label(figure),
                "formula": self.words.formula(figure.id),
                "math": f"{self.words.math(figure)} = {self._exact(figure)}",
            }
            for figure in figures
        ]
        return self.table("steps", pd.DataFrame(rows), "step formula math")

    def _exact(self, figure: Figure) -> str:
        """A step's result with the decimals that the next step is computed from."""
        if figure.unit == "customers":
            return self.words.number(figure.value, 2)
        if figure.id == "plan.daily":
            return self.words.number(figure.value, 1)
        return self.words.value(figure.value, figure.unit, short=True)

    def record(self, figures: Sequence[Figure], **handed: Any) -> "ReportData":
        """The page's figures, displayed as a table and handed to the report; the last cell of a notebook.

        Parameters
        ----------
        figures : every number of the page that others may refer to.
        handed : what else a report takes: `headlines`, `to_do`, `files`, `scorecard`, `what_if`, `sheets`
            (`slanb.publish.report_data.ReportData`).
        """
        from slanb.publish.report_data import ReportData

        return ReportData(figures, words=self.words, **handed)

    # -- what stands on top of it

    @cached_property
    def lines(self) -> list[Message]:
        """What a reader must know before the first number: period, as-of, records, terms, what-ifs."""
        zone = self.facts.zone
        lines = [
            Message(
                "opening.standing",
                period=self.label,
                as_of=(self.as_of, zone),
                exported=(self.facts.exported_at, zone),
                title=self.agreement.title,
                version=self.agreement.version,
            )
        ]
        if isinstance(self.period, TablePeriod):
            first, last = self.days[0], self.days[-1]
            lines.append(
                Message("opening.own_period", period=self.label, first=first, last=last, n=len(self.days))
            )
            lines += self._before_table(self.period.table)
        if not self.begun:
            lines.append(Message("opening.ahead", begins=self.days[0], last=label(self.learnt_until)))
        elif bounds(self.period, zone)[1] > self.as_of:
            lines.append(Message("opening.running"))
        if self.what_if:
            changes = [_change(path, value) for path, value in _leaves(self.what_if)]
            lines.append(Message("opening.what_if", changes=changes))
        if self.facts.wins_known_from is not None:
            lines.append(Message("opening.wins_from", date=self.facts.wins_known_from))
        lines += [Message(f"opening.unread_{table}", files=names) for table, names in self.unread.items()]
        return lines + self._strangers()

    def _before_table(self, table: PeriodTable) -> list[Message]:
        """What periods the company's table does not list are taken for, where the records begin before it."""
        if not table.listed or not self.facts.coverage["earliest_lead"] < pd.Timestamp(table.begins):
            return []
        year = table.period("year", table.listed[0][0]).label
        return [Message("opening.before_table", first=table.begins, year=year)]

    @property
    def foreseen(self) -> list[Message]:
        """What a run will find that neither the agreement nor the import alone tells."""
        if self.agreement.plan is None:
            return []
        lines = [] if self.goals.total["quota"] else [Message("opening.no_quota", period=self.label)]
        if self.begun and len(self.apart):
            names = [tier or Message("tables.blank") for tier in self.apart.index]
            lines.append(Message("opening.apart", n=self.apart.sum(), period=self.label, tiers=names))
        return lines

    def _strangers(self) -> list[Message]:
        """Tiers and segments the plan promises and no lead on record has: misspelt, or not begun."""
        if self.agreement.plan is None:
            return []
        known, lines = self.facts.names(), []
        for part, planned in (("tier", self.plan.tiers), ("segment", self.plan.segments)):
            there = known.loc[known["part"] == part, "name"].tolist()
            for name in planned:
                if name in there or not there:
                    continue
                line = Message(f"opening.stranger_{part}", name=name)
                near = get_close_matches(name, there, n=1, cutoff=0.6)
                lines.append(Message("opening.near", line=line, near=near[0]) if near else line)
        return lines

    def _repr_html_(self) -> str:
        lines = "".join(f"<p>{escape(self.words.say(line))}</p>" for line in self.lines)
        return f'<div class="opening">{lines}</div>'

    def __repr__(self) -> str:
        return "\n".join(self.words.say(line) for line in self.lines)


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The values of nested plan keys, each with its path: `("tiers", "A", "close_rate"), 0.15`."""
    if not isinstance(value, Mapping):
        yield path, value
        return
    for key, part in value.items():
        yield from _leaves(part, (*path, str(key)))


def _change(path: tuple[str, ...], value: Any) -> Message:
    """A value of a what-if in words: `close rate of tier A = 15%`."""
    *around, key = path
    what = Message("opening.heading", name=key)
    match around:
        case ["tiers" | "segments" as parts, name]:
            what = Message(f"opening.of_{parts.removesuffix('s')}", what=what, name=name)
        case [whole, *_]:
            what = Message("opening.of", what=what, whole=Message(f"opening.whole_{whole}"))
    kind = PLAN_KINDS.get(key, column(key).kind)
    plain = isinstance(value, bool) or not isinstance(value, int | float)
    which = f"change_{kind}" if kind in ("share", "money") and not plain else "change"
    return Message(f"opening.{which}", what=what, value=str(value) if which == "change" else value)


def what_ifs(names: Mapping[str, Any]) -> dict[str, Any]:
    """The what-ifs among a notebook's parameters: the keys of a plan that are given, by name.

    Parameters
    ----------
    names : the notebook's `globals()`.

    >>> what_ifs({"quota": 500_000, "close_rate": None, "period": "2026-10"})
    {'quota': 500000}
    """
    return {key: names[key] for key in Plan.model_fields if names.get(key) is not None}


def refuse_unknown(cells: Sequence[str]) -> None:
    """Refuses parameters that papermill has set and the notebook does not have.

    Parameters
    ----------
    cells : the sources of the notebook's cells run so far. The one that papermill adds begins with its
        comment; names that any other cell assigns are the notebook's own.

    Raises
    ------
    SlanbError : naming them.
    """
    given, own = set(), {*signature(open_period).parameters, *Plan.model_fields}
    for cell in cells:
        injected = cell.startswith("# Parameters\n")
        try:
            tree = ast.parse(cell)
        except SyntaxError:  # a magic, as `%load_ext`
            continue
        assigned = {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        (given if injected else own).update(assigned)
    for name in sorted(given - own):
        known = sorted({*signature(open_period).parameters, *Plan.model_fields} - {"what_if"})
        near = get_close_matches(name, known, n=1)
        hint = f'Did you mean "{near[0]}"? ' if near else ""
        raise SlanbError(f"the notebook has no parameter {name}. {hint}It has {', '.join(known)}.")


def facts_of(snapshot: Snapshot, as_of: pd.Timestamp, zone: str) -> Facts:
    """What can be asked of imported records.

    Parameters
    ----------
    as_of : instant up to which they count. zone : whose days and months.
    """
    unread = snapshot.may_hold.keys() - {"leads"}  # absent, as a part of them is not the whole
    return Facts(
        {name: path for name, path in snapshot.tables.items() if name not in unread},
        as_of=as_of,
        exported_at=snapshot.exported_at,
        zone=zone,
        days=snapshot.days,
        days_of=snapshot.quality["zone"],
        recorded_from=None if "activities" in unread else snapshot.recorded_from,
        prepared=snapshot.prepared,
        sides={} if "deals" in unread else snapshot.quality["sourced_by"],
        engine=snapshot.engine,
    )


def asked(
    period: str, as_of: str | None, agreement: str, source: str, data: str | None, given: Mapping
) -> str:
    """What `open_period` is asked for, under the pin that holds here, as a key of `AHEAD`."""
    return repr([period, as_of, agreement, source, data, sorted(given.items()), pinned.folder()])


def open_period(
    period: str,
    *,
    as_of: str | None = None,
    agreement: str = "params/agreement.yml",
    source: str = "params/source.yml",
    data: str | None = None,
    what_if: Mapping | None = None,
) -> Page:
    """Open a period: read the terms and the records strictly, and set the clock.

    Parameters
    ----------
    period : `2026-10`, `2026-Q4` or `2026`; `FY2027-P03` or `2026-W41` where the agreement has them.
    as_of : ISO date or instant up to which records count, in the agreement's zone; the end of the period
        where it is not given, or of the records where these end before the period begins.
    agreement, source : the agreement and the mapping of the CRM's files; relative paths are looked for in
        the working folder and those above it.
    data : folder of the CRM's files, where it is not the one the mapping names.
    what_if : plan values (`quota`, `close_rate`, ...) that replace the agreed ones; None is not given.

    A period that has not begun as of that instant is opened as a plan, from what is known by then.

    Raises
    ------
    SlanbError : naming what is wrong in the parameters or the records; where the agreement is not in force in
        the period. `NoRecords` where no lead is on record by then.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    refuse_unknown([] if shell is None else shell.user_ns.get("In", []))
    given = {key: value for key, value in (what_if or {}).items() if value is not None}
    if page := AHEAD.pop(asked(period, as_of, agreement, source, data, given), None):
        return page
    terms = load_terms(agreement)
    span = terms.parse(period)
    in_force = terms.in_force(span)
    zone = in_force.calendar.zone
    clock = as_of_or_end(span, as_of, zone)
    snapshot = records(source, data)
    there = snapshot.quality["currency"]
    refuse_other(there, in_force.currency, agreement=agreement, source=source)
    if not as_of and snapshot.exported_at <= bounds(span, zone)[0]:
        clock = snapshot.exported_at
    facts = facts_of(snapshot, clock, zone)
    if pd.isna(facts.coverage["earliest_lead"]):
        words = terms.wording()
        raise NoRecords(
            f"no lead is on record up to {words.instant(clock, zone)}, so nothing can be said of "
            f"{label(span)}. Choose a later as-of, or export the records from earlier on."
        )
    return Page(facts, terms, span, given, snapshot)
