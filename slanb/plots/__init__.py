"""Figures: a plain frame in, axes in, axes out; beside each, a sentence that says what it shows.

Floor 3. Nothing here reads, shows, or changes matplotlib's settings. A notebook's cell ends with
`Picture(plot_x(frame, words=words), says_x(frame, words=words))`.
"""

from slanb.plots.goal_line import plot_goal_line, says_goal_line
from slanb.plots.goal_map import plot_goal_map, says_goal_map
from slanb.plots.history import plot_history, says_history
from slanb.plots.levers import plot_levers, says_levers
from slanb.plots.picture import Picture
from slanb.plots.tiers import plot_attainment, plot_lead_values, says_attainment, says_lead_values
from slanb.plots.trends import (
    plot_trend,
    plot_trends,
    plot_two_clocks,
    says_trend,
    says_trends,
    says_two_clocks,
)

__all__ = [
    "Picture",
    "plot_attainment",
    "plot_goal_line",
    "plot_goal_map",
    "plot_history",
    "plot_lead_values",
    "plot_levers",
    "plot_trend",
    "plot_trends",
    "plot_two_clocks",
    "says_attainment",
    "says_goal_line",
    "says_goal_map",
    "says_history",
    "says_lead_values",
    "says_levers",
    "says_trend",
    "says_trends",
    "says_two_clocks",
]
