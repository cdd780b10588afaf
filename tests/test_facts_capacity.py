"""Hours needed and hours there are: expected attempts, the queue at a load, both views of the promise."""

import math

import pandas as pd
import pytest

from slanb import marketing, sales
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.facts.capacity import Bandwidth, expected_attempts, in_time_at_load
from slanb.facts.period import PeriodFacts
from slanb.terms.plan import Capacity, Depth, Speed
from tests.twenty import AGREEMENT, OCTOBER, terms, vienna

WORDS = Wording("en_GB")


@pytest.fixture(scope="module")
def october(tmp_path_factory):
    return PeriodFacts(vienna(), terms(tmp_path_factory.mktemp("vienna")), OCTOBER)


def test_expected_attempts_by_hand():
    curve = pd.DataFrame({"attempt": [1, 2, 3], "tried": [100, 60, 10], "rate": [0.4, 0.25, 0.9]})
    # 1, then 0.6, then 0.45; the third attempt was made too seldom to be believed
    assert expected_attempts(curve, 4).tolist() == pytest.approx([1, 1.6, 2.05, 2.5])
    assert expected_attempts(curve.iloc[:0], 3).tolist() == [1, 2, 3]


def test_the_queue_at_the_present_load_by_hand(october):
    # An eighth of a day is left for these, so 30 minutes take 240: 2 people, 0.1 first attempts an hour, load
    # 0.4: Erlang B 0.08 / 1.48, C = 1/15, P = 1 - C exp(-(0.5 - 0.1) 4)
    assert october.bandwidth.speed_possible == pytest.approx(1 - math.exp(-1.6) / 15)
    # all three attempts: load 1.2, C = 0.45
    assert october.bandwidth.speed_in_turn == pytest.approx(1 - 0.45 * math.exp(-0.8))


@pytest.mark.parametrize(
    ("agents", "load", "waits"), [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (5, 4.0, 0.5541), (10, 8.0, 0.4092)]
)
def test_the_chance_to_wait_is_erlangs(agents, load, waits):
    """Erlang C tables (Kleinrock 1975; Cooper, Introduction to Queueing Theory, 1981)."""
    assert 1 - in_time_at_load(arrivals=load, minutes=60, agents=agents, hours=0) == pytest.approx(
        waits, abs=1e-4
    )


def test_faster_promises_and_more_leads_are_never_easier_to_keep():
    shares = [in_time_at_load(arrivals=3, minutes=15, agents=1.5, hours=h) for h in (0, 1, 2, 4)]
    assert shares == sorted(shares)
    shares = [in_time_at_load(arrivals=n, minutes=15, agents=1.5, hours=1) for n in (0, 1, 3, 5, 7)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 1
    assert shares[-1] == 0


def bandwidth(**other) -> Bandwidth:
    given = {
        "reps": 4,
        "hours_per_rep_per_week": 40,
        "minutes_per_attempt": 30,
        "marketing_sourced_share": 1.0,
    }
    capacity = Capacity(
        **given | {key: other.pop(key) for key in list(other) if key in Capacity.model_fields}
    )
    rest = {
        "leads": 100.0,
        "sales_leads": 0.0,
        "working_hours": 160.0,
        "week_hours": 40.0,
        "depth": Depth(attempts=6, within_days=14, share=0.5),
        "speed": Speed(hours=1, share=0.9),
        "curve": pd.DataFrame({"attempt": [1], "tried": [0.0], "rate": [math.nan]}),
    }
    return Bandwidth(period="2026-10", capacity=capacity, **rest | other)


def test_the_most_leads_that_can_be_promised_are_those_published():
    """4 reps x 80 calls x 20 days / 6 = 1,067 leads a month (winfirstmarketing): calls of 6 minutes."""
    assert bandwidth(minutes_per_attempt=6.0).leads_affordable == pytest.approx(1067, abs=0.5)


def test_software_saves_hours_and_holidays_cost_them():
    plain, helped = bandwidth(), bandwidth(automated_share=0.25)
    assert (plain.hours_needed, helped.hours_needed) == (300, 225)
    assert helped.sides["by_software"].tolist() == [75, 0]
    assert bandwidth(working_hours=152.0).hours_available == 4 * 40 * 3.8


def test_hours_of_both_kinds_of_lead():
    sides = bandwidth(marketing_sourced_share=0.75, sales_leads=20.0).sides.set_index("kind")
    assert sides.loc["marketing", ["needed", "available", "spare"]].tolist() == [300, 480, 180]
    assert sides.loc["sales", ["needed", "available", "spare"]].tolist() == [60, 160, 100]
    assert bandwidth(marketing_sourced_share=0.0).speed_possible == 0


def test_both_views_of_the_promise_by_hand():
    """100 leads, half of them reached by the first attempt: 3.5 attempts are expected, 6 are promised."""
    curve = pd.DataFrame({"attempt": [1], "tried": [100.0], "rate": [0.5]})
    fits = bandwidth(curve=curve, hours_per_rep_per_week=11)  # 4 x 11 x 4 weeks: 176 hours
    assert (fits.hours_needed, fits.hours_needed_promised, fits.hours_available) == (175, 300, 176)
    assert fits.verdict() == Message(
        "capacity.fits", period="2026-10", leads=100.0, needed=175.0, available=176.0
    )
    assert fits.if_all_made() == Message("capacity.if_all_made", attempts=6, needed=300.0, available=176.0)
    short = bandwidth(curve=curve, hours_per_rep_per_week=10)  # 160 hours: 160 / 1.75 leads, 3.0 attempts
    assert short.verdict() == Message(
        "capacity.short", period="2026-10", leads=100.0, needed=175.0, available=160.0,
        short=15.0, most=91, attempts=5,
    )  # fmt: skip
    figures = {figure.id: figure for figure in short.figures()}
    assert figures["sales.hours_needed"].value == short.verdict().fields["needed"]
    assert WORDS.math(figures["sales.hours_needed"]) == "100 × 3.50 × 30.0 minutes × 100%"


def test_a_speed_that_is_not_promised_in_working_hours_has_no_queue():
    assert bandwidth(speed=None).at_load() is None
    assert bandwidth(speed=Speed(hours=1, clock="wall", share=0.9)).at_load() is None
    load = bandwidth().at_load()
    assert load.fields["best"] == bandwidth().speed_possible >= load.fields["turn"]


def test_what_if_and_month_change_the_hours(october):
    costly = PeriodFacts(
        october.facts, october.terms, OCTOBER, {"capacity": {"minutes_per_attempt": 60.0}}
    ).bandwidth
    assert WORDS.say(costly.verdict()) == (
        "The follow-up is short by 8 hours: 16 leads take 48 hours, and there are 40 hours for marketing's "
        "leads in October 2026. That is enough for 13 leads, or for 2 attempts on each."
    )
    # November, closed on no working day but with 21 of them: 42 hours of 5-day weeks of 40
    november = PeriodFacts(october.facts, october.terms, pd.Period("2026-11", "M")).bandwidth
    assert november.hours_available == 2 * 10 * 21 / 5 * 0.5


OWN = """
  by_segment:
    NAME: {zone: UTC, hours: round the clock}
plan:
"""


@pytest.mark.parametrize(
    ("north", "names", "hours", "weeks"),
    [  # the company: 20 days of 8 hours; round the clock: all but the outing, 30 days of 24 hours
        (None, (), 160, 4),
        ("North", ("North",), (160 + 720) / 2, (4 + 30 / 7) / 2),
    ],
)
def test_weeks_are_those_of_the_segments_own_hours(tmp_path, north, names, hours, weeks):
    text = AGREEMENT.replace("\nplan:\n", OWN.replace("NAME", north), 1) if north else AGREEMENT
    own = PeriodFacts(vienna(), terms(tmp_path, text), OCTOBER)
    found = own.bandwidth
    assert (found.own_hours, found.working_hours) == (names, pytest.approx(hours))
    assert found.hours_available == pytest.approx(2 * 10 * weeks * 0.5)
    said = [WORDS.say(line) for line in [*sales.capacity_notes(own), *marketing.notes(own)]]
    assert (
        "The hours there are rest on 4.1 weeks worked: North by their own hours, each with its part of the "
        "leads goal, every other segment by the company's. Salespeople are not agreed on by segment." in said
    ) == bool(names)
    assert (
        "Working days of the line are the company's: the hours of North are for following up, and do not "
        "move the goal." in said
    ) == bool(names)
