"""The sales page of the leads in `twenty`, every number derived by hand as in `test_follow_up`."""

import math

import pandas as pd
import pytest

from slanb import sales
from slanb.dictionary.wording import Wording
from slanb.facts import Facts
from slanb.facts.capacity import Bandwidth, expected_attempts, in_time_at_load
from slanb.terms.plan import Capacity, Depth, Speed
from tests.twenty import AGREEMENT, OCTOBER, TOUCHES, ZONE, at, leads, terms, vienna

WORDS = Wording("en_GB")


@pytest.fixture(scope="module")
def agreed(tmp_path_factory):
    return terms(tmp_path_factory.mktemp("vienna"))


@pytest.fixture(scope="module")
def october(agreed):
    return sales.report_sales(vienna(), agreed, OCTOBER)


@pytest.mark.parametrize(
    ("figure", "value", "n", "target", "verdict"),
    [
        ("sales.speed", 9 / 17, 17, 0.8, "missed"),  # 10 of 18 at best
        ("sales.never_followed_up", 5 / 17, 17, None, None),
        ("sales.speed_mean", 41.5 / 12, 12, None, None),
        ("sales.speed_median", 3, 18, None, None),
        ("sales.speed_p90", None, 18, None, None),  # three in ten were never attempted
        ("sales.depth", 3 / 12, 12, 0.5, "missed"),
        ("sales.depth_mean", 16 / 12, 12, None, None),
        ("sales.worked_as_promised", 8 / 17, 17, None, None),
        ("sales.tier.A.speed", 4 / 6, 6, None, None),
        ("sales.tier.blank.speed", 0, 1, None, None),
        ("sales.segment.South.speed", 3 / 11, 11, None, None),
        ("sales.tier.B.depth", 1 / 8, 8, None, None),
        # 16 leads (see test_marketing), too few tried to expect fewer than 3 attempts, 30 minutes each
        ("sales.hours_needed", 24, None, None, None),
        # 2 people x 10 hours x 4 weeks (20 of 5 days), half of them for marketing's leads
        ("sales.hours_available", 40, None, None, None),
        ("sales.attempts_expected", 3, None, None, None),
        ("sales.leads_affordable", 26, None, None, None),  # 40 hours / 1.5
        ("sales.depth_affordable", 5, None, None, None),  # 16 x 5 x 0.5 = 40
        ("sales.leads_per_rep", 8, None, None, None),
        ("sales.speed_possible", 0.98654, None, None, None),  # below
    ],
)
def test_every_figure_by_hand(october, figure, value, n, target, verdict):
    found = {each.id: each for each in october.figures()}[figure]
    record = found.record()
    assert record["value"] == pytest.approx(value, abs=1e-5)
    assert (record["n"], record["target"], record["verdict"]) == (n, target, verdict)


def test_figures_have_ids_of_their_own_and_a_side(october):
    figures = october.figures()
    assert len({figure.id for figure in figures}) == len(figures)
    assert {figure.side for figure in figures if figure.target is not None} == {"sales"}


def test_the_period_in_sentences(october):
    speed, waits, depth, hours = october.headlines(WORDS)
    assert speed == (
        "9 of 17 leads (52.9%) had a first attempt within 4 working hours of hand-off; promised are 80%. "
        "1 more lead is still within its time. In September 2026 it was 100.0%."
    )
    assert waits == (
        "Half of the leads were attempted within 3 working hours; nine in ten have not been. 5 leads (29.4%) "
        "are past their time without an attempt."
    )
    assert depth == (
        "Of 12 leads not reached in their 7 days, 3 (25.0%) were tried 3 times or more; promised are 50%. On "
        "average there were 1.3 attempts."
    )
    assert hours == (
        "This promise fits: following up 16 leads takes 24 hours of the 40 hours there are for marketing's "
        "leads in October 2026."
    )
    assert october.attention_line(WORDS) == (
        "6 open leads wait for someone: on 1 the first attempt is still in time, on 4 it is late, 1 were not "
        "reached and are to be tried again."
    )
    assert october.data_line(WORDS) == (
        "Not counted as attempts: 2 records of software, 1 contact made by the lead, 1 meeting not held, 1 "
        "record older than its lead, 1 record that does not say who acted and 1 second record of a minute. 1 "
        "lead was attempted before its hand-off; the clock from hand-off shows 0 for it. 1 attempt was "
        "logged over a day after it was made (26 hours). 1 attempt in time was logged only "
        "after its time was over."
    )


def test_months_up_to_the_one_reported(october):
    months = october.months.set_index("period")
    assert months.index.tolist() == ["2026-09", "2026-10"]  # the first with a lead
    assert months["share"].tolist() == [1, 9 / 17]
    assert months["goal"].tolist() == [0.8, 0.8]
    assert months["complete"].tolist() == [True, False]  # one lead is pending
    assert not months["running"].any()
    assert october.depths.set_index("period").loc["2026-10", ["goal", "goal_share"]].tolist() == [3, 0.5]


def test_days_and_weeks(october):
    days = october.by("day").set_index("period")
    assert len(days) == 30  # the last lead came on the 30th
    assert days.loc["2026-10-05", ["leads", "kept"]].tolist() == [3, 3]
    assert days.loc["2026-10-08", "leads"] == 0
    assert october.by("week")["leads"].tolist() == [5, 8, 3, 2]
    assert october.spans(WORDS)["span"].tolist()[:3] == ["September 2026", "October 2026", "from 5 Oct"]


def test_parts_side_by_side(october):
    parts = october.parts(WORDS).set_index("part")
    assert parts.index.tolist() == [
        "Ann", "Ben", "Tier (blank)", "Tier A", "Tier B", "Segment North", "Segment South",
    ]  # fmt: skip
    assert parts.loc["Ann", ["share", "depth_share"]].tolist() == pytest.approx([8 / 9, 3 / 7])
    assert parts.loc["Ben", "mean_attempts"] == pytest.approx(1 / 5)


def test_four_clocks_are_named(october):
    clocks = october.four_clocks(WORDS).set_index("clock")
    # of the touched, creation to attempt: 3 + 1 + 0 + 1 + 0.5 + 3 + 6 + 9 + 16 + 1 + 1 + 3
    assert clocks.loc["From creation, working time", "mean_hours"] == pytest.approx(44.5 / 12)
    # in wall time 3 + 1 + 1 + 11 + 70.5 + 92 + 6 + 25 + 96 + 1 + 1 + 3
    assert clocks.loc["From creation, wall time", "mean_hours"] == pytest.approx(310.5 / 12)


def test_work_by_month(october):
    work = october.work.set_index("period")
    assert work.loc["2026-10", ["attempts", "leads_worked", "marketing", "other"]].tolist() == [20, 13, 19, 1]


def test_what_a_connection_costs_and_an_attempt_is_worth(october):
    first = october.attempts.set_index("attempt").loc[1]
    assert first[["tried", "connected", "rate"]].tolist() == [12, 3, 0.25]
    assert first["hours_each"] == 2  # 30 minutes, one in four
    # agreed value 375 a lead (6 of 500, 10 of 300), 5 of 17 ever connected: 1275 a connection
    assert first["worth"] == pytest.approx(0.25 * 1275)
    assert october.curve_line(WORDS).startswith("Attempt 3 connected 0.0% of the leads tried so often")


def test_the_analysts_list_is_in_a_file_and_nowhere_else(october):
    lines = october.files()["attention.csv"].splitlines()
    assert lines[0] == "lead_id,owner,tier,segment,why,handed_off_at,attempts,attempts_promised"
    assert lines[1] == "pending,Ben,B,South,due,2026-10-30 16:00 +0100,0,3"
    assert len(lines) == 7
    shown = [october.needs(WORDS), october.parts(WORDS), october.attention]
    assert not any("lead_id" in frame for frame in shown)
    assert not any(value == "pending" for figure in october.figures() for value in figure.record().values())


def test_a_share_is_judged_as_soon_as_no_pending_lead_can_change_it(agreed, tmp_path):
    assert sales.report_sales(vienna(), agreed, OCTOBER).speed_verdict == "missed"
    low = terms(tmp_path, AGREEMENT.replace("since: handed_off, share: 0.8", "since: handed_off, share: 0.5"))
    assert sales.report_sales(vienna(), low, OCTOBER).speed_verdict == "kept"  # 9 of 18 at worst
    between = terms(
        tmp_path, AGREEMENT.replace("since: handed_off, share: 0.8", "since: handed_off, share: 0.55")
    )
    assert sales.report_sales(vienna(), between, OCTOBER).speed_verdict == "pending"  # 9 or 10 of 18
    running = sales.report_sales(vienna(as_of="10-20 12:00"), agreed, OCTOBER)
    verdicts = {figure.id: figure.verdict for figure in running.figures()}
    assert (verdicts["sales.speed"], verdicts["sales.depth"]) == ("pending", "pending")


def test_without_a_recorded_attempt_nothing_is_judged(agreed):
    facts = Facts({"leads": leads()}, as_of=at("11-01 00:00"), exported_at=at("12-01 00:00"), zone=ZONE)
    none = sales.report_sales(facts, agreed, OCTOBER)
    assert none.headlines(WORDS)[0] == (
        "No attempt by a person is on record, so neither speed nor depth can be told."
    )
    assert {figure.verdict for figure in none.figures() if figure.target} == {"not measurable"}
    assert none.files() == {}
    assert none.work.empty


def test_periods_that_ended_before_the_first_recorded_attempt_are_not_told(agreed):
    later = [touch for touch in TOUCHES if touch[1] > "10-"]
    found = sales.report_sales(vienna(rows=later), agreed, OCTOBER)
    assert found.months["period"].tolist() == ["2026-10"]


def test_an_agreement_that_promises_no_follow_up_is_not_judged(tmp_path):
    lines = [line for line in AGREEMENT.splitlines() if not line.startswith(("  speed:", "  depth:"))]
    found = sales.report_sales(vienna(), terms(tmp_path, "\n".join(lines)), OCTOBER)
    assert found.bandwidth is None
    assert found.bandwidth_sides(WORDS).empty
    assert found.headlines(WORDS)[0] == "No time to a first attempt is promised in October 2026."
    assert all(figure.target is None for figure in found.figures())


def test_a_quarter_is_told_by_its_months(agreed):
    quarter = sales.report_sales(vienna(), agreed, pd.Period("2026Q4", "Q"))
    assert quarter.total[["leads", "kept"]].tolist() == [18, 9]
    assert quarter.speed_verdict == "pending"
    assert "it was" not in quarter.headlines(WORDS)[0]  # of the quarter before only September is known


def test_a_what_if_changes_the_promise_of_the_period_alone(agreed):
    slow = sales.report_sales(vienna(), agreed, OCTOBER, what_if={"speed": {"hours": 10}})
    assert slow.total["kept"] == 11  # late (6) and after reassignment (9) as well
    costly = sales.report_sales(
        vienna(), agreed, OCTOBER, what_if={"capacity": {"minutes_per_attempt": 60.0}}
    )
    assert costly.bandwidth.verdict(WORDS) == (
        "This promise is short by 8 hours: following up 16 leads takes 48 hours, and there are 40 hours for "
        "marketing's leads in October 2026; 13 leads can be followed up as promised, or 2 attempts on "
        "each be afforded."
    )


# -------------------------------------------------------------- bandwidth


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
    curve = pd.DataFrame({"attempt": [1], "tried": [0.0], "rate": [math.nan]})
    rest = {"leads": 100.0, "sales_leads": 0.0, "working_hours": 160.0, "week_hours": 40.0}
    depth, speed = Depth(attempts=6, within_days=14, share=0.5), Speed(hours=1, share=0.9)
    return Bandwidth(
        period="2026-10", capacity=capacity, depth=depth, speed=speed, curve=curve, **rest | other
    )


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
