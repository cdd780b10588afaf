"""Figures of goal lines and follow-up, judged by what is drawn where and by what they say."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from slanb import plots
from slanb.dictionary.wording import Wording
from slanb.plots import Picture, style

WORDS = Wording()
NAN = float("nan")

KEPT = pd.DataFrame(
    {
        "period": ["2026-08", "2026-09", "2026-10"],
        "kept": [80, 92, 30],
        "missed": [20, 8, 10],
        "pending": [0, 0, 20],
        "goal": [0.9, 0.9, 0.9],
        "running": [False, False, True],
    }
)
CURVE = pd.DataFrame(
    {"hours": [0.5, 1, 4, 9], "untouched": [0.8, 0.6, 0.3, 0.2], "at_risk": [10, 8, 6, 3]}, dtype=float
)
CONNECTS = pd.DataFrame(
    {"attempt": [1, 2, 3], "rate": [0.3, 0.2, 0.1], "low": [0.28, 0.17, 0.05], "high": [0.32, 0.23, 0.18]}
    | {"tried": [1000, 600, 40]}
)
WORK = pd.DataFrame(
    {"period": ["2026-09", "2026-10"], "attempts": [2000, 900], "leads_worked": [700, 400]}
    | {"complete": [True, False]}
)
HOURS = pd.DataFrame(
    {"attempts": [1, 2, 3, 4], "hours": [50.0, 90, 120, 140], "available": 100.0}
    | {"promised": [False, False, True, False]}
)
LINES = pd.DataFrame(
    {
        "day": pd.date_range("2026-10-01", periods=31),
        "straight": np.arange(1, 32) * 10.0,
        "working": np.arange(1, 32) * 10.0 - 3,
        "actual": [*np.arange(1, 15) * 9.0, *[NAN] * 17],
    }
)
PLACES = {"connects": ["attempt"], "hours": ["attempts"], "waiting": ["hours"]}  # where things stand
NAMES = {"straight": "Even goal line", "working": "By working days"}
PARTS = pd.concat(
    [
        LINES.rename(columns={"straight": "goal"}).assign(part="Tier A"),
        LINES.rename(columns={"straight": "goal"}).assign(part="Tier B", actual=LINES["actual"] * 2),
        LINES.rename(columns={"straight": "goal"}).assign(part="Segment North", actual=NAN),
    ]
)[["part", "day", "goal", "actual"]]

PROMISE = {"hours": 4.0, "share": 0.9}
EVERY_FIGURE = {
    "kept": (KEPT, {"subject": "Followed up in time"}),
    "waiting": (CURVE, PROMISE),
    "connects": (CONNECTS, {"promised": 3.0}),
    "work": (WORK, {}),
    "hours": (HOURS, {}),
    "goal_lines": (LINES, {"lines": NAMES}),
    "goal_parts": (PARTS, {}),
}


@pytest.fixture(autouse=True)
def closed_figures():
    plt.close("all")
    yield
    plt.close("all")


def plot(name, frame=None, words=WORDS, **options):
    default, needed = EVERY_FIGURE[name]
    return getattr(plots, f"plot_{name}")(
        default if frame is None else frame, words=words, **needed | options
    )


def says(name, frame=None, words=WORDS, **options):
    default, needed = EVERY_FIGURE[name]
    return getattr(plots, f"says_{name}")(
        default if frame is None else frame, words=words, **needed | options
    )


def first(drawn):
    return drawn[0] if isinstance(drawn, np.ndarray) else drawn


def texts(ax):
    return [text.get_text() for text in ax.findobj(mpl.text.Text) if text.get_text() and text.get_visible()]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def numbers(name):
    return list(EVERY_FIGURE[name][0].select_dtypes("number"))


# -- every figure


@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_it_leaves_matplotlib_and_the_frame_as_they_were(name):
    settings, frame = dict(mpl.rcParams), EVERY_FIGURE[name][0].copy()
    plot(name)
    assert dict(mpl.rcParams) == settings
    pd.testing.assert_frame_equal(frame, EVERY_FIGURE[name][0])


@pytest.mark.parametrize("name", [name for name in EVERY_FIGURE if name != "goal_parts"])
def test_it_draws_on_the_axes_given_else_on_the_current_ones(name):
    _, (left, right) = plt.subplots(1, 2)
    assert plot(name, ax=left) is left
    assert left.has_data()
    assert not right.has_data()
    assert plot(name) is right


@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_no_rows_are_said_to_be_no_data(name):
    nothing = EVERY_FIGURE[name][0].iloc[:0]
    picture = Picture(plot(name, nothing), says(name, nothing))
    assert "no data" in picture.says


@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_one_row_missing_numbers_zeros_and_huge_ones_do_not_stop_it(name):
    frame = EVERY_FIGURE[name][0]
    keys = [key for key in numbers(name) if key not in PLACES.get(name, ())]
    cases = [
        frame.iloc[:1],
        frame.assign(**dict.fromkeys(keys, NAN)),
        frame.assign(**dict.fromkeys(keys, 0.0)),
    ]
    if name not in ("waiting", "connects", "kept"):  # they show shares
        cases.append(frame.assign(**dict.fromkeys(keys, 1e15)))
    for case in cases:
        assert len(Picture(plot(name, case), says(name, case)).image) < 100_000


@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_it_speaks_the_readers_language(name):
    german = Wording("de_DE", "USD")
    picture = Picture(plot(name, words=german), says(name, words=german))
    assert len(picture.image) < 100_000
    if name in ("kept", "work", "goal_lines"):
        assert "Oktober 2026" in picture.says


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("kept", "pending"),
        ("waiting", "at_risk"),
        ("connects", "low"),
        ("work", "complete"),
        ("hours", "available"),
        ("goal_lines", "working"),
        ("goal_parts", "part"),
    ],
)
def test_a_missing_column_is_named(name, column):
    with pytest.raises(ValueError, match=rf"needs columns \['{column}'\], but it has"):
        plot(name, EVERY_FIGURE[name][0].drop(columns=column))


# -- each figure


def test_pending_leads_stand_on_top_of_those_kept():
    ax = plot("kept")
    heights = [bar.get_height() for bar in ax.patches]
    assert heights == pytest.approx([0.8, 0.92, 0.5, 0, 0, 1 / 3])  # 30 and 20 of 60
    assert ax.patches[-1].get_y() == pytest.approx(0.5)
    hatches = [bar.get_hatch() for bar in ax.patches]
    assert hatches[:3] == [None, None, "////"]  # the month that runs
    assert hatches[-1] == "...."
    assert legend(ax) == ["not complete", "pending: still in time"]
    assert {"80", "92", "75", "Promised\n90%"} <= set(texts(ax))  # 30 of the 40 decided


def test_without_pending_or_running_periods_there_is_no_legend():
    ax = plot("kept", KEPT.iloc[:2].drop(columns="running"))
    assert ax.get_legend() is None


def test_kept_in_words():
    assert says("kept") == (
        "Followed up in time by month: 75.0% of 40 leads (October 2026), promised 90%; 20 pending; the "
        "promised share was reached 1 of 3 times, from 75% to 92%."
    )
    assert says("kept", KEPT.assign(goal=NAN)).startswith("Followed up in time by month: 75.0% of 40 leads")


def test_days_are_told_as_days():
    days = KEPT.assign(period=["2026-10-01", "2026-10-02", "2026-10-03"])
    assert plot("kept", days).get_title("left") == "Followed up in time by day"


def test_the_curve_of_waiting_rises_in_steps_to_those_attempted():
    ax = plot("waiting")
    line = ax.lines[0]
    assert line.get_drawstyle() == "steps-post"
    assert line.get_xdata().tolist() == [0, 0.5, 1, 4, 9, 9]
    assert line.get_ydata().tolist() == pytest.approx([0, 0.2, 0.4, 0.7, 0.8, 0.8])
    diamond, dot = (line for line in ax.lines if line.get_marker() in ("D", "o"))
    assert (diamond.get_xdata()[0], diamond.get_ydata()[0]) == (4, 0.9)
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (4, pytest.approx(0.7))
    assert {"promised 90% by 4 hours", "70% then", "80%"} <= set(texts(ax))
    assert ax.get_xlabel() == "Working hours waited (n = 10 leads)"
    assert plot("waiting", working=False).get_xlabel() == "Hours waited (n = 10 leads)"


def test_without_a_promise_the_curve_stands_alone():
    ax = plot("waiting", hours=NAN, share=NAN)
    assert not any(line.get_marker() == "D" for line in ax.lines)
    assert says("waiting", hours=NAN, share=NAN) == (
        "Share of 10 leads attempted, by working time waited, leads still waiting included: 80.0% by 9 hours."
    )


def test_waiting_in_words():
    assert says("waiting") == (
        "Share of 10 leads attempted, by working time waited, leads still waiting included: 70.0% by 4 "
        "hours, promised were 90%; 80.0% by 9 hours."
    )


def test_each_attempt_stands_with_its_interval_and_its_leads():
    ax = plot("connects")
    (intervals,) = ax.collections
    assert [segment[:, 1].tolist() for segment in intervals.get_segments()] == [
        [0.28, 0.32], [0.17, 0.23], [0.05, 0.18]
    ]  # fmt: skip
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1\n1,000", "2\n600", "3\n40"]
    assert {"30%", "20%", "10%", "promised"} <= set(texts(ax))
    assert says("connects") == (
        "Leads connected by each attempt: attempt 1 30.0% (28.0% to 32.0%, n = 1,000); attempt 3 10.0% (5.0% "
        "to 18.0%, n = 40)."
    )


def test_attempts_and_leads_stand_side_by_side():
    ax = plot("work")
    assert [bar.get_height() for bar in ax.patches] == [2000, 900, 700, 400]
    assert [bar.get_hatch() for bar in ax.patches] == [None, None, "....", "...."]
    assert "so far" in texts(ax)
    assert says("work") == (
        "Attempts made and leads worked: 900 attempts on 400 leads in October 2026 so far; 2,000 attempts "
        "on 700 leads in September 2026."
    )


def test_hours_beyond_those_there_are_differ_by_more_than_colour():
    ax = plot("hours")
    assert [(bar.get_height(), bar.get_hatch()) for bar in ax.patches] == [
        (50, None), (90, None), (120, "...."), (140, "....")
    ]  # fmt: skip
    assert legend(ax) == ["fits", "more than there are"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1\n", "2\n", "3\npromised", "4\n"]
    assert "there are\n100 hrs" in texts(ax)
    assert says("hours") == (
        "Hours needed, by attempts promised: 3 attempts as promised need 120 hours; there are 100 hours; 2 "
        "attempts fit."
    )
    assert "not even one attempt on each fits" in says("hours", HOURS.assign(available=10.0))
    assert "even 4 attempts fit" in says("hours", HOURS.assign(available=200.0))


def test_goal_lines_are_told_apart_by_dashes_and_by_name():
    ax = plot("goal_lines", due="2026-10-20")
    straight, working, actual = ax.lines[:3]
    assert len({line.get_linestyle() + str(line._dash_pattern) for line in (straight, working, actual)}) == 3
    assert legend(ax) == ["Even goal line", "By working days", "Leads"]
    assert actual.get_ydata()[-1] == 14 * 9
    assert to_hex(actual.get_color()) == style.BLUE
    assert {"Goal 310", "14 Oct: 126", "promised by\n20 Oct"} <= set(texts(ax))
    assert says("goal_lines") == (
        "Leads: 126 leads by 14 October 2026, 14 behind; the goal is 310 leads by 31 October 2026. Due by "
        "then: Even goal line, 140; By working days, 137."
    )


def test_a_promised_day_that_is_the_last_is_not_marked():
    assert not any(text.startswith("promised by") for text in texts(plot("goal_lines", due="2026-10-31")))


def test_each_part_has_a_small_goal_line():
    axes = plot("goal_parts")
    assert [ax.get_title("left") for ax in axes] == [
        "Tier A: 126 of 310\n14 behind", "Tier B: 252 of 310\n112 ahead", "Segment North"
    ]  # fmt: skip
    assert says("goal_parts") == "Leads by part: Tier A 126, 14 behind; Tier B 252, 112 ahead."
