"""Pictures judged by what is drawn where, and by the sentences that stand for them.

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
from slanb.dictionary.messages import Message
from slanb.estimates import settling
from slanb.plots import Picture, fitted, style
from slanb.plots.run_off import REASONS
from tests.plot_kinds import KINDS, NAN, WORDS, legend, overlaps, texts


@pytest.fixture(autouse=True)
def closed_figures():
    plt.close("all")
    yield
    plt.close("all")


def draw(name, frame=None, **more):
    return KINDS[name].draw(frame, **more)


def says(name, frame=None, **more):
    return KINDS[name].says(frame, **more)


def frame_of(name):
    return KINDS[name].frame


def heights(ax):
    return [bar.get_height() for bar in ax.patches]


def hatches(ax):
    return [bar.get_hatch() for bar in ax.patches]


def marked(ax, marker):
    """Where dots of a kind stand: (x, y)."""
    return [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() == marker]


def marked_all(ax, marker):
    """How high the dots of a kind stand."""
    return [high for line in ax.lines if line.get_marker() == marker for high in line.get_ydata()]


# -- the picture


def test_a_picture_is_a_figure_with_its_meaning_in_words():
    picture = Picture(draw("history"), 'More <b> & "more"')
    page = picture._repr_html_()
    assert page.count("More &lt;b&gt; &amp; &quot;more&quot;") == 2
    assert re.search(r'<figure class="slanb".*<img alt="More [^>]*src="data:image/png;base64,[^"]+">', page)
    assert "<figcaption" in page
    assert repr(picture) == 'More <b> & "more"'
    assert not plt.get_fignums()


def test_the_same_figure_gives_the_same_bytes_whatever_the_users_settings():
    plain = Picture(draw("two_clocks"), "").image
    with plt.style.context("dark_background"), mpl.rc_context({"savefig.dpi": 30, "savefig.bbox": "tight"}):
        assert Picture(draw("two_clocks"), "").image == plain
    assert b"Software" not in plain
    assert b"Date" not in plain


@pytest.mark.parametrize("name", ["history", "goal_map", "trends"])
def test_a_picture_is_wide_enough_for_a_page(name):
    picture = Picture(draw(name), "")
    assert Image.open(io.BytesIO(picture.image)).size[0] == 900
    assert picture.width == 720


@pytest.mark.parametrize("tier", ["見込み客", "عملاء", "🦄"])
def test_letters_the_figures_font_lacks_are_left_to_the_readers_browser(tier):
    frame = frame_of("attainment").assign(tier=[tier, "B", "All"])
    page = Picture(draw("attainment", frame), "")._repr_html_()
    drawn = base64.b64decode(re.search(r"data:image/svg\+xml;base64,([^\"]+)", page)[1]).decode()
    assert tier in drawn
    assert page == Picture(draw("attainment", frame), "")._repr_html_()


# -- how sure, when customers come, where revenue was lost


def test_each_reading_is_marked_by_the_numbers_of_its_frame():
    ax = draw("chance")
    assert marked(ax, "o") == [(200, 0.48), (277, 0.8), (200, 0.21)]  # the records never reach 80 %
    assert {"277", "48%", "21%", "leads needed: 200", "rates as agreed", "rates on record"} <= set(texts(ax))
    assert says("chance") == (
        "At the agreed rates, 200 leads reach the goal with a chance of 48%; a chance of 80% takes 277 "
        "leads. At the rates on record, 200 leads reach it with a chance of 21%; no number of leads makes "
        "it 80%."
    )


def test_the_rate_in_the_end_and_the_age_of_half_are_named():
    ax = draw("run_off")
    assert {"in the end 8.0%", "half after 40 days"} <= set(texts(ax))
    assert marked(ax, "s") == [(15, 0.01)]
    assert says("run_off") == (
        "In the end 8.0% of the leads become customers (7.2% to 8.8%): half of them within 40 days, nine in "
        "ten within 72 days."
    )


@pytest.mark.parametrize("reason", ["still rising at its last age", Message("plots.reason_still_rising")])
def test_where_no_end_is_known_none_is_drawn(reason):
    refused = {"final_age": 50, "reason": reason}
    drawn = texts(draw("run_off", **refused))
    assert "not the end: still rising at its last age" in drawn
    assert not [text for text in drawn if text.startswith("in the end")]
    assert says("run_off", **refused) == (
        "After 50 days, 5.0% of the leads are customers. No final rate is given: still "
        "rising at its last age."
    )


def test_every_reason_of_the_estimates_has_its_words():
    assert set(REASONS) == {settling.STILL_RISING, settling.TOO_FEW, settling.NO_CUSTOMERS}


def test_gap_steps_begin_where_the_last_one_ended_and_carry_their_side():
    ax = draw("gap")
    bars = {round(bar.get_y() + bar.get_height() / 2): bar for bar in ax.patches}
    assert [bars[place].get_width() for place in range(5)] == [100_000, -1000, -30_000, 6000, 75_000]
    assert [bars[place].get_x() for place in (1, 2, 3)] == [100_000, 99_000, 69_000]
    assert legend(ax) == ["marketing", "sales", "both"]
    assert [bars[place].get_hatch() for place in (1, 2, 3)] == [None, "....", "xx"]
    assert ax.get_xlim()[0] == 0
    assert says("gap", frame_of("gap").assign(part=["Number of leads", "Close rate", "Timing"])) == (
        "Closed revenue was €75,000 against €100,000 planned, a difference of -€25,000: Close rate -€30,000 "
        "(sales), Timing +€6,000 (both) and Number of leads -€1,000 (marketing)."
    )


def test_the_fan_opens_from_today_to_the_months_end():
    ax = draw("pace")
    fan = ax.collections[0].get_paths()[0].vertices
    assert fan[:, 0].min() == 2
    assert (fan[fan[:, 0] == 3][:, 1].min(), fan[fan[:, 0] == 3][:, 1].max()) == (38, 45)
    assert {"chance 70%", "Goal 40", "about 42"} <= set(texts(ax))
    assert says("pace") == (
        "30 leads by 3 October 2026; about 42 leads (38 to 45) are expected by the end of the period, and "
        "the chance of reaching the goal of 40 is 70%."
    )
    assert (
        says("pace", frame_of("pace").assign(chance=NAN)) == "The period has not begun: the goal is 40 leads."
    )


# -- goals


def test_goal_lines_are_told_apart_by_dashes_and_by_name():
    ax = draw("goal_lines", due="2026-10-20")
    assert len({line.get_linestyle() + str(line._dash_pattern) for line in ax.lines[:3]}) == 3
    assert legend(ax) == ["even goal line", "by working days", "as past periods went", "Leads"]
    assert list(ax.lines[0].get_ydata()) == list(frame_of("goal_lines")["straight"])
    actual = ax.lines[3]
    assert (len(actual.get_ydata()), actual.get_ydata()[-1], to_hex(actual.get_color())) == (
        14,
        126,
        style.BLUE,
    )
    assert {"Goal 310", "14 Oct: 126", "promised by\n20 Oct"} <= set(texts(ax))
    assert says("goal_lines", due="2026-10-20") == (
        "Leads: 126 leads by 14 October 2026, 14 behind the goal line. By then 140 (even goal line), 137 (by "
        "working days) and 138 (as past periods went) were due. 310 leads are promised by 20 October 2026."
    )
    last = draw("goal_lines", due="2026-10-31", ax=plt.figure().subplots())
    assert not any(text.startswith("promised by") for text in texts(last))


@pytest.mark.parametrize(
    ("actual", "gap"),
    [
        ([12.0] * 5, "38 behind the goal line"),
        ([11.0, 22, 33, 44, 55], "5 ahead of the goal line"),
        ([10.0, 20, 30, 40, 50.3], "on the goal line"),
    ],
)
def test_the_goal_line_says_how_far_ahead_or_behind(actual, gap):
    days = frame_of("goal_lines").drop(columns=["working_days", "profile"])
    days["actual"] = [*actual, *[NAN] * 26]
    assert says("goal_lines", days) == (
        f"Leads: {actual[-1]:.0f} leads by 5 October 2026, {gap}. The goal is 310 leads by 31 October 2026."
    )


def test_equal_lines_are_named_once():
    days = frame_of("goal_lines")
    days = days.assign(working_days=days["straight"], profile=days["straight"])
    assert "By then 140 leads were due on every line." in says("goal_lines", days)


def test_goal_lines_before_the_period_without_a_goal_and_of_another_measure():
    days = frame_of("goal_lines")
    goal = "Leads: the goal is 310 leads by 31 October 2026."
    assert says("goal_lines", days.assign(actual=NAN)) == goal
    no_goal = days.assign(straight=NAN, working_days=NAN, profile=NAN)
    assert says("goal_lines", no_goal) == "Leads: 126 leads by 14 October 2026."
    assert says("goal_lines", days, value="value_delivered").startswith("Value delivered: €126 by 14 October")
    assert draw("goal_lines", value="value_delivered").get_ylabel() == "Value delivered (EUR)"


@pytest.mark.parametrize(
    ("first", "n", "names"),
    [
        ("2026-01-01", 365, ["Jan\n2026", "Feb", "Dec"]),
        ("2026-10-01", 31, ["1 Oct", "8 Oct", "29 Oct"]),
        ("2026-08-23", 35, ["23 Aug", "30 Aug", "20 Sept"]),  # a company's own period
        ("2026-10-05", 7, ["5 Oct", "6 Oct", "11 Oct"]),
    ],
)
def test_days_are_marked_by_day_week_or_month(first, n, names):
    days = pd.DataFrame({"day": pd.date_range(first, periods=n), "straight": 1.0, "actual": 1.0})
    marked = [name.get_text().strip() for name in draw("goal_lines", days).get_xticklabels()]
    assert [*marked[:2], marked[-1]] == names


def test_each_part_has_a_small_goal_line():
    assert [ax.get_title("left") for ax in draw("goal_parts")] == [
        "Tier A\n126 of 310, 14 behind", "Tier B\n252 of 310, 112 ahead", "Segment North"
    ]  # fmt: skip
    assert says("goal_parts") == "Tier A: 126 of 310, 14 behind. Tier B: 252 of 310, 112 ahead."


def test_the_map_marks_each_point_and_moves_the_scenarios():
    ax = draw("goal_map", chosen=(0.06, 320.0))
    points = {(line.get_xdata()[0], line.get_ydata()[0]): line.get_marker() for line in ax.lines}
    assert points == {(0.05, 300.0): "D", (0.04, 280.0): "o", (0.06, 320.0): "*"}
    assert {"agreed", "measured", "scenario"} <= set(texts(ax))
    assert any(text.endswith("leads") for text in texts(ax))  # named level lines
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Close rate (percent)", "Deal size (EUR)")
    frame = frame_of("goal_map")
    plots.move_goal_map(ax, frame.assign(leads=frame["leads"] * 10), chosen=(0.5, 250), words=WORDS)
    assert marked(ax, "*") == [(0.1, 250)]  # at the map's edge
    assert any(text.endswith("0,000 leads") for text in texts(ax))
    assert says("goal_map") == (
        "The agreed close rate of 5.0% and deal size of €300 take about 2,800 leads. The measured 4.0% and "
        "€280 take about 3,750 leads. The whole map goes from 1,050 to 10,500 leads."
    )
    assert "measured" not in says("goal_map", measured=(NAN, NAN))


@pytest.mark.parametrize("name", ["levers", "goal_map"])
def test_what_was_moved_equals_what_is_drawn(name):
    """The bench moves pictures instead of drawing them anew."""
    kind = KINDS[name]
    then = kind.frame.assign(**{column: kind.frame[column] * 1.4 for column in kind.counts})
    now = {"base": 150.0, "base_name": "bold"} if name == "levers" else {"chosen": (0.07, 250.0)}
    before = {"base": 140.0} if name == "levers" else {"chosen": (0.05, 300.0)}
    axes = [plt.figure(layout="constrained").subplots() for _ in range(2)]
    kind.draw(ax=axes[0], **before).figure.canvas.draw()
    getattr(plots, f"move_{name}")(axes[0], then, words=WORDS, **now)
    kind.draw(then, ax=axes[1], **now)
    pixels = []
    for ax in axes:
        ax.figure.canvas.draw()
        pixels.append(np.asarray(ax.figure.canvas.buffer_rgba()))
    assert (pixels[0] == pixels[1]).all()


def test_history_bars_stand_at_their_periods_and_goals_are_steps():
    ax = draw("history")
    complete, running = ax.containers
    assert [bar.get_height() for bar in (*complete, *running)] == [540, 520, 480, 200]
    assert [round(bar.get_x() + bar.get_width() / 2, 9) for bar in (*complete, *running)] == [0, 1, 2, 3]
    assert hatches(ax) == [None, None, None, "////"]
    assert legend(ax) == ["not complete"]
    assert list(ax.lines[0].get_ydata())[2:] == [500, 500, 500, 500, 550, 550]  # none was set in July
    assert [tick.get_text().strip() for tick in ax.get_xticklabels()] == ["Jul\n2026", "Aug", "Sept", "Oct"]
    assert "Goal\n550" in texts(ax)
    assert says("history") == (
        "Leads by month, September 2026: 480 leads against a goal of 500. 1 of 2 complete periods reached "
        "its own goal. October 2026 is not complete."
    )
    ax = draw("history", frame_of("history").assign(leads=[NAN, 0, 480, 200]), ax=plt.figure().subplots())
    assert {"–", "0", "480", "200"} <= set(texts(ax))  # what has no bar, too


def test_history_alone_and_by_quarters():
    alone = frame_of("history").iloc[3:].assign(goal=NAN)
    assert says("history", alone) == "Leads by month, October 2026: 200 leads. October 2026 is not complete."
    quarters = pd.DataFrame({"period": ["2026-Q3"], "revenue": [1e6], "goal": [9e5], "complete": [True]})
    assert says("history", quarters, value="revenue") == (
        "Revenue by quarter, Q3 2026: €1,000,000 against a goal of €900,000. 1 of 1 complete periods reached "
        "its own goal."
    )


def test_history_of_many_periods_names_those_that_fit():
    periods = [str(period) for period in pd.period_range("2024-11", "2026-10", freq="M")]
    frame = pd.DataFrame({"period": periods, "leads": range(24), "goal": 10, "complete": True})
    names = [name.get_text().strip() for name in draw("history", frame).get_xticklabels()]
    assert len(names) <= 13
    assert names[-1] == "Oct"
    assert [name for name in names if "\n" in name] == ["Feb\n2025", "Feb\n2026"]


def test_levers_are_ranked_and_reach_from_end_to_end_around_the_plan():
    ax = draw("levers")
    assert [name.get_text() for name in ax.get_yticklabels()] == ["Close rate", "Deal size", "Quota"]
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert ends == [(110, 180), (140, 140), (125, 170), (140, 140), (130, 145), (140, 140)]
    assert ax.yaxis_inverted()
    assert {"4.0%: 180", "6.5%: 110", "agreed: 140"} <= set(texts(ax))
    low, high = ax.get_xlim()
    assert low < 110 < 180 < high
    assert all(110 <= mark <= 180 for mark in ax.get_xticks())
    assert says("levers") == (
        "Leads needed as agreed: 140. Close rate moves them most: 180 at 4.0% and 110 at 6.5%. Quota moves "
        "them least: 130 at €450,000 and 145 at €510,000."
    )
    assert says("levers", base_name="bold").startswith("Leads needed (bold): 140.")


@pytest.mark.parametrize(
    ("low", "high", "near"), [(606.0, 650.0, "5.0%"), (510.0, 480.0, "5.0%"), (606.0, 606.0, "")]
)
def test_each_end_of_a_lever_is_named_at_its_own_result(low, high, near):
    """A bar of 606 once stood to the left of the agreed 558."""
    frame = frame_of("levers")[1:2].assign(low=low, high=high, low_at="5.0%", high_at="4.6%")
    ax = draw("levers", frame, base=558.0)
    assert overlaps(ax) == ([], [])
    at = {text.get_text(): text.xy[0] for text in ax.texts if text.get_gid()}
    assert at == {f"5.0%: {low:.0f}": low, f"4.6%: {high:.0f}": high}
    whole, bridge = ax.patches
    assert sorted((whole.get_x(), whole.get_x() + whole.get_width())) == sorted((low, high))
    assert bridge.get_x() == 558
    assert bridge.get_x() + bridge.get_width() == (min(low, high) if low > 558 else max(low, high))
    plots.move_levers(ax, frame_of("levers")[1:2], base=140.0, words=WORDS)
    assert {text.get_text(): text.xy[0] for text in ax.texts if text.get_gid()} == {
        "6.5%: 110": 110,
        "4.0%: 180": 180,
    }
    with pytest.raises(ValueError, match="1 levers were drawn, but 3 are given"):
        plots.move_levers(ax, frame_of("levers"), base=140.0, words=WORDS)


def test_an_impossible_end_is_said_to_be_impossible():
    frame = frame_of("levers")[1:2].assign(low=np.inf, low_at="0.0%")
    ax = draw("levers", frame)
    assert "0.0%: not possible" in texts(ax)
    assert (ax.patches[0].get_x(), ax.patches[0].get_width()) == (110, 30)
    assert says("levers", frame) == (
        "Leads needed as agreed: 140. Close rate moves them most: not possible at 0.0% and 110 at 6.5%."
    )


# -- tiers


def test_lead_values_show_realised_agreed_and_how_many():
    ax = draw("lead_values")
    realised, agreed = ax.lines
    assert (realised.get_marker(), agreed.get_marker()) == ("o", "D")
    assert agreed.get_markerfacecolor() == "none"
    assert legend(ax) == ["interval", "realised", "agreed"]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert (names[0], names[3]) == ("A\n(n = 120)", "(blank)\n(n = 4)")
    assert "too few customers to tell" in texts(ax)
    assert ax.yaxis_inverted()
    assert says("lead_values") == (
        "A: €260 per lead; the records bear out the agreed €300. B: €150 per lead; the records support more "
        "than the agreed €120. C: €30 per lead; the records support less than the agreed €60. (blank): too "
        "few customers to tell; €40 is agreed. D: €20 per lead; no value is agreed."
    )


def test_attainment_shows_number_and_value_side_by_side():
    ax = draw("attainment")
    number, value = ax.containers
    assert [bar.get_width() for bar in (*number, *value)] == [0.8, 0, 1.02, 0.75, 0, 0.93]
    assert hatches(ax) == [None] * 3 + ["...."] * 3
    assert ax.lines[0].get_xdata()[0] == 1
    assert {"goal", "80%", "–", "102%", "93%"} <= set(texts(ax))
    assert ax.get_xlim()[1] > 1.02
    assert says("attainment") == (
        "A reached 80% of the goal in number and 75% in value. B had no goal. All reached 102% of the goal "
        "in number and 93% in value."
    )


# -- trends


def test_trends_share_their_periods_and_young_cohorts_are_hollow():
    rate, size = draw("trends")
    assert (rate.get_title("left"), size.get_title("left")) == ("Close rate", "Deal size")
    assert (rate.get_ylabel(), size.get_ylabel()) == ("percent", "EUR")
    assert rate.get_xlim() == size.get_xlim()
    assert "n = 480 to 512 in a period" in texts(rate)
    hollow = next(line for line in rate.lines if line.get_markerfacecolor() == "white")
    full = next(line for line in rate.lines if line.get_marker() == "o" and line is not hollow)
    assert np.isnan(hollow.get_ydata()).tolist() == [True, True, False, False]
    assert np.isnan(full.get_ydata()).tolist() == [False, False, True, True]
    assert legend(rate) == ["interval", "young: outcome still open"]
    spans = [tuple(segment[:, 1]) for segment in rate.collections[0].get_segments()]
    assert spans == [(0.04, 0.06), (0.031, 0.054), (0.01, 0.03), (0, 0.01)]
    stepped = next(line for line in rate.lines if len(line.get_xdata()) == 8)
    assert list(stepped.get_ydata()) == [0.045, 0.045, *[0.05] * 6]
    assert {"agreed 5.0%", "4.2%"} <= set(texts(rate))  # the latest that can be judged, not a young one


def test_trends_in_words():
    rates = frame_of("trends").query("metric == 'close_rate'")
    assert says("trends", rates) == (
        "Close rate by month, August 2026: 4.2% (3.1% to 5.4%); 5.0% was agreed. Over 2 periods it ran from "
        "4.2% to 5.0%. September 2026 and October 2026 are too young to judge."
    )
    assert says("trends", rates.assign(young=True)) == "Close rate: no period is old enough to judge."
    alike = rates.assign(value=0.629, low=0.629, high=0.629, agreed=NAN, young=False)
    assert says("trends", alike) == (
        "Close rate by month, October 2026: 62.9% (62.9%). It was 62.9% in each of the 4 periods."
    )


def test_two_clocks_differ_by_marker_and_name():
    ax = draw("two_clocks")
    assert {line.get_marker() for line in ax.lines} - {"None"} == {"o", "s", "_"}
    assert {"by creation\n(cohort basis)", "by closing\n(closing basis)"} <= set(texts(ax))
    hollow = next(line for line in ax.lines if line.get_markerfacecolor() == "white")
    assert np.nansum(hollow.get_ydata()) == 0.01  # the young cohort; closings are never young
    dashes = next(line for line in ax.lines if line.get_marker() == "_")
    assert (dashes.get_ydata().tolist(), dashes.get_color()) == ([0.135, 0.12, 0.055], style.INK)
    assert says("two_clocks") == (
        "Of the leads created in September 2026, 12.0% have become customers (cohort basis). The customers "
        "won in September 2026 come to 14.0% of them (closing basis), a difference of +2.0 percentage "
        "points. October 2026 is too young to judge. Corrected for its age, October 2026 reads 5.5% (3.0% to "
        "8.0%)."
    )


# -- follow-up


def test_a_share_counts_the_decided_leads_in_bar_label_and_sentence():
    """24 of 26 decided and 26 pending were once drawn as 46 % and said as 92.3 %."""
    day = pd.DataFrame(
        {"period": ["2026-10-30"], "kept": [24], "missed": [2], "pending": [26], "goal": [0.9]}
    )
    ax = draw("kept", day)
    assert heights(ax) == [pytest.approx(24 / 26)]
    assert {"92", "26\npending"} <= set(texts(ax))
    assert legend(ax) == ["26 leads are pending and not counted"]
    assert says("kept", day) == (
        "Followed up in time by day, 30 October 2026: 92.3% of 26 leads; 90% was promised. 26 more "
        "are pending."
    )


def test_kept_by_month():
    ax = draw("kept")
    assert heights(ax) == pytest.approx([0.8, 0.92, 0.75])
    assert hatches(ax) == [None, None, "////"]
    assert {"80", "92", "75", "Promised\n90%", "20\npending"} <= set(texts(ax))
    assert says("kept") == (
        "Followed up in time by month, October 2026: 75.0% of 40 leads; 90% was promised. 20 more are "
        "pending. The promise was kept in 1 of 2 decided periods, with shares of 80.0% to 92.0%."
    )
    settled = frame_of("kept").iloc[:2].drop(columns="running")
    assert draw("kept", settled, ax=plt.figure().subplots()).get_legend() is None
    assert (
        says("kept", settled.assign(goal=NAN))
        == "Followed up in time by month, September 2026: 92.0% of 100 leads."
    )


@pytest.mark.parametrize(
    ("kept", "missed", "pending", "said"),
    [
        (114, 9, 9, "kept in 2 of 2 decided"),  # 114 of 132 are 86 %, even if the nine are missed
        (60, 31, 9, "kept in 1 of 2 decided"),  # 69 of 100, even if the nine are kept
        (75, 16, 9, ""),
    ],
)
def test_a_period_is_decided_once_no_pending_lead_can_change_it(kept, missed, pending, said):
    counts = {"kept": [90, kept], "missed": [10, missed], "pending": [0, pending], "goal": 0.8}
    text = says("kept", pd.DataFrame({"period": ["2026-09", "2026-10"], **counts}))
    assert said in text if said else "decided periods" not in text


def test_the_average_time_stands_against_the_time_agreed():
    month, week, _ = draw("times")
    assert heights(month) == [3.5, 6.2, 4.4]
    assert list(month.lines[1].get_ydata()) == [8, 8, 4, 4, 4, 4]
    assert marked_all(month, "D") == [1.5, 2, 1.75]
    assert {"3.5", "6.2", "4.4", "90", "70", "73", "at most\n4 hrs"} <= set(texts(month))
    assert (legend(month), week.get_legend()) == (["median", "the promise changed"], None)
    assert says("times") == (
        "Average time to the first attempt by month, October 2026: 4.4 hrs (at most 4 hrs was agreed), half "
        "of the leads within 1.8 hrs. 72.8% were in time. The average was within the agreed time in 1 of 3 "
        "periods. From September 2026 on the promise was 4 hours; before it was 8 hours. By week, it was "
        "within the agreed time in 1 of 3 weeks. From 12 October 2026 on the promise was 4 hours; before it "
        "was 8 hours. By day, it was within the agreed time on 1 of 3 days. From 12 October 2026 on the "
        "promise was 4 hours; before it was 8 hours."
    )
    running = frame_of("times").iloc[:3].assign(running=[False, False, True], goal=NAN, in_time=NAN)
    (month,) = draw("times", running.drop(columns="promise"))
    assert hatches(month) == [None, None, "////"]
    assert says("times", running.drop(columns="promise")) == (
        "Average time to the first attempt by month, October 2026: 4.4 hrs, half of the leads within 1.8 hrs."
    )


@pytest.mark.parametrize(
    ("name", "promises", "places", "said"),
    [
        ("kept", ["8 hours", "4 hours", "4 hours"], [0.5], "From September 2026 on the promise was 4 hours"),
        ("kept", [None, "4 hours", "4 hours"], [], ""),  # before it there was none
        (
            "kept",
            ["8 hours", None, "4 hours"],
            [1.5],
            "From October 2026 on the promise was 4 hours; before it ",
        ),
        (
            "history",
            ["3", "4", "5", "5"],
            [0.5, 1.5],
            "From August 2026 on the promise was 4; before it was 3.",
        ),
    ],
)
def test_where_a_promise_changed_each_trend_marks_it(name, promises, places, said):
    frame = frame_of(name).assign(promise=promises)
    ax = draw(name, frame)
    upright = [line.get_xdata()[0] for line in ax.lines if list(line.get_ydata()) == [0, 1]]
    assert upright == places
    assert legend(ax).count("the promise changed") == bool(places)
    assert (said in says(name, frame)) if said else "before it" not in says(name, frame)
    assert overlaps(ax) == ([], [])


def test_the_curve_of_waiting_rises_in_steps_to_those_attempted():
    ax = draw("waiting")
    line = ax.lines[0]
    assert line.get_drawstyle() == "steps-post"
    assert line.get_xdata().tolist() == [0, 0.5, 1, 4, 9, 9]
    assert line.get_ydata().tolist() == pytest.approx([0, 0.2, 0.4, 0.7, 0.8, 0.8])
    assert marked(ax, "D") == [(4, 0.9)]
    assert marked(ax, "o") == [(4, pytest.approx(0.7))]
    assert {"promised 90% by 4 hours", "70% then", "80%"} <= set(texts(ax))
    assert ax.get_xlabel() == "Working hours waited (n = 10 leads)"
    assert draw("waiting", working=False).get_xlabel() == "Hours waited (n = 10 leads)"
    assert says("waiting") == (
        "70.0% of 10 leads had a first attempt within 4 hours; 90% was promised. 80.0% had one within 9 "
        "hours. Only working hours count, and leads still waiting are included."
    )


def test_without_a_promise_the_curve_stands_alone():
    nothing = {"hours": NAN, "share": NAN, "working": False}
    assert not marked(draw("waiting", **nothing), "D")
    assert says("waiting", **nothing) == (
        "80.0% of 10 leads had a first attempt within 9 hours. Leads still waiting are included."
    )


def test_each_attempt_stands_with_its_interval_and_its_leads():
    ax = draw("connects")
    (intervals,) = ax.collections
    spans = [segment[:, 1].tolist() for segment in intervals.get_segments()]
    assert spans == [[0.28, 0.32], [0.17, 0.23], [0.05, 0.18]]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1\n1,000", "2\n600", "3\n40"]
    assert {"30%", "20%", "10%", "promised"} <= set(texts(ax))
    assert says("connects") == (
        "Attempt 1 connected 30.0% (28.0% to 32.0%) of the 1,000 leads tried so often. Attempt 3 connected "
        "10.0% (5.0% to 18.0%) of the 40 leads tried so often."
    )


def test_attempts_and_leads_stand_side_by_side():
    ax = draw("work")
    assert heights(ax) == [2000, 900, 700, 400]
    assert hatches(ax) == [None, None, "....", "...."]
    assert "so far" in texts(ax)
    assert says("work") == (
        "In October 2026 so far, 900 attempts were made on 400 leads of all sources. In September 2026, "
        "2,000 attempts were made on 700 leads of all sources."
    )


def test_hours_beyond_those_there_are_differ_by_more_than_colour():
    ax = draw("hours")
    assert heights(ax) == [50, 90, 120, 140]
    assert hatches(ax) == [None, None, "....", "...."]
    assert legend(ax) == ["fits", "more than there are"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1\n", "2\n", "3\npromised", "4\n"]
    assert "there are\n100 hrs" in texts(ax)
    assert says("hours") == (
        "The promise of 3 attempts on each lead takes 120 hours. There are 100 hours. At most 2 attempts on "
        "each lead fit."
    )
    frame = frame_of("hours")
    assert says("hours", frame.assign(available=10.0)).endswith("Not even one attempt on each lead fits.")
    assert says("hours", frame.assign(available=200.0)).endswith("Even 4 attempts on each lead fit.")


# -- the house look


def test_colours_of_letters_can_be_read():
    """WCAG 2.2, 1.4.3: 4.5 to 1 on white."""
    for colour in (style.BLUE, style.BROWN, style.INK, style.MUTED):
        parts = [int(to_hex(colour)[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        assert 1.05 / (np.dot([0.2126, 0.7152, 0.0722], linear) + 0.05) >= 4.5


def test_marks_are_fitted_once_for_a_range():
    shown = []
    fitting = style.Fitting(lambda: 300, lambda mark: shown.append(mark) or f"{mark:,.0f}")
    marks, before = fitting.tick_values(0, 1000), len(shown)
    assert fitting.tick_values(0, 1000) == marks
    assert len(shown) == before
    fitting.within = (0, 500)
    assert max(fitting.tick_values(0, 1000)) == 500


def test_labels_at_one_place_are_moved_apart_in_their_order():
    with style.drawing(style.figure(3.0).subplots()) as ax:
        ax.set(xlim=(0, 10), ylim=(0, 10))
        for place in (5.0, 5.1, 4.9, 0.0, 0.0):
            style.beside(ax, 5, place, f"at {place}")
    assert overlaps(ax) == ([], [])
    tops = {text.get_text(): text.get_window_extent().y1 for text in ax.texts}
    assert tops["at 4.9"] < tops["at 5.0"] < tops["at 5.1"]
    assert min(text.get_window_extent().y0 for text in ax.texts) > ax.bbox.y0 - 2


def test_long_names_are_shortened_visibly():
    name = "Chief executives of enterprises with more than five thousand employees in the north"
    assert fitted.wrapped(name).endswith(" …")
    assert fitted.wrapped(name).count("\n") == 2
