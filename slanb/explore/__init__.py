"""A planning bench for the analyst: sliders over the functions the reports call, scenarios to keep.

What a scenario comes to is computed by plain functions without widgets (`scenario`, `answers`, `goal_seek`,
`mix`, `breaks`, `comparison`); the panels only show them. Widgets are loaded when a bench is made, so that
everything else can be used, and tested, without a browser.
"""

from slanb.explore.answers import ANSWERS, Answers
from slanb.explore.comparison import MOST, compare
from slanb.explore.goal_seek import Improvements, cheapest_improvements, elasticities, seek, seek_all
from slanb.explore.knobs import Knob, knobs_of
from slanb.explore.mix import BestMix, best_mix
from slanb.explore.scenario import Scenario
from slanb.explore.suggested import Suggested, gather
from slanb.open_period import Page

__all__ = [
    "ANSWERS",
    "MOST",
    "Answers",
    "BestMix",
    "Improvements",
    "Knob",
    "Scenario",
    "Suggested",
    "best_mix",
    "cheapest_improvements",
    "compare",
    "elasticities",
    "explore",
    "gather",
    "knobs_of",
    "seek",
    "seek_all",
]


def explore(page: Page, *, agreement: str = "params/agreement.yml"):
    """The bench for an opened period, to be displayed by a notebook's cell.

    Parameters
    ----------
    page : the period, of the agreement's measure.
    agreement : its agreement; scenarios are kept in the folder `scenarios` beside it.

    Raises
    ------
    SlanbError : where the period is not of the agreement's measure, or there is no plan for it.
    """
    from slanb.explore.bench import Bench

    return Bench(page, agreement=agreement)
