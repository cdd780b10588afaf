"""The planning bench without a browser: scenarios, answers, goal seek, mixes, and what the widgets do."""

import itertools
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slanb import formulas
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.explore import (
    ANSWERS,
    Answers,
    Scenario,
    best_mix,
    cheapest_improvements,
    compare,
    elasticities,
    explore,
    gather,
    knobs_of,
    seek,
    seek_all,
)
from slanb.explore.breaks import breaking_points
from slanb.explore.comparison import differences, side_by_side
from slanb.explore.goal_seek import VOLUME
from slanb.explore.mix import bounds_of, usual_mix
from slanb.open_period import Page
from slanb.periods import parse_period
from slanb.terms.goals import goals_of
from slanb.terms.scenarios import load_scenario, proposed
from tests.small import GUIDE, TIERED, agreement, company

WORDS = Wording("en_GB", "EUR")
FEBRUARY = parse_period("2026-02")
FOLLOWED = (
    TIERED
    + """
  segments:
    North: {share: 0.6}
    South: {share: 0.4}
  sales_cycle_days: 30
  speed: {hours: 4, share: 0.9}
  depth: {attempts: 4, within_days: 14, share: 0.5}
  capacity: {reps: 2, hours_per_rep_per_week: 10, minutes_per_attempt: 6}
"""
)


def scenario_of(folder, plan=TIERED) -> Scenario:
    return Scenario(agreement(folder, plan), FEBRUARY)


@pytest.fixture(scope="module")
def tiered(tmp_path_factory):
    return scenario_of(tmp_path_factory.mktemp("tiered"))


@pytest.fixture(scope="module")
def guide(tmp_path_factory):
    return scenario_of(tmp_path_factory.mktemp("guide"), GUIDE)


def people(tier: str, n: int, won: int, month: str = "2026-01") -> list[tuple]:
    return [
        (f"{month}-{1 + k % 27:02d} 10:00", "marketing", tier, 1 if k < won else None, 250.0)
        for k in range(n)
    ]


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("opened")
    terms = agreement(folder, FOLLOWED)
    leads = [
        *people("A", 40, 6),
        *people("B", 60, 3),
        *people("A", 60, 6, "2026-02"),
        *people("B", 40, 2, "2026-02"),
    ]
    return Page(company(leads), terms, FEBRUARY, {}, None), str(folder / "agreement.yml")


@pytest.fixture(scope="module")
def suggested(opened):
    return gather(opened[0])


@pytest.fixture
def bench(opened):
    return explore(opened[0], agreement=opened[1])


# ---------------------------------------------------------------- scenarios


def test_a_moved_value_is_a_what_if_like_any_other(tiered):
    moved = tiered.with_value(("quota",), 20000).with_value(("tiers", "A", "deal_size"), 600)
    assert moved.changes == {"quota": 20000, "tiers": {"A": {"deal_size": 600}}}
    expected = goals_of(tiered.terms, FEBRUARY, moved.changes).total
    pd.testing.assert_series_equal(moved.goals.total, expected)


def test_moved_back_nothing_is_left_to_keep(tiered):
    moved = tiered.with_value(("close_rate",), 0.08)
    assert moved.with_value(("close_rate",), tiered.value(("close_rate",))).changes == {}
    assert tiered.with_value(("quota",), 5).with_value(("quota",), 10000).changes == {}


def test_a_tier_moved_after_the_whole_leaves_the_other_tiers_where_they_were(tiered):
    doubled = tiered.with_value(("close_rate",), 2 * tiered.value(("close_rate",)))
    assert doubled.value(("tiers", "B", "close_rate")) == pytest.approx(0.1)
    moved = doubled.with_value(("tiers", "A", "close_rate"), 0.3)
    assert moved.value(("tiers", "B", "close_rate")) == pytest.approx(0.1)
    assert moved.value(("tiers", "A", "close_rate")) == 0.3


def test_other_shares_give_way_in_proportion(tmp_path):
    three = (
        TIERED.replace("A: {share: 0.5", "A: {share: 0.2")
        + "    C: {share: 0.3, close_rate: 0.02, deal_size: 9}"
    )
    moved = scenario_of(tmp_path, three).with_value(("tiers", "A", "share"), 0.6)
    assert moved.value(("tiers", "B", "share")) == pytest.approx(0.25)  # 0.4 in the proportion 5 : 3
    assert moved.value(("tiers", "C", "share")) == pytest.approx(0.15)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("close_rate",), 5.0, "5 % is 0.05"),
        (("close_rate",), 0.9, r"tiers.A.close_rate would be"),
        (("tiers", "A", "share"), 1.2, "between 0 and 1"),
        (("quota",), -1.0, "at least 0"),
        (("confidence",), 1.0, "confidence"),
    ],
)
def test_what_is_not_possible_is_refused_in_words(tiered, path, value, told):
    with pytest.raises(SlanbError, match=told):
        tiered.with_value(path, value)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [("quota",), ("close_rate",), ("deal_size",), ("marketing_share",)]
                + [
                    ("tiers", tier, key)
                    for tier in "AB"
                    for key in ("share", "close_rate", "deal_size", "value")
                ]
            ),
            st.floats(0.02, 0.3),
        ),
        max_size=6,
    )
)
def test_whatever_is_moved_the_kept_changes_give_the_same_plan(tiered, moves):
    moved = tiered
    for path, value in moves:
        try:
            moved = moved.with_value(path, value)
        except SlanbError:
            continue
        assert moved.value(path) == pytest.approx(value, rel=1e-5)
    kept = Scenario(tiered.terms, FEBRUARY, moved.tidied().changes)
    assert kept.goals.total["leads"] == pytest.approx(moved.goals.total["leads"], rel=1e-6)


# ---------------------------------------------------------------- goal seek


@pytest.mark.parametrize(
    ("path", "expected"),
    [  # 100 leads are needed, 80 come: one quarter more of the rate or size, a fifth less of the goal
        (("close_rate",), 0.625),
        (("deal_size",), 125.0),
        (("quota",), 4000.0),
        (("marketing_share",), 0.8),
    ],
)
def test_goal_seek_on_the_guides_example(guide, path, expected):
    assert seek(guide, path, 80)[0] == pytest.approx(expected)


def test_what_is_sought_makes_the_leads_suffice(tiered):
    needed = tiered.goals.total["leads"]
    for path in [("close_rate",), ("tiers", "A", "close_rate"), ("tiers", "B", "deal_size")]:
        value, leads = seek(tiered, path, needed * 0.8)
        assert leads == pytest.approx(needed * 0.8)
        assert tiered.with_value(path, value).goals.total["leads"] == pytest.approx(needed * 0.8)


def test_what_cannot_do_is_said_to_and_how_near_it_comes(guide, tiered):
    assert seek(guide, ("close_rate",), 40) == (None, pytest.approx(50))  # everyone buys: 50 leads
    value, nearest = seek(tiered, ("tiers", "A", "close_rate"), 1)
    assert value is None
    # All of A buy, B is as before: 3000 / 300 leads of A, 3000 / 200 / 0.05 of B.
    assert nearest == pytest.approx(10 + 300)


def test_leads_that_come_must_be_some(guide):
    with pytest.raises(SlanbError, match="above 0"):
        seek(guide, ("quota",), 0)


def test_elasticities_of_the_chain_are_one_and_those_of_tiers_their_part(tiered):
    slopes = elasticities(tiered)
    assert slopes[("quota",)] == pytest.approx(1, rel=1e-6)
    assert slopes[("close_rate",)] == pytest.approx(-1, rel=1e-6)
    assert slopes[("deal_size",)] == pytest.approx(-1, rel=1e-6)
    # 3000 / 300 / 0.1 = 100 leads of A, 3000 / 200 / 0.05 = 300 of B
    assert slopes[("tiers", "A", "close_rate")] == pytest.approx(-0.25, abs=1e-3)
    assert slopes[("tiers", "B", "close_rate")] == pytest.approx(-0.75, abs=1e-3)


def test_equal_efforts_share_the_gap_of_the_guides_example(guide):
    found = cheapest_improvements(guide, 80)
    assert found.enough
    assert found.leads == pytest.approx(found.available)
    # Three levers of elasticity 1 close a gap of 1.25 together: each grows by its cube root.
    assert found.levers["change"].tolist() == pytest.approx([1.25 ** (1 / 3) - 1] * 3)


def test_the_least_effort_is_less_than_any_other_that_suffices(tiered):
    efforts = {VOLUME: 3.0, ("tiers", "B", "close_rate"): 2.0}
    needed = tiered.goals.total["leads"]
    found = cheapest_improvements(tiered, needed / 1.1, efforts=efforts, most=0.5)

    def effort(changes):
        return sum(efforts.get(path, 1.0) * math.log1p(change) ** 2 for path, change in changes.items())

    best = dict(zip(found.levers["path"], found.levers["change"], strict=True))
    for one, other in itertools.permutations(best, 2):
        tried = best | {one: best[one] * 0.7}
        for k in range(80):  # as much more of the other as it takes
            tried[other] = best[other] * 1.05**k
            values = {p: tiered.value(p) * (1 + c) for p, c in tried.items() if p != VOLUME}
            if tiered.with_values(values).goals.total["leads"] <= needed / 1.1 * (1 + tried[VOLUME]):
                break
        else:
            continue
        assert effort(tried) >= effort(best) * (1 - 2e-3)


def test_limits_hold_and_not_enough_is_said(guide):
    found = cheapest_improvements(guide, 80, most=0.05)
    assert not found.enough
    assert found.levers["change"].max() <= 0.05 + 1e-12
    assert found.levers["at_limit"].all()
    assert cheapest_improvements(guide, 120).levers["change"].tolist() == [0, 0, 0]
    with pytest.raises(SlanbError, match="effort of close_rate is 0"):
        cheapest_improvements(guide, 80, efforts={("close_rate",): 0.0})


# ---------------------------------------------------------------- mixes


TIERS = pd.DataFrame(
    {"tier": ["A", "B", "C"], "value": [100.0, 40, 10], "low": [0, 5, 10], "high": [9, 20, 50]}
)


@pytest.mark.parametrize("goal", [0, 305, 900, 1234, 1600, 2200])
def test_the_best_mix_is_the_one_found_by_trying_them_all(goal):
    found = best_mix(TIERS, goal)
    ranges = [range(int(row.low), int(row.high) + 1) for row in TIERS.itertuples()]
    fits = [
        mix
        for mix in itertools.product(*ranges)
        if sum(n * v for n, v in zip(mix, (100, 40, 10), strict=True)) >= goal
    ]
    assert found.reached
    assert found.leads == min(map(sum, fits))


def test_bounds_that_do_not_reach_the_goal_are_told_with_the_most_they_bring():
    found = best_mix(TIERS, 10_000)
    assert not found.reached
    assert (found.leads, found.brings) == (79, 900 + 800 + 500)


def test_bounds_that_exclude_each_other_are_refused():
    with pytest.raises(SlanbError, match="tier B: from 30 to 20"):
        best_mix(TIERS.assign(low=[0, 30, 10]), 500)


def test_what_the_mix_of_late_brings(tiered):
    arrivals = pd.DataFrame({"A": [10.0], "B": [30.0]}, index=["2026-01"])
    tiers = tiered.goals.by("tier")
    usual = usual_mix(tiers, arrivals, 200)
    assert usual["came_leads"].tolist() == [50, 150]
    assert usual["came_brings"].tolist() == [50 * 40, 150 * 10]  # a lead of B: 0.05 x 200
    assert bounds_of(arrivals)["high"].tolist() == [10, 30]


# ---------------------------------------------------------------- answers and evidence


def test_answers_are_those_of_the_formulas(opened, suggested):
    scenario = Scenario(opened[0].terms, FEBRUARY).with_value(("quota",), 12000)
    numbers = Answers(scenario, suggested).numbers
    # 12000 x 0.6 = 7200, half of each tier: 3600 / 300 = 12 customers of A, 3600 / 200 = 18 of B
    assert numbers["customers"] == pytest.approx(30)
    assert numbers["leads"] == pytest.approx(12 / 0.1 + 18 / 0.05)
    assert numbers["value"] == pytest.approx(120 * 40 + 360 * 10)
    assert numbers["daily"] == pytest.approx(480 / 28)
    # No attempt is on record, so all four promised are expected: 480 x 4 x 6 minutes.
    assert numbers["hours"] == pytest.approx(formulas.follow_up_hours(480, attempts=4, minutes=6)) == 192
    assert numbers["leads_sure"] >= numbers["leads"]
    assert 0 < numbers["chance"] < 1


def test_evidence_is_counted_from_the_records(suggested):
    assert suggested.arrivals.loc["2026-02"].tolist() == [60, 40]
    assert suggested.lately.tolist() == suggested.arrivals.tail(3).mean().tolist()
    low, high = suggested.ranges[("close_rate",)]
    assert low < 17 / 200 < high


def test_only_periods_of_the_measure_have_scenarios(opened):
    quarter = parse_period("2026-Q1")
    with pytest.raises(SlanbError, match="of one month"):
        gather(Page(opened[0].facts, opened[0].terms, quarter, {}, None))


def test_a_promise_breaks_where_hours_meet(opened, suggested):
    bandwidth = Answers(Scenario(opened[0].terms, FEBRUARY), suggested).bandwidth
    points = breaking_points(bandwidth).set_index("key")["breaks"]
    # Hours needed: 400 leads x 4 x 6 / 60 = 160; there are 2 x 10 x 4 = 80 (four Mondays).
    assert bandwidth.hours_needed == pytest.approx(160)
    assert bandwidth.hours_available == pytest.approx(80)
    assert points["leads"] == pytest.approx(200)
    assert points["reps"] == pytest.approx(4)
    assert points["minutes_per_attempt"] == pytest.approx(3)
    assert points["automated_share"] == pytest.approx(0.5)
    assert math.isnan(points["marketing_sourced_share"])  # all of the time is not enough


def test_scenarios_side_by_side(opened, suggested):
    agreed = Scenario(opened[0].terms, FEBRUARY)
    knobs = knobs_of(agreed, suggested, WORDS)
    named = {
        "agreed": Answers(agreed, suggested),
        "more": Answers(agreed.with_value(("quota",), 20000), suggested),
    }
    frame = compare(named)
    row = frame[(frame["scenario"] == "more") & (frame["key"] == "leads")].iloc[0]
    assert (row["value"], row["change"]) == (pytest.approx(800), pytest.approx(400))
    table = side_by_side(frame, WORDS)
    assert list(table.columns) == ["answer", "agreed", "more"]
    assert len(table) == len(ANSWERS)
    assert differences(named, knobs, WORDS).values.tolist() == [["Quota", "€10,000", "€20,000"]]  # noqa: PD011
    with pytest.raises(SlanbError, match="at most 4"):
        compare({str(n): named["agreed"] for n in range(6)})


def test_knobs_mark_what_the_records_suggest_and_reach_it(opened, suggested):
    agreed = Scenario(opened[0].terms, FEBRUARY)
    for path, knob in knobs_of(agreed, suggested, WORDS).items():
        assert knob.low <= knob.agreed <= knob.high, path
        assert knob.at_step(knob.on_grid(knob.agreed)) == knob.agreed
        if knob.observed:
            assert knob.low <= knob.observed[0] <= knob.observed[1] <= knob.high, path


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        (("close_rate",), "8.9 %", 0.089),
        (("close_rate",), "0.089", 0.089),
        (("quota",), "€420,000", 420000),
        (("quota",), "420 000", 420000),
        (("depth", "attempts"), "6", 6),
    ],
)
def test_values_are_read_as_people_type_them(opened, suggested, path, text, value):
    knob = knobs_of(Scenario(opened[0].terms, FEBRUARY), suggested, WORDS)[path]
    assert knob.read(text, WORDS) == value
    assert knob.read(knob.shown(value, WORDS), WORDS) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "much", "8.9.9", "12 apples", "5 %", "1e999"])
def test_what_is_no_amount_is_refused_with_an_example(opened, suggested, text):
    knob = knobs_of(Scenario(opened[0].terms, FEBRUARY), suggested, WORDS)[("quota",)]
    with pytest.raises(SlanbError, match="Quota"):
        knob.read(text, WORDS)


def test_germans_type_commas(opened, suggested):
    words = Wording("de", "EUR")
    knob = knobs_of(Scenario(opened[0].terms, FEBRUARY), suggested, words)[("close_rate",)]
    assert knob.read("8,9 %", words) == 0.089
    assert knob.read("0.089", words) == 0.089


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "420.000", ("€420", "€420,000")),
        ("de", "420,000", ("420 €", "420.000 €")),
        ("en", "420,000", None),
        ("de", "420.000", None),
        ("en", "1,420.000", None),
        ("en", "0.125", None),
        ("en", "42.50", None),
    ],
)
def test_a_number_that_could_be_two_says_how_it_was_read(opened, suggested, language, text, told):
    words = Wording(language, "EUR")
    knob = knobs_of(Scenario(opened[0].terms, FEBRUARY), suggested, words)[("quota",)]
    other = knob.confusable(text, words)
    shown = [knob.shown(value, words).replace("\xa0", " ") for value in (knob.read(text, words), other or 0)]
    assert (None if other is None else tuple(shown)) == told


# ---------------------------------------------------------------- the bench


def test_a_slider_moves_the_answers_the_figures_and_what_hangs_together(bench):
    pictures = bench.goals.tornado.widget.value, bench.goals.map.widget.value
    field = bench.goals.fields[("quota",)]
    field.slider.value = field.knob.on_grid(12000)
    expected = bench.agreed.numbers["leads"] * bench.scenario.plan.quota / 10000
    assert bench.answers.numbers["leads"] == pytest.approx(expected)
    assert WORDS.value(expected, "leads") in bench.sentence.value
    assert f"<b>{WORDS.number(expected)}</b>" in bench.tiles.value
    assert field.entry.value == field.knob.shown(bench.scenario.plan.quota, WORDS)
    assert bench.goals.tornado.widget.value != pictures[0]
    assert bench.goals.map.widget.value != pictures[1]


def test_a_typed_value_may_lie_beyond_the_slider(bench):
    field = bench.goals.fields[("quota",)]
    field.entry.value = "99,000"
    assert bench.scenario.changes == {"quota": 99000}
    assert field.slider.max >= 99000
    assert field.entry.value == "€99,000"
    narrow = field.slider.min, field.slider.max
    field.entry.value = "99.000"
    assert "Read as €99; for €99,000, type it so." in field.note.value
    field.entry.value = "1e9"
    bench.reset.click()
    assert bench.scenario.changes == {}
    assert field.slider.max - field.slider.min <= narrow[1] - narrow[0]
    assert field.slider.value == field.knob.on_grid(field.knob.agreed)


def test_a_refused_value_moves_nothing_and_is_told_beside_its_field(bench):
    field = bench.goals.fields[("close_rate",)]
    field.entry.value = "500 %"
    assert bench.scenario.changes == {}
    assert "Close rate: 500 % is not allowed, 0 % to 100 % is." in field.note.value
    field.entry.value = "5"
    assert "close_rate is 5.0, but a share" in field.note.value
    field.entry.value = "6 %"
    assert "refused" not in field.note.value
    assert bench.scenario.plan.blended().close_rate == pytest.approx(0.06)


def test_the_browsers_answer_with_the_nearest_step_is_no_move(bench):
    for field in bench.goals.fields.values():
        field.slider.value = field.knob.on_grid(field.knob.agreed) + field.knob.step * 0.3
    assert bench.scenario.changes == {}


def test_other_fields_follow(bench):
    bench.goals.folds.selected_index = 1
    bench.move(("close_rate",), 0.1)
    assert bench.goals.fields[("tiers", "A", "close_rate")].entry.value == "16%"  # 0.1 x 0.1 / 0.0625
    bench.reset.click()
    assert bench.goals.fields[("close_rate",)].entry.value == "6.25%"
    assert bench.scenario.changes == {}


def test_a_figure_is_moved_not_drawn_anew(bench, monkeypatch):
    from slanb import plots

    def never(*_, **__):
        raise AssertionError("drawn anew")

    monkeypatch.setattr(plots, "plot_levers", never)
    monkeypatch.setattr(plots, "plot_goal_map", never)
    axes = bench.goals.tornado._axes
    bench.move(("quota",), 12345.0)
    assert bench.goals.tornado._axes is axes
    width = axes.patches[0].get_width()
    bench.move(("quota",), 24690.0)
    assert axes.patches[0].get_width() == pytest.approx(2 * width)


def test_moved_figures_are_those_drawn_for_the_scenario(bench, suggested):
    from slanb.explore.live import Tornado

    bench.move(("close_rate",), 0.05)
    fresh = Tornado(WORDS, bench.agreed.suggested)
    fresh.show(bench.scenario)
    moved, drawn = bench.goals.tornado._axes, fresh._axes
    assert [text.get_text() for text in moved.texts] == [text.get_text() for text in drawn.texts]
    assert moved.get_xlim() == pytest.approx(drawn.get_xlim())


def test_a_moved_map_is_the_one_drawn_for_the_scenario(bench, suggested):
    from slanb.explore.live import GoalMap

    bench.move(("quota",), 17000.0)
    bench.move(("close_rate",), 0.07)
    fresh = GoalMap(WORDS, bench.agreed.suggested, bench.agreed.scenario)
    fresh.show(bench.scenario)
    moved, drawn = bench.goals.map._axes, fresh._axes
    assert sorted(text.get_text() for text in moved.texts) == sorted(text.get_text() for text in drawn.texts)
    places = [[line.get_xydata().tolist() for line in axes.lines] for axes in (moved, drawn)]
    assert places[0] == places[1]
    assert bench.goals.map.widget.value == fresh.widget.value  # to the pixel


def test_only_the_layers_that_move_are_drawn_again(bench, monkeypatch):
    bench.move(("quota",), 12345.0)
    canvas = bench.goals.map._axes.figure.canvas
    monkeypatch.setattr(canvas, "draw", lambda: pytest.fail("the shades were drawn anew"))
    bench.move(("quota",), 17000.0)
    (levels, _), artists = bench.goals.map.layers(bench.goals.map._axes), []
    monkeypatch.setattr(bench.goals.map._axes, "draw_artist", artists.append)
    bench.move(("close_rate",), 0.07)
    assert artists
    assert not set(artists) & set(levels)


def test_nothing_needed_is_told_and_nothing_fails(bench):
    for place in range(len(bench.panels)):
        bench.tabs.selected_index = place
        bench.move(("quota",), 0)
    assert "nothing to draw" in bench.goals.tornado.widget.value
    bench.tabs.selected_index = 0
    bench.move(("quota",), 5000)
    assert "<img" in bench.goals.tornado.widget.value


def test_panels_out_of_sight_are_brought_up_when_they_come_into_it(bench):
    bench.move(("capacity", "reps"), 9.0)
    bandwidth = bench.panels[2]
    assert bandwidth.verdict.value == ""
    bench.tabs.selected_index = 2
    assert "The follow-up fits" in bandwidth.verdict.value
    assert bandwidth.fields[("capacity", "reps")].entry.value == "9"


def test_bounds_are_typed_and_the_best_mix_follows(bench):
    bench.tabs.selected_index = 1
    panel = bench.panels[1]
    panel.bounds[("A", "low")].entry.value = "0"
    panel.bounds[("A", "high")].entry.value = "500"
    panel.bounds[("B", "low")].entry.value = "0"
    panel.goal.entry.value = "2,000"
    assert "50 leads, worth €2,000" in panel.best.value  # all of A, 40 each
    panel.bounds[("A", "high")].entry.value = "-3"
    assert "not allowed" in panel.bounds[("A", "high")].note.value


def test_goal_seek_follows_what_is_typed(bench, suggested):
    bench.tabs.selected_index = 3
    panel = bench.panels[3]
    assert panel.single.value == ""  # nothing is worked out before it is asked
    panel.ask.click()
    assert "are needed" in panel.single.value
    assert " pp" not in panel.single.value + panel.mix.value  # of its value, no difference of shares
    panel.leads.entry.value = "200"  # 400 are needed
    assert "12.5%" in panel.single.value  # twice the close rate of 25 customers / 400 leads
    assert "The least effort" in panel.mix.value or "Even with all" in panel.mix.value
    assert seek_all(bench.scenario, bench.agreed.suggested, 200)["needed"].notna().any()


def test_a_scenario_is_kept_loaded_compared_and_proposed(bench):
    bench.tabs.selected_index = 4
    panel = bench.panels[4]
    panel.save.click()
    assert "nothing differs" in panel.answer.value or "name is" in panel.answer.value
    for name, quota in (("large", 20000.0), ("small", 8000.0)):
        bench.take(bench.agreed.scenario)
        bench.move(("quota",), quota)
        panel.name.value = name
        panel.save.click()
        assert f"scenarios/{name}.yml" in panel.answer.value
    panel.save.click()
    assert "there already" in panel.answer.value
    assert load_scenario("large", panel.agreement) == {"quota": 20000}
    panel.kept.value = "large"
    panel.load.click()
    assert bench.scenario.plan.quota == 20000
    panel.chosen.value = ["large", "small"]
    panel.side_by_side.click()
    assert "800" in panel.compared.value
    assert "320" in panel.compared.value
    assert "<img alt=" in panel.compared.value
    panel.propose.click()
    assert proposed(panel.agreement) == {"2026-03": "large"}
    assert ("large (proposed for March 2026)", "large") in panel.kept.options
    panel.chosen.value = []
    panel.side_by_side.click()
    assert "Choose up to 4" in panel.answer.value


@pytest.mark.parametrize("quota", [5000, 0])
def test_a_plan_without_tiers_capacity_or_history_has_a_bench(tmp_path, quota):
    terms = agreement(tmp_path, GUIDE.replace("5000", str(quota)))
    facts = company([("2026-01-05", "marketing", "", None, 0.0)], as_of="2026-03-01")
    opened = Page(facts, terms, FEBRUARY, {"quota": 6000.0}, None)
    bench = explore(opened, agreement=str(tmp_path / "agreement.yml"))
    for place in range(len(bench.panels)):
        bench.tabs.selected_index = place
    assert bench.answers.numbers["leads"] == pytest.approx(120)
    assert f"more than the agreed {quota // 50}" in WORDS.say(bench.headline)
