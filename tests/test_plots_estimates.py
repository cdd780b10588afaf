"""Figures of what is not certain, judged by what is drawn where and by what they say."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from slanb import plots
from slanb.dictionary.wording import Wording
from slanb.plots import Picture, style

WORDS = Wording()
NAN = float("nan")

CHANCE = pd.DataFrame(
    {"leads": [100, 200, 300, 400], "agreed": [0.1, 0.5, 0.9, 1.0], "records": [0.0, 0.2, 0.6, 0.7]}
)
CURVE = pd.DataFrame({"age": range(101), "rate": np.minimum(np.arange(101), 80) / 1000}).assign(
    low=lambda rows: rows["rate"] * 0.9, high=lambda rows: rows["rate"] * 1.1
)
GAP = pd.DataFrame(
    {"part": ["Number of leads", "Close rate", "Timing"], "amount": [-1000.0, -30_000.0, 6000.0]}
    | {"controlled_by": ["marketing", "sales", "both"]}
)
PACE = pd.DataFrame(
    {"so_far": [10.0, 20, 30, NAN], "profile": [10.0, 20, 30, 40], "straight": [10.0, 20, 30, 40]}
    | {"expected": [40, 41, 42, NAN], "low": [30, 34, 38, NAN], "high": [50, 48, 45, NAN]}
    | {"chance": [0.5, 0.6, 0.7, NAN]},
    index=pd.DatetimeIndex(pd.date_range("2026-10-01", periods=4), name="day"),
)
EVERY_FIGURE = {
    "chance": (CHANCE, {"plain": 200.0, "confidence": 0.8}),
    "run_off": (CURVE, {"final_age": 100}),
    "gap": (GAP, {"plan": 100_000.0}),
    "pace": (PACE, {"goal": 40.0}),
}


@pytest.fixture(autouse=True)
def closed_figures():
    plt.close("all")
    yield
    plt.close("all")


def plot(name, frame=None, **options):
    default, needed = EVERY_FIGURE[name]
    return getattr(plots, f"plot_{name}")(
        default if frame is None else frame, **{"words": WORDS} | needed | options
    )


def says(name, frame=None, **options):
    default, needed = EVERY_FIGURE[name]
    return getattr(plots, f"says_{name}")(
        default if frame is None else frame, **{"words": WORDS} | needed | options
    )


def texts(ax):
    return [text.get_text() for text in ax.findobj(mpl.text.Text) if text.get_text() and text.get_visible()]


@pytest.mark.parametrize("name", EVERY_FIGURE)
class TestEveryFigure:
    def test_it_leaves_matplotlib_and_the_frame_as_they_were(self, name):
        settings, frame = dict(mpl.rcParams), EVERY_FIGURE[name][0].copy()
        plot(name)
        assert dict(mpl.rcParams) == settings
        pd.testing.assert_frame_equal(frame, EVERY_FIGURE[name][0])

    def test_it_draws_on_the_axes_given(self, name):
        _, (left, right) = plt.subplots(1, 2)
        assert plot(name, ax=left) is left
        assert left.has_data()
        assert not right.has_data()

    def test_no_rows_and_one_row_are_drawn_and_said(self, name):
        frame = EVERY_FIGURE[name][0]
        for part in (frame.iloc[:0], frame.iloc[:1]):
            assert Picture(plot(name, part), says(name, part)).image

    def test_missing_numbers_do_not_stop_it(self, name):
        frame = EVERY_FIGURE[name][0]
        numbers = [column for column in frame.select_dtypes("number") if column not in ("leads", "age")]
        missing = frame.astype(dict.fromkeys(numbers, float))
        missing.loc[:, numbers] = NAN
        assert Picture(plot(name, missing), says(name, missing)).image

    def test_it_speaks_the_readers_language(self, name):
        german = Wording("de", "EUR")
        assert Picture(plot(name, words=german), says(name, words=german)).image


def test_each_reading_is_marked_where_it_meets_the_confidence():
    ax = plot("chance")
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in dots] == [275]  # the records never reach 80 %
    assert {"275", "plain goal: 200", "rates as agreed", "rates of the records"} <= set(texts(ax))
    assert says("chance") == (
        "At the agreed rates the plain goal of 200 leads suffices with a chance of 50% and 80% takes about "
        "275; at the rates of the records the plain goal of 200 leads suffices with a chance of 20%."
    )


def test_the_rate_in_the_end_and_the_age_of_half_are_told():
    assert {"in the end 8.0%", "half after 40 days"} <= set(texts(plot("run_off")))
    assert says("run_off").startswith("In the end 8.0% of the leads become customers (7.2% to 8.8%); half of")
    assert "nine in ten within 72 days" in says("run_off")


def test_where_no_end_is_known_none_is_drawn():
    refused = {"final_age": 50, "reason": "still rising at its last age"}
    drawn = texts(plot("run_off", **refused))
    assert "not the end: still rising at its last age" in drawn
    assert not [text for text in drawn if text.startswith("in the end")]
    assert "no rate in the end is given: still rising at its last age" in says("run_off", **refused)


def test_the_triangles_points_stand_beside_the_curve():
    months = pd.DataFrame({"age": [15, 45], "rate": [0.01, 0.03]})
    ax = plot("run_off", by_month=months)
    squares = next(line for line in ax.lines if line.get_marker() == "s")
    assert squares.get_xdata().tolist() == [15, 45]


def test_gap_steps_begin_where_the_last_one_ended_and_carry_their_side():
    ax = plot("gap")
    bars = {round(bar.get_y() + bar.get_height() / 2): bar for bar in ax.patches}
    assert [bars[place].get_width() for place in range(5)] == [100_000, -1000, -30_000, 6000, 75_000]
    assert [bars[place].get_x() for place in (1, 2, 3)] == [100_000, 99_000, 69_000]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["marketing", "sales", "both"]
    assert {bars[1].get_hatch(), bars[2].get_hatch(), bars[3].get_hatch()} == {None, "....", "xx"}
    assert ax.get_xlim()[0] == 0


def test_the_gap_is_said_with_the_largest_part_first():
    assert says("gap") == (
        "Closed were €75,000, planned €100,000, a difference of -€25,000: Close rate -€30,000 (sales); "
        "Timing +€6,000 (both); Number of leads -€1,000 (marketing)."
    )
    assert "when the period has ended" in says("gap", GAP.iloc[:0])


def test_the_fan_opens_from_today_to_the_months_end():
    ax = plot("pace")
    fan = ax.collections[0].get_paths()[0].vertices
    assert fan[:, 0].min() == 2
    assert (fan[fan[:, 0] == 3][:, 1].min(), fan[fan[:, 0] == 3][:, 1].max()) == (38, 45)
    assert {"chance 70%", "goal 40", "about 42"} <= set(texts(ax))
    assert says("pace") == (
        "30 leads by 3 October 2026; 38 to 45 are expected by the end, and the goal of 40 is reached with a "
        "chance of 70%."
    )


def test_two_clocks_show_what_age_corrects():
    clocks = pd.DataFrame(
        {"period": ["2026-09", "2026-10"], "cohort": [0.05, 0.01], "closing": [0.06, 0.05]}
        | {"young": [False, True], "n": [100, 100], "corrected": [0.05, 0.055]}
        | {"low": [0.04, 0.03], "high": [0.06, 0.08]}
    )
    ax = plots.plot_two_clocks(clocks, words=WORDS)
    dashes = next(line for line in ax.lines if line.get_marker() == "_")
    assert dashes.get_ydata().tolist() == [0.05, 0.055]
    assert dashes.get_color() == style.INK
    said = plots.says_two_clocks(clocks, words=WORDS)
    assert "corrected for its age October 2026 reads 5.5% (3.0% to 8.0%)" in said
