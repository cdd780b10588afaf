"""Pictures: a plain frame in, axes in, axes out; beside each, a sentence that says what it shows.

`plot_x(frame, *, ..., words, ax=None)` draws a kind, `says_x(frame, *, ..., words)` takes the same settings.
Nothing here reads, shows, or changes matplotlib's settings. Names in a frame may be texts or messages. A
notebook writes `page.picture("x", frame, ...)`, which is `Picture(plot_x(...), says_x(...))`.
"""

from slanb.plots.attempts import plot_connects, plot_work, says_connects, says_work
from slanb.plots.chance import plot_chance, says_chance
from slanb.plots.forecasts import plot_forecasts, says_forecasts
from slanb.plots.gap import plot_gap, says_gap
from slanb.plots.goal_lines import plot_goal_lines, plot_goal_parts, says_goal_lines, says_goal_parts
from slanb.plots.goal_map import LEVELS, POINTS, move_goal_map, plot_goal_map, says_goal_map
from slanb.plots.history import plot_history, says_history
from slanb.plots.hours import plot_hours, says_hours
from slanb.plots.kept import plot_kept, says_kept
from slanb.plots.levers import move_levers, plot_levers, says_levers
from slanb.plots.pace import plot_pace, says_pace
from slanb.plots.picture import Picture
from slanb.plots.run_off import plot_run_off, says_run_off
from slanb.plots.scenarios import plot_scenarios, says_scenarios
from slanb.plots.tiers import plot_attainment, plot_lead_values, says_attainment, says_lead_values
from slanb.plots.times import plot_times, says_times
from slanb.plots.trends import plot_trends, plot_two_clocks, says_trends, says_two_clocks
from slanb.plots.waiting import plot_waiting, says_waiting

__all__ = [
    "LEVELS",
    "POINTS",
    "Picture",
    "move_goal_map",
    "move_levers",
    "plot_attainment",
    "plot_chance",
    "plot_connects",
    "plot_forecasts",
    "plot_gap",
    "plot_goal_lines",
    "plot_goal_map",
    "plot_goal_parts",
    "plot_history",
    "plot_hours",
    "plot_kept",
    "plot_lead_values",
    "plot_levers",
    "plot_pace",
    "plot_run_off",
    "plot_scenarios",
    "plot_times",
    "plot_trends",
    "plot_two_clocks",
    "plot_waiting",
    "plot_work",
    "says_attainment",
    "says_chance",
    "says_connects",
    "says_forecasts",
    "says_gap",
    "says_goal_lines",
    "says_goal_map",
    "says_goal_parts",
    "says_history",
    "says_hours",
    "says_kept",
    "says_lead_values",
    "says_levers",
    "says_pace",
    "says_run_off",
    "says_scenarios",
    "says_times",
    "says_trends",
    "says_two_clocks",
    "says_waiting",
    "says_work",
]
