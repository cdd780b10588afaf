"""A published number: what it is, in which unit, of how many, how sure, by which clock and formula.

Floor 0. Analyses return figures, the report's pages and `figures.json` show them, clauses of the
agreement name them by id.
"""

import math
from dataclasses import asdict, dataclass
from typing import Literal

Unit = Literal[
    "leads", "customers", "deals", "money", "money per lead", "share", "days", "hours", "attempts", "count"
]
Basis = Literal["cohort", "closing", "plan", "calendar"]
Side = Literal["marketing", "sales", "both", ""]
Verdict = Literal["kept", "missed", "pending", "not measurable"]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number of the report.

    Parameters
    ----------
    id : stable name, lower case with dots: `marketing.leads`, `tier.a.close_rate`.
    label : what a reader calls it, in one short phrase.
    value : the number, or None where the data cannot support one. Shares are 0-1.
    unit : what it counts.
    basis : `cohort` (leads created in the period and what became of them by as-of), `closing` (what
        closed in the period), `plan` (from the agreement alone) or `calendar`.
    formula : how it is computed, in the field's words.
    n : the number of cases behind it; None for a plan figure.
    low, high : its interval, where there is one; `level` says which (0.8 = four times in five).
    target : what was agreed, where something was; None otherwise.
    verdict : kept, missed, pending or not measurable, where there is a target.
    side : who controls it, where a side does.
    note : what limits it (a young cohort, a truncated history).
    """

    id: str
    label: str
    value: float | None
    unit: Unit
    basis: Basis
    formula: str
    n: int | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    target: float | None = None
    verdict: Verdict | None = None
    side: Side = ""
    note: str = ""

    def record(self) -> dict:
        """The figure as `figures.json` holds it: plain types, an impossible number as null.

        >>> Figure(id="marketing.leads", label="Leads", value=float("nan"), unit="leads",
        ...        basis="cohort", formula="leads created").record()["value"] is None
        True
        """

        def plain(value):
            number = value.item() if hasattr(value, "item") else value
            return None if isinstance(number, float) and not math.isfinite(number) else number

        return {key: plain(value) for key, value in asdict(self).items()}


def judge(value: float, *, at_least: float, complete: bool) -> Verdict:
    """Whether a promised amount was delivered. What is delivered in an unfinished period stays delivered.

    Parameters
    ----------
    value, at_least : what was delivered and what was promised, in one unit.
    complete : the period had ended as of the clock.

    >>> judge(90, at_least=100, complete=False), judge(90, at_least=100, complete=True)
    ('pending', 'missed')
    >>> judge(100, at_least=100, complete=False), judge(float("nan"), at_least=100, complete=True)
    ('kept', 'not measurable')
    """
    if math.isnan(value) or math.isnan(at_least):
        return "not measurable"
    if value >= at_least:
        return "kept"
    return "missed" if complete else "pending"
