"""Figures, judged by what is drawn where (not by pixels) and by what they say.

Sentences are written by hand from the numbers in each frame.
"""

import base64
import io
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from slanb import plots
from slanb.dictionary.wording import Wording
from slanb.plots import Picture, style

WORDS = Wording()
NAN = float("nan")

HISTORY = pd.DataFrame(
    {
        "period": ["2026-08", "2026-09", "2026-10"],
        "leads": [520, 480, 200],
        "goal": [500.0, 500.0, 550.0],
        "complete": [True, True, False],
    }
)
LEVERS = pd.DataFrame(
    {
        "lever": ["Quota", "Close rate", "Deal size"],
        "low": [130.0, 180.0, 170.0],
        "high": [145.0, 110.0, 125.0],
        "low_at": ["€450,000", "4.0%", "€2,500"],
        "high_at": ["€510,000", "6.5%", "€3,500"],
    }
)
# 42,000 of revenue to win: leads = 42,000 / close rate / deal size.
GOAL_MAP = pd.DataFrame(
    [(rate, size, 42_000 / rate / size) for rate in (0.02, 0.05, 0.1) for size in (200, 300, 400)],
    columns=["close_rate", "deal_size", "leads"],
)
DAYS = pd.DataFrame(
    {
        "day": pd.date_range("2026-10-01", periods=31),
        "goal": np.arange(1, 32) * 10.0,
        "actual": [*np.arange(1, 15) * 9.0, *[NAN] * 17],
    }
)
TREND = pd.DataFrame(
    {
        "period": ["2026-07", "2026-08", "2026-09", "2026-10"],
        "close_rate": [0.05, 0.042, 0.02, 0.004],
        "low": [0.04, 0.031, 0.01, 0.0],
        "high": [0.06, 0.054, 0.03, 0.01],
        "agreed": [0.045, 0.05, 0.05, 0.05],
        "n": [500, 512, 480, 495],
        "young": [False, False, True, True],
    }
)
COLUMNS = {"value": "close_rate", "low": "low", "high": "high", "agreed": "agreed"}
CLOCKS = pd.DataFrame(
    {
        "period": ["2026-08", "2026-09", "2026-10"],
        "cohort": [0.135, 0.12, 0.01],
        "closing": [0.153, 0.14, 0.15],
        "young": [False, False, True],
        "n": [500, 500, 500],
    }
)
LEAD_VALUES = pd.DataFrame(
    {
        "tier": ["A", "B", "C", "", "D"],
        "agreed": [300.0, 120.0, 60.0, 40.0, NAN],
        "realised": [260.0, 150.0, 30.0, NAN, 20.0],
        "low": [200.0, 130.0, 20.0, NAN, 10.0],
        "high": [330.0, 175.0, 45.0, NAN, 30.0],
        "n": [120, 340, 400, 4, 50],
    }
)
ATTAINMENT = pd.DataFrame({"tier": ["A", "B", "All"], "number": [0.8, NAN, 1.02], "value": [0.75, NAN, 0.93]})
TRENDS = pd.concat(
    [
        TREND.rename(columns={"close_rate": "value"}).assign(metric="close_rate"),
        TREND.rename(columns={"close_rate": "value"})
        .assign(metric="deal_size", young=False)
        .replace({"value": 0.004}, 0.03)
        .pipe(lambda frame: frame.assign(**frame[["value", "low", "high", "agreed"]] * 100_000)),
    ]
)

EVERY_FIGURE = {
    "history": (HISTORY, {}),
    "levers": (LEVERS, {"base": 140.0}),
    "goal_map": (GOAL_MAP, {"agreed": (0.05, 300.0), "measured": (0.04, 280.0)}),
    "goal_line": (DAYS, {}),
    "trend": (TREND, COLUMNS),
    "trends": (TRENDS, {}),
    "two_clocks": (CLOCKS, {}),
    "lead_values": (LEAD_VALUES, {}),
    "attainment": (ATTAINMENT, {}),
}


@pytest.fixture(autouse=True)
def closed_figures():
    plt.close("all")
    yield
    plt.close("all")


def plot(name, frame=None, words=WORDS, **options):
    default, needed = EVERY_FIGURE[name]
    frame = default if frame is None else frame
    return getattr(plots, f"plot_{name}")(frame, words=words, **needed | options)


def says(name, frame=None, words=WORDS, **options):
    default, needed = EVERY_FIGURE[name]
    frame = default if frame is None else frame
    return getattr(plots, f"says_{name}")(frame, words=words, **needed | options)


def first(drawn):
    return drawn[0] if isinstance(drawn, np.ndarray) else drawn


def texts(ax):
    return [text.get_text() for text in ax.findobj(mpl.text.Text) if text.get_text() and text.get_visible()]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def title(ax):
    return ax.get_title("left")


# -- every figure


@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_it_leaves_matplotlib_and_the_frame_as_they_were(name):
    settings, frame = dict(mpl.rcParams), EVERY_FIGURE[name][0].copy()
    plot(name)
    assert dict(mpl.rcParams) == settings
    pd.testing.assert_frame_equal(frame, EVERY_FIGURE[name][0])


@pytest.mark.parametrize("name", [name for name in EVERY_FIGURE if name != "trends"])
def test_it_draws_on_the_axes_given_else_on_the_current_ones(name):
    _, (left, right) = plt.subplots(1, 2)
    assert plot(name, ax=left) is left
    assert left.has_data()
    assert not right.has_data()
    assert plot(name) is right  # the current axes are the last made


@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_it_has_a_title_and_axes_with_units(name):
    ax = first(plot(name))
    assert title(ax)
    measured = ax.get_xlabel() if name in ("levers", "lead_values", "attainment") else ax.get_ylabel()
    assert re.search("leads|percent|EUR", measured, re.IGNORECASE)


@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_no_rows_are_said_to_be_no_data(name):
    nothing = EVERY_FIGURE[name][0].iloc[:0]
    Picture(plot(name, nothing), says(name, nothing))
    assert re.search("(?i)no data|no period is old enough", says(name, nothing))


@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_one_row_is_enough(name):
    one = EVERY_FIGURE[name][0].iloc[:1]
    assert len(Picture(plot(name, one), says(name, one)).image) < 100_000


@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_missing_numbers_do_not_stop_it(name):
    frame = EVERY_FIGURE[name][0]
    numbers = [
        column for column in frame.select_dtypes("number") if column not in ("close_rate", "deal_size")
    ]
    if name == "trend":
        numbers = ["close_rate", "low", "high", "agreed"]
    missing = frame.astype(dict.fromkeys(numbers, float))
    missing.loc[:, numbers] = NAN
    assert Picture(plot(name, missing), says(name, missing)).image
    nullable = frame.astype(dict.fromkeys(numbers, "Float64"))
    nullable.iloc[0, frame.columns.get_loc(numbers[0])] = pd.NA
    assert first(plot(name, nullable)).has_data()
    assert says(name, nullable)


@pytest.mark.parametrize("name", [name for name in EVERY_FIGURE if name not in ("trends", "trend")])
def test_zeros_and_huge_numbers_do_not_stop_it(name):
    frame = EVERY_FIGURE[name][0]
    numbers = [
        column for column in frame.select_dtypes("number") if column not in ("close_rate", "deal_size")
    ]
    zero, huge = (frame.assign(**dict.fromkeys(numbers, value)) for value in (0.0, 1e15))
    assert says(name, zero)
    plot(name, zero)
    plt.close("all")
    assert len(Picture(plot(name, huge), says(name, huge)).image) < 100_000


@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_it_speaks_the_readers_language(name):
    german = Wording("de_DE", "USD")
    drawn, said = plot(name, words=german), says(name, words=german)
    if name in ("history", "trend", "two_clocks"):
        assert "Oktober 2026" in said
        assert "Okt" in " ".join(texts(drawn))
    assert len(Picture(drawn, said).image) < 100_000


@pytest.mark.parametrize("language", ["ar", "ja"])
def test_languages_beyond_latin_letters(language):
    picture = Picture(plot("trend", words=Wording(language)), "")
    assert picture.kind == "svg+xml"
    assert len(picture.image) < 100_000


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("history", "goal"),
        ("levers", "low_at"),
        ("goal_map", "leads"),
        ("goal_line", "actual"),
        ("trend", "low"),
        ("trends", "agreed"),
        ("two_clocks", "closing"),
        ("lead_values", "n"),
        ("attainment", "value"),
    ],
)
def test_a_missing_column_is_named(name, column):
    with pytest.raises(ValueError, match=rf"needs columns \['{column}'\], but it has"):
        plot(name, EVERY_FIGURE[name][0].drop(columns=column))


def test_dollars_are_money_not_formulas():
    words = Wording("en_US", "USD")
    frame = LEVERS.assign(low_at="$450", high_at="$510")
    ax = plot("levers", frame, words, unit="money")
    assert "$450: $130" in texts(ax)
    assert not any(text.get_parse_math() for text in ax.findobj(mpl.text.Text))
    Picture(ax, "")


# -- the picture


def test_a_picture_is_a_figure_with_its_meaning_in_words():
    picture = Picture(plot("history"), 'More <b> & "more"')
    page = picture._repr_html_()
    assert page.count("More &lt;b&gt; &amp; &quot;more&quot;") == 2
    assert re.search(r'<figure class="slanb".*<img alt="More [^>]*src="data:image/png;base64,[^"]+">', page)
    assert "<figcaption" in page
    assert repr(picture) == 'More <b> & "more"'
    assert not plt.get_fignums()


def test_the_same_figure_gives_the_same_bytes_whatever_the_users_settings():
    plain = Picture(plot("trend"), "").image
    with plt.style.context("dark_background"), mpl.rc_context({"savefig.dpi": 30, "savefig.bbox": "tight"}):
        assert Picture(plot("trend"), "").image == plain
    assert b"Software" not in plain
    assert b"Date" not in plain


@pytest.mark.parametrize("name", ["history", "goal_map", "trends"])
def test_a_picture_is_wide_enough_for_a_page(name):
    picture = Picture(plot(name), "")
    assert Image.open(io.BytesIO(picture.image)).size[0] == 900
    assert picture.width == 720


@pytest.mark.parametrize("tier", ["見込み客", "عملاء", "🦄"])
def test_letters_the_figures_font_lacks_are_left_to_the_readers_browser(tier):
    picture = Picture(plot("attainment", ATTAINMENT.assign(tier=[tier, "B", "All"])), "")
    page = picture._repr_html_()
    drawn = base64.b64decode(re.search(r"data:image/svg\+xml;base64,([^\"]+)", page)[1]).decode()
    assert tier in drawn
    assert picture.image == Picture(plot("attainment", ATTAINMENT.assign(tier=[tier, "B", "All"])), "").image


# -- history


def test_history_bars_stand_at_their_periods_and_the_open_one_is_hatched():
    ax = plot("history")
    complete, running = ax.containers
    assert [bar.get_height() for bar in complete] == [520, 480]
    assert [bar.get_height() for bar in running] == [200]
    assert [round(bar.get_x() + bar.get_width() / 2, 9) for bar in (*complete, *running)] == [0, 1, 2]
    assert not complete[0].get_hatch()
    assert running[0].get_hatch()
    assert legend(ax) == ["not complete"]
    assert [tick.get_text().strip() for tick in ax.get_xticklabels()] == ["Aug\n2026", "Sept", "Oct"]
    assert ax.get_ylabel() == "Leads"


def test_history_marks_each_goal_and_names_the_latest():
    ax = plot("history", HISTORY.assign(goal=[500, NAN, 550]))
    marks = [segment[0][1] for segment in ax.collections[0].get_segments()]
    assert marks == [500, 550]
    assert "Goal\n550" in texts(ax)
    assert "Goal" not in " ".join(
        texts(plot("history", HISTORY.assign(goal=NAN), ax=plt.figure().subplots()))
    )


def test_history_shows_what_has_no_bar():
    ax = plot("history", HISTORY.assign(leads=[NAN, 0, 200]))
    assert {"–", "0", "200"} <= set(texts(ax))


def test_history_of_many_periods_names_those_that_fit():
    periods = [str(period) for period in pd.period_range("2024-11", "2026-10", freq="M")]
    frame = pd.DataFrame({"period": periods, "leads": range(24), "goal": 10, "complete": True})
    ax = plot("history", frame)
    names = [name.get_text().strip() for name in ax.get_xticklabels()]
    assert len(names) <= 13
    assert names[-1] == "Oct"
    assert [name for name in names if "\n" in name] == ["Feb\n2025", "Feb\n2026"]


def test_history_says():
    assert says("history") == (
        "Leads by month: 480 leads in September 2026 against a goal of 500 leads; the goal was reached in 1 "
        "of 2 complete periods; October 2026 is not complete."
    )
    alone = HISTORY.iloc[2:].assign(goal=NAN)
    assert (
        says("history", alone) == "Leads by month: 200 leads in October 2026; October 2026 is not complete."
    )
    quarters = pd.DataFrame({"period": ["2026-Q3"], "revenue": [1e6], "goal": [9e5], "complete": [True]})
    assert says("history", quarters, value="revenue") == (
        "Revenue by quarter: €1,000,000 in Q3 2026 against a goal of €900,000."
    )


# -- levers


def test_levers_are_ranked_and_reach_from_end_to_end_around_the_plan():
    ax = plot("levers")
    assert [name.get_text() for name in ax.get_yticklabels()] == ["Close rate", "Deal size", "Quota"]
    assert [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches] == [
        (110, 180),
        (125, 170),
        (130, 145),
    ]
    assert ax.yaxis_inverted()
    assert {"4.0%: 180", "6.5%: 110", "agreed: 140"} <= set(texts(ax))
    low, high = ax.get_xlim()
    assert low < 110
    assert high > 180
    assert all(110 <= mark <= 180 for mark in ax.get_xticks())


def test_an_impossible_end_is_said_to_be_impossible():
    frame = LEVERS[1:2].assign(low=np.inf, low_at="0.0%")
    ax = plot("levers", frame)
    assert "0.0%: not possible" in texts(ax)
    assert [(bar.get_x(), bar.get_width()) for bar in ax.patches] == [(110, 30)]
    assert says("levers", frame) == (
        "Leads needed as agreed: 140; depends on Close rate (not possible at 0.0% and 110 at 6.5%)."
    )


def test_levers_say():
    assert says("levers") == (
        "Leads needed as agreed: 140; depends most on Close rate (180 at 4.0% and 110 at 6.5%) and least on "
        "Quota (130 at €450,000 and 145 at €510,000)."
    )


# -- goal map


def test_the_map_marks_what_was_agreed_and_what_was_measured():
    ax = plot("goal_map")
    points = {(line.get_xdata()[0], line.get_ydata()[0]): line.get_marker() for line in ax.lines}
    assert points == {(0.05, 300.0): "D", (0.04, 280.0): "o"}
    assert {"agreed", "measured"} <= set(texts(ax))
    assert any(text.endswith("leads") for text in texts(ax))  # named level lines
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Close rate (percent)", "Deal size (EUR)")


def test_the_map_says_how_many_leads_each_point_needs():
    assert says("goal_map") == (
        "At the agreed close rate of 5.0% and deal size of €300 about 2,800 leads are needed; at the "
        "measured 4.0% and €280 about 3,750 leads; on the whole map from 1,050 to 10,500."
    )
    assert says("goal_map", measured=(NAN, NAN)).endswith(
        "2,800 leads are needed; on the whole map from 1,050 to 10,500."
    )


# -- goal line


def test_the_goal_line_is_dashed_and_the_actuals_end_at_as_of():
    ax = plot("goal_line")
    goal, actual = ax.lines[:2]
    assert goal.get_linestyle() == "--"
    assert list(goal.get_ydata()) == list(DAYS["goal"])
    assert (len(actual.get_ydata()), actual.get_ydata()[-1]) == (14, 126)
    assert {"Goal 310", "14 Oct: 126\n14 behind"} <= set(texts(ax))
    assert ax.get_ylim()[0] == 0


@pytest.mark.parametrize(
    ("actual", "gap"),
    [
        ([12.0] * 5, "38 behind"),
        ([11.0, 22.0, 33.0, 44.0, 55.0], "5 ahead"),
        ([10.0, 20.0, 30.0, 40.0, 50.0], "on the line"),
    ],
)
def test_the_goal_line_says_how_far_ahead_or_behind(actual, gap):
    days = DAYS.assign(actual=[*actual, *[NAN] * 26])
    assert says("goal_line", days) == (
        f"Leads: {actual[-1]:.0f} leads by 5 October 2026, {gap}; the goal is 310 leads by 31 October 2026."
    )
    assert any(gap in text for text in texts(plot("goal_line", days)))


def test_the_goal_line_before_the_period_and_without_a_goal():
    assert says("goal_line", DAYS.assign(actual=NAN)) == "Leads: the goal is 310 leads by 31 October 2026."
    assert says("goal_line", DAYS.assign(goal=NAN)) == "Leads: 126 leads by 14 October 2026."
    assert says("goal_line", DAYS.assign(goal=NAN, actual=NAN)) == "Leads: no data."


def test_a_year_is_marked_by_months():
    days = pd.DataFrame({"day": pd.date_range("2026-01-01", periods=365), "goal": 1.0, "actual": 1.0})
    names = [name.get_text().strip() for name in plot("goal_line", days).get_xticklabels()]
    assert names[:2] + names[-1:] == ["Jan\n2026", "Feb", "Dec"]


# -- trends


def test_young_cohorts_are_hollow_and_named():
    ax = plot("trend")
    hollow = next(line for line in ax.lines if line.get_markerfacecolor() == "white")
    full = next(line for line in ax.lines if line.get_marker() == "o" and line is not hollow)
    assert np.isnan(hollow.get_ydata()).tolist() == [True, True, False, False]
    assert np.isnan(full.get_ydata()).tolist() == [False, False, True, True]
    assert legend(ax) == ["interval", "young: outcome still open"]
    assert ax.get_xlabel() == "n = 480 to 512 in a period"


def test_the_interval_and_what_was_agreed_are_drawn():
    ax = plot("trend")
    spans = [tuple(segment[:, 1]) for segment in ax.collections[0].get_segments()]
    assert spans == [(0.04, 0.06), (0.031, 0.054), (0.01, 0.03), (0, 0.01)]
    stepped = next(line for line in ax.lines if len(line.get_xdata()) == 8)
    assert list(stepped.get_ydata()) == [0.045, 0.045, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05]
    assert {"agreed 5.0%", "4.2%"} <= set(
        texts(ax)
    )  # the latest that can be judged is named, not a young one


def test_a_trend_says():
    assert says("trend") == (
        "Close rate by month: 4.2% in August 2026; its interval is 3.1% to 5.4%; agreed was 5.0%; between "
        "4.2% and 5.0% over 2 periods; September 2026 and October 2026 are still young."
    )
    young = TREND.assign(young=True)
    assert says("trend", young) == "Close rate: no period is old enough to judge."
    assert says("trend", TREND.drop(columns="young").iloc[:1], agreed=0.04, low=None) == (
        "Close rate by month: 5.0% in July 2026; agreed was 4.0%."
    )


def test_trends_share_their_periods():
    rate, size = plot("trends")
    assert (title(rate), title(size)) == ("Close rate", "Deal size")
    assert (rate.get_ylabel(), size.get_ylabel()) == ("percent", "EUR")
    assert rate.get_xlim() == size.get_xlim()
    assert rate.get_title("right") == "n = 480 to 512 in a period"
    assert says("trends").count("by month") == 2


def test_two_clocks_differ_by_marker_and_name():
    ax = plot("two_clocks")
    markers = {line.get_marker() for line in ax.lines} - {"None"}
    assert markers == {"o", "s"}
    assert {"by creation\n(cohort basis)", "by closing\n(closing basis)"} <= set(texts(ax))
    hollow = next(line for line in ax.lines if line.get_markerfacecolor() == "white")
    assert np.nansum(hollow.get_ydata()) == 0.01  # the young cohort; closings are never young


def test_two_clocks_say():
    assert says("two_clocks") == (
        "September 2026: of the leads created then 12.0% have become customers (cohort); the customers who "
        "closed then are 14.0% of the leads created then (closing), a difference of +2.0 percentage points; "
        "October 2026 is still young."
    )


# -- tiers


def test_lead_values_show_realised_agreed_and_how_many():
    ax = plot("lead_values")
    realised, agreed = ax.lines
    assert (realised.get_marker(), agreed.get_marker()) == ("o", "D")
    assert agreed.get_markerfacecolor() == "none"
    assert legend(ax) == ["interval", "realised", "agreed"]
    assert ax.get_yticklabels()[0].get_text() == "A\n(n = 120)"
    assert ax.get_yticklabels()[3].get_text() == "(blank)\n(n = 4)"
    assert "not enough data" in " ".join(texts(ax))
    assert ax.yaxis_inverted()


def test_lead_values_say():
    assert says("lead_values") == (
        "Value of a lead, by tier: A: €260 realised, in line with the agreed €300; B: €150 realised, above "
        "the agreed €120; C: €30 realised, below the agreed €60; (blank): not enough data (agreed €40); D: "
        "€20 realised, nothing agreed."
    )


def test_attainment_shows_number_and_value_side_by_side():
    ax = plot("attainment")
    number, value = ax.containers
    assert [bar.get_width() for bar in number] == [0.8, 0, 1.02]
    assert [bar.get_width() for bar in value] == [0.75, 0, 0.93]
    assert not number[0].get_hatch()
    assert value[0].get_hatch()
    assert ax.lines[0].get_xdata()[0] == 1
    assert {"goal", "80%", "–", "102%", "93%"} <= set(texts(ax))
    assert ax.get_xlim()[1] > 1.02


def test_attainment_says():
    assert says("attainment") == (
        "Goal reached: A 80% in number and 75% in value; B had no goal; All 102% in number and 93% in value."
    )


# -- the house look


def test_colours_of_letters_can_be_read():
    """WCAG 2.2, 1.4.3: 4.5 to 1 on white."""

    def luminance(colour):
        parts = [int(to_hex(colour)[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for colour in (style.BLUE, style.BROWN, style.INK, style.MUTED):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5


@pytest.mark.parametrize("heights", [[1.0, 1.0], [0.0, 0.1, 0.2], [3.0, 1.0, 1.1, 9.0]])
def test_labels_are_moved_apart_in_their_order(heights):
    placed = style.apart(heights, least=1)
    assert np.diff(np.sort(placed)).min() > 0.9
    assert np.argsort(placed, kind="stable").tolist() == np.argsort(heights, kind="stable").tolist()


def test_long_names_are_shortened_visibly():
    name = "Chief executives of enterprises with more than five thousand employees in the north"
    assert style.wrapped(name, WORDS).endswith(" …")
    assert style.wrapped(name, WORDS).count("\n") == 2
