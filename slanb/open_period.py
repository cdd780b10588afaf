"""A period opened: its terms, its records as of one instant, and its words, in one call.

Floor 3. Every notebook starts here, so that all judge the same records by the same terms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape

import pandas as pd

from slanb.crm import import_source, open_source
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.facts import Facts
from slanb.periods import as_of_or_end, bounds, label, parse_period, spans_of
from slanb.terms import Agreement, Plan, Terms, load_terms


@dataclass(frozen=True)
class OpenPeriod:
    """One period, ready to be analysed. It displays itself as the line that tops a report.

    period, as_of : the period and the instant (aware) up to which records count.
    terms, agreement : the agreement with its overlays, and its text as in force in the period.
    what_if : plan values given by hand that replace the agreed ones; empty in an ordinary report.
    facts, quality : the records as of the clock, and what the import has to say about them.
    words : how words, numbers and money reach this agreement's readers.
    """

    period: pd.Period
    as_of: pd.Timestamp
    terms: Terms
    agreement: Agreement
    what_if: dict
    facts: Facts
    quality: dict
    words: Wording

    @property
    def label(self) -> str:
        """The period as a label, `2026-10`."""
        return label(self.period)

    @property
    def complete(self) -> bool:
        """The period had ended as of the clock."""
        return bounds(self.period, self.facts.zone)[1] <= self.as_of

    @property
    def plan(self) -> Plan:
        """The plan of the period, or of the first month of a longer one."""
        return self.terms.plan(spans_of(self.period, self.agreement.measure)[0])

    @property
    def lines(self) -> list[str]:
        """What a reader must know before the first number: period, as-of, records, terms, what-ifs."""
        words = self.words
        lines = [
            words.text(
                "{period}, as of {as_of}. Records up to {exported}. Agreement “{title}”, version {version}.",
                period=words.period(self.label),
                as_of=words.instant(self.as_of, self.facts.zone),
                exported=words.instant(self.facts.exported_at, self.facts.zone),
                title=self.agreement.title,
                version=self.agreement.version,
            )
        ]
        if not self.complete:
            lines.append(words.text("The period has not ended: every count is one so far."))
        if self.what_if:
            given = words.join([f"{key} = {value}" for key, value in self.what_if.items()])
            lines.append(words.text("A what-if, not the agreement: {given}.", given=given))
        if self.facts.wins_known_from is not None:
            lines.append(
                words.text(
                    "No win is on record before {date}: cohorts created earlier cannot be judged and are "
                    "left out of the rates.",
                    date=words.date(self.facts.wins_known_from),
                )
            )
        return lines + self._strangers()

    def _strangers(self) -> list[str]:
        """Tiers and segments the plan promises and no lead on record has: misspelt, or not begun."""
        if self.agreement.plan is None:
            return []
        words, plan, known = self.words, self.plan, self.facts.names()
        lines = []
        for part, planned in (("tier", plan.tiers), ("segment", plan.segments)):
            there = known.loc[known["part"] == part, "name"].tolist()
            for name in planned:
                if name in there or not there:
                    continue
                near = get_close_matches(name, there, n=1, cutoff=0.6)
                meant = words.text(" Did you mean {name}?", name=near[0]) if near else ""
                lines.append(
                    words.text(
                        "The plan promises leads of {part} {name}, but no lead on record has it.",
                        part=words.text(part),
                        name=name,
                    )
                    + meant
                )
        return lines

    def _repr_html_(self) -> str:
        return '<div class="opening">' + "".join(f"<p>{escape(line)}</p>" for line in self.lines) + "</div>"

    def __repr__(self) -> str:
        return "\n".join(self.lines)


def open_period(
    period: str,
    *,
    as_of: str | None = None,
    agreement: str = "params/agreement.yml",
    source: str = "params/source.yml",
    data: str | None = None,
    what_if: Mapping | None = None,
) -> OpenPeriod:
    """Open a period: read the terms and the records strictly, and set the clock.

    Parameters
    ----------
    period : `2026-10`, `2026-Q4` or `2026`.
    as_of : ISO date or instant up to which records count, in the agreement's zone; the end of the period
        where it is not given.
    agreement, source : the agreement and the mapping of the CRM's files; relative paths are looked for in
        the working folder and those above it.
    data : folder of the CRM's files, where it is not the one the mapping names.
    what_if : plan values (`quota`, `close_rate`, ...) that replace the agreed ones; None is not given. With
        one, the period that comes next can be opened before it begins, to plan it from what is known now.

    Raises
    ------
    SlanbError : naming what is wrong in the parameters or the records; where the agreement is not in force in
        the period; or where the records end before the period begins.
    """
    terms = load_terms(agreement)
    span = parse_period(period)
    in_force = terms.in_force(span)
    zone = in_force.calendar.zone
    clock = as_of_or_end(span, as_of, zone)
    given = {key: value for key, value in (what_if or {}).items() if value is not None}
    snapshot = import_source(open_source(source, data=data))
    words = terms.wording()
    begins = bounds(span, zone)[0]
    if given and not as_of and bounds(span - 1, zone)[0] < snapshot.exported_at <= begins:
        clock = snapshot.exported_at  # planned ahead: the period that comes next, from what is known now
    elif snapshot.exported_at <= begins or clock <= begins:
        last = min(snapshot.exported_at, clock)
        raise SlanbError(
            f"period {label(span)} begins on {words.date(begins.tz_convert(zone))}, but records are "
            f"known only up to {words.instant(last, zone)}. Choose an earlier period, a later as-of, or "
            "export newer records."
        )
    return OpenPeriod(
        period=span,
        as_of=clock,
        terms=terms,
        agreement=in_force,
        what_if=given,
        facts=Facts(snapshot.tables, as_of=clock, exported_at=snapshot.exported_at, zone=zone),
        quality=snapshot.quality,
        words=words,
    )
