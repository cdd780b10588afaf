"""The figures that decide the agreement's clauses, for past periods too, each as of its own end.

Floor 3, above the analyses. A past period is looked at as it was then: by the terms in force in it, with the
records known by its end. So no earlier run is needed, and a later amendment changes no past verdict.
"""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from slanb.dictionary.figures import Figure
from slanb.facts import Facts
from slanb.facts.tracked import covered, track_periods
from slanb.lead_value import value_leads
from slanb.lead_value.promised import deliveries
from slanb.marketing import report_marketing
from slanb.open_period import OpenPeriod
from slanb.periods import bounds, grain, spans_of
from slanb.recalculation.published import of_period
from slanb.sales import report_sales
from slanb.scorecard import Scorecard, make_scorecard
from slanb.terms import Terms
from slanb.terms.goals import goals_of

LENGTHS = ("month", "quarter", "year")
VALUED = ("marketing.leads", "marketing.value")
Analysis = Callable[[Facts, Terms, pd.Period], Sequence[Figure]]


def _valued(facts: Facts, terms: Terms, span: pd.Period) -> Sequence[Figure]:
    return value_leads(facts, terms, span, n=1).figures()


def _marketing(facts: Facts, terms: Terms, span: pd.Period) -> Sequence[Figure]:
    return report_marketing(facts, terms, span).figures()


def _sales(facts: Facts, terms: Terms, span: pd.Period) -> Sequence[Figure]:
    return report_sales(facts, terms, span, n=1).figures()


def _tracked(facts: Facts, terms: Terms, span: pd.Period) -> Sequence[Figure]:
    return of_period(track_periods(facts, [span]).iloc[0], goals_of(terms, span))


ANALYSES: Mapping[str, Analysis] = {
    "tier": _valued,
    "marketing": _marketing,
    "sales": _sales,
    "closing": _tracked,
    "cohort": _tracked,
}


def analysis_of(figure: str) -> Analysis | None:
    """The analysis that computes a figure; None where no past period can be asked for it.

    >>> analysis_of("sales.speed").__name__, analysis_of("plan.quota")
    ('_sales', None)
    """
    return deliveries if figure in VALUED else ANALYSES.get(figure.partition(".")[0])


class PastFigures:
    """Figures of any span as of any instant, computed when asked for and then kept.

    Parameters
    ----------
    opened : the period reported; no figure is known later than its as-of.
    """

    def __init__(self, opened: OpenPeriod):
        self._opened = opened
        self._facts: dict[pd.Timestamp, Facts] = {opened.as_of: opened.facts}
        self._found: dict[tuple, Mapping[str, Figure]] = {}
        wanted = {
            clause.figure
            for version in opened.terms.versions
            for clause in version.agreement.clauses
            if clause.figure is not None
        }
        self._analyses = {analysis: None for figure in sorted(wanted) if (analysis := analysis_of(figure))}

    def __call__(self, span: pd.Period, clock: pd.Timestamp) -> Mapping[str, Figure]:
        """The figures of a span that clauses may name, by id; none for days and weeks.

        What was pending at the span's end for want of a few hours is looked at again as of the next span's
        end.
        """
        if not self._has_goals(span) or not covered_at_all(self._opened.facts, span):
            return {}
        found: dict[str, Figure] = {}
        for analysis in self._analyses:
            figures = self._figures(analysis, span, clock)
            later = min(self._opened.as_of, bounds(span + 1, self._opened.facts.zone)[1])
            ended = clock >= bounds(span, self._opened.facts.zone)[1]
            if ended and later > clock and any(each.verdict == "pending" for each in figures.values()):
                figures = self._figures(analysis, span, later)
            found |= figures
        return found

    def _has_goals(self, span: pd.Period) -> bool:
        """The span is a month, quarter or year not shorter than the measure, all under the agreement."""
        terms, known = self._opened.terms, span.freqstr.split("-")[0] in ("M", "Q", "Y")
        measure = terms.agreement.measure
        if not known or LENGTHS.index(grain(span)) < LENGTHS.index(measure):
            return False
        parts = spans_of(span, measure)
        return all(terms.is_in_force(part) and terms.in_force(part).plan is not None for part in parts)

    def _figures(self, analysis: Analysis, span: pd.Period, clock: pd.Timestamp) -> Mapping[str, Figure]:
        key = (analysis, span, clock)
        if key not in self._found:
            if clock not in self._facts:
                self._facts[clock] = self._opened.facts.at(clock)
            made = analysis(self._facts[clock], self._opened.terms, span)
            self._found[key] = {figure.id: figure for figure in made}
        return self._found[key]


def covered_at_all(facts: Facts, span: pd.Period) -> bool:
    """Whether the records reach back to the span: it did not end before the first lead on record."""
    return pd.notna(facts.coverage["earliest_lead"]) and covered(facts, [span, span + 1])[0] == span


def review(opened: OpenPeriod, *, n: int = 12) -> Scorecard:
    """The agreement judged in the opened period and before it, over `n` periods of its measure in all.

    A period longer than the measure counts whole, so that a year is judged by its twelve months. It is judged
    as agreed: what-ifs play no part.
    """
    length = len(spans_of(opened.period, opened.terms.agreement.measure))
    return make_scorecard(
        opened.terms,
        opened.period,
        as_of=opened.as_of,
        figures_of=PastFigures(opened),
        records_until=opened.facts.exported_at,
        n=max(n // length, 1),
    )
