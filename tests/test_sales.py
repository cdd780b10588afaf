"""The sales page of the leads in `twenty`, every number derived by hand as in `test_follow_up`."""

import math

import pandas as pd
import pytest

from slanb import sales
from slanb.dictionary.wording import Wording
from slanb.facts import Facts
from slanb.facts.period import PeriodFacts
from tests.twenty import AGREEMENT, OCTOBER, TOUCHES, ZONE, at, leads, terms, touches, vienna

WORDS = Wording("en_GB")


@pytest.fixture(scope="module")
def agreed(tmp_path_factory):
    return terms(tmp_path_factory.mktemp("vienna"))


@pytest.fixture(scope="module")
def october(agreed):
    return PeriodFacts(vienna(), agreed, OCTOBER)


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
        ("sales.tier.B.speed", 5 / 11, 11, None, None),  # one of no promised tier is in no number
        ("sales.segment.South.speed", 3 / 11, 11, None, None),
        ("sales.tier.B.depth", 1 / 9, 9, None, None),
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
    published = {each.id: each for each in sales.figures(october)}[figure]
    row = published.record()
    assert row["value"] == pytest.approx(value, abs=1e-5)
    assert (row["n"], row["target"], row["verdict"]) == (n, target, verdict)


def test_figures_have_ids_of_their_own_and_a_side(october):
    figures = sales.figures(october)
    assert len({figure.id for figure in figures}) == len(figures)
    assert {figure.side for figure in figures if figure.target is not None} == {"sales"}


def in_words(messages) -> list[str]:
    return [WORDS.say(message) for message in messages]


def test_the_period_in_sentences(october):
    assert in_words(sales.headlines(october)) == [
        "Sales followed up 52.9% of leads within 4 working hours of hand-off (9 of 17); 80% was promised.",
        "1 more lead is still within its time.",
        "In September 2026 the share was 100.0%.",
        (
            "Half of the leads had a first attempt within 3 working hours; fewer than nine in ten have "
            "had one so far."
        ),
        "5 leads (29.4%) are past their time without an attempt.",
        (
            "Of 12 leads not reached within 7 days, sales tried 3 (25.0%) at least 3 times; 50% was "
            "promised. The average was 1.3 attempts."
        ),
        (
            "1 more lead is not handed off by the agreement, being of tier (blank): on this page only the "
            "attempts on leads of all sources count it."
        ),
        (
            "The follow-up fits: 16 leads take 24 hours of the 40 hours there are for marketing's leads in "
            "October 2026."
        ),
    ]
    assert in_words([sales.attention_line(october)]) == [
        (
            "6 open leads are waiting for someone: 1 is still in time for its first attempt, 4 are late for "
            "their first attempt and 1 was not reached and is to be tried again."
        )
    ]
    assert in_words(sales.data_notes(october)) == [
        (
            "Not counted as attempts on the leads that marketing handed off in October 2026: 2 activities "
            "of software, 1 contact made by the lead, 1 meeting that was not held, 1 activity older than its "
            "lead, 1 activity that does not say who acted and 1 repeat within the same minute."
        ),
        "1 lead had an attempt before its hand-off; on the clock from hand-off it waited 0 hours.",
        "1 attempt was logged more than a day after it was made (26 hours).",
        "1 attempt made in time was logged only after that time was over.",
    ]
    assert in_words(sales.capacity_notes(october))[:2] == [
        (
            "The follow-up fits: 16 leads take 24 hours of the 40 hours there are for marketing's leads in "
            "October 2026."
        ),
        (
            "Leads that connect need no further attempts. Were all 3 attempts made on every lead, it would "
            "take 24 hours; there are 40 hours."
        ),
    ]


def test_sentence_table_and_figure_are_one_number(october):
    figure = next(each for each in sales.figures(october) if each.id == "sales.speed")
    month = sales.months(october).iloc[-1]
    fields = sales.headlines(october)[0].fields
    assert figure.value == fields["share"] == month["in_time"] == 9 / 17
    assert (fields["kept"], fields["decided"]) == (month["kept"], month["kept"] + month["missed"])
    assert WORDS.math(figure) == "9 ÷ 17"
    assert in_words([figure.note]) == [
        "1 lead is pending. 1 lead attempted before its hand-off counts as 0 hours."
    ]


def test_months_up_to_the_one_reported(october):
    months = sales.months(october).set_index("period")
    assert months.index.tolist() == ["2026-09", "2026-10"]  # the first with a lead
    assert months["in_time"].tolist() == [1, 9 / 17]
    assert months["goal"].tolist() == [0.8, 0.8]
    assert months["pending"].tolist() == [0, 1]
    assert not months["running"].any()
    assert sales.depths(october).set_index("period").loc["2026-10", ["goal", "goal_share"]].tolist() == [
        3,
        0.5,
    ]


def test_a_month_that_has_ended_is_judged_by_the_records_at_hand_now(agreed):
    """October as of its own end has a lead pending; a day later it is late, on November's page too."""
    october = PeriodFacts(vienna(as_of="11-04 00:00"), agreed, OCTOBER)
    november = PeriodFacts(vienna(as_of="11-04 00:00"), agreed, OCTOBER + 1)
    rows = [sales.months(case).set_index("period").loc["2026-10"] for case in (october, november)]
    for row in rows:
        assert row[["kept", "missed", "pending", "running"]].tolist() == [9, 9, 0, False]
    assert sales.speed_verdict(october) == "missed"


def test_days_and_weeks(october):
    days = sales.days(october).set_index("period")
    assert len(days) == 30  # the last lead came on the 30th
    assert days.loc["2026-10-05", ["leads", "kept"]].tolist() == [3, 3]
    assert days.loc["2026-10-08", "leads"] == 0
    assert sales.weeks(october)["leads"].tolist() == [5, 8, 3, 2]
    assert in_words(sales.spans(october)["span"])[:3] == ["September 2026", "October 2026", "from 5 Oct"]


def test_times_by_month_week_and_day_against_the_hours_promised_then(agreed, october):
    times = sales.times(october)
    assert times["grain"].unique().tolist() == ["period", "week", "day"]
    assert times[times["grain"] == "period"]["mean_hours"].iloc[-1] == pytest.approx(41.5 / 12)
    assert (times["goal"] == 4).all()
    quick = sales.times(PeriodFacts(october.facts, agreed, october.period, {"speed": {"hours": 2}}))
    months = quick[quick["grain"] == "period"]
    assert months["goal"].tolist() == [4, 2]
    assert in_words(months["promise"]) == [
        "80% of the leads within 4 working hours of hand-off",
        "80% of the leads within 2 working hours of hand-off",
    ]
    assert in_words(sales.depths(october)["promise"])[-1].endswith("of the leads never reached")


def test_parts_side_by_side(october):
    parts = sales.parts(october)
    parts.index = in_words(parts["part"])
    assert parts.index.tolist() == [
        "Ann", "Ben", "Tier A", "Tier B", "Segment North", "Segment South",
    ]  # fmt: skip
    assert parts.loc["Ann", ["in_time", "tried_share"]].tolist() == pytest.approx([8 / 9, 3 / 7])
    assert parts.loc["Ben", "mean_attempts"] == pytest.approx(1 / 5)


def test_four_clocks_are_named(october):
    clocks = sales.clocks(october)
    clocks.index = in_words(clocks["wait_clock"])
    # of the touched, creation to attempt: 3 + 1 + 0 + 1 + 0.5 + 3 + 6 + 9 + 16 + 1 + 1 + 3
    assert clocks.loc["From creation, working time", "mean_hours"] == pytest.approx(44.5 / 12)
    # in wall time 3 + 1 + 1 + 11 + 70.5 + 92 + 6 + 25 + 96 + 1 + 1 + 3
    assert clocks.loc["From creation, wall time", "mean_hours"] == pytest.approx(310.5 / 12)
    assert in_words(sales.times_note(october))[0] == "Times are working hours from hand-off."


def test_work_by_month(october):
    work = sales.work(october).set_index("period")
    assert work.loc["2026-10", ["attempts", "leads_worked", "marketing", "other"]].tolist() == [20, 13, 19, 1]


def test_what_a_connection_costs_and_an_attempt_is_worth(october):
    first = sales.attempts(october).set_index("attempt").loc[1]
    assert first[["tried", "connected", "rate"]].tolist() == [12, 3, 0.25]
    assert first["hours_each"] == 2  # 30 minutes, one in four
    # agreed value 375 a lead (6 of 500, 10 of 300), 5 of 17 ever connected: 1275 a connection
    assert first["attempt_worth"] == pytest.approx(0.25 * 1275)
    assert in_words(sales.curve_note(october))[0].startswith(
        "Attempt 3 connected 0.0% of the leads tried that often"
    )


def test_the_analysts_list_is_in_a_file_and_nowhere_else(october):
    lines = sales.files(october)["attention.csv"].splitlines()
    assert lines[0] == "lead_id,owner,tier,segment,why,handed_off_at,attempts,attempts_promised"
    assert lines[1] == "pending,Ben,B,South,due,2026-10-30 16:00 +0100,0,3"
    assert len(lines) == 7
    shown = [sales.attention(october), sales.parts(october), october.follow_up.attention]
    assert not any("lead_id" in frame for frame in shown)
    assert not any(
        value == "pending" for figure in sales.figures(october) for value in figure.record().values()
    )


def test_what_waits_by_salesperson_by_what_is_due_and_by_age(agreed, october):
    """At noon on the 14th Ann has "over an outing" to try again and, till the 15th, "after reassignment"; Ben
    is late on "never" and "only by robot", and has "late" in time."""
    noon = sales.attention(PeriodFacts(vienna(as_of="10-14 12:00"), agreed, OCTOBER))
    assert in_words(noon["owner"]) == ["Ann", "Ben", "All"]
    assert noon[["first_due", "first_overdue", "try_again"]].to_numpy().tolist() == [
        [1, 0, 1],
        [1, 2, 0],
        [2, 2, 1],
    ]
    assert noon["whole"].tolist() == [False, False, True]
    ages = noon[["under_a_day", "1_to_3_days", "3_to_7_days"]].to_numpy().tolist()
    assert ages == [[1, 0, 1], [1, 2, 0], [2, 2, 1]]
    alone = sales.attention(october)
    assert (in_words(alone["owner"]), alone["whole"].tolist()) == (["Ben"], [False])


@pytest.mark.parametrize(
    ("share", "verdict"),
    [("0.8", "missed"), ("0.5", "kept"), ("0.55", "pending")],  # 9 of 18 at worst, 10 at best
)
def test_a_share_is_judged_as_soon_as_no_pending_lead_can_change_it(tmp_path, share, verdict):
    text = AGREEMENT.replace("since: handed_off, share: 0.8", f"since: handed_off, share: {share}")
    assert sales.speed_verdict(PeriodFacts(vienna(), terms(tmp_path, text), OCTOBER)) == verdict


def test_a_running_month_is_pending(agreed):
    running = PeriodFacts(vienna(as_of="10-20 12:00"), agreed, OCTOBER)
    verdicts = {figure.id: figure.verdict for figure in sales.figures(running)}
    assert (verdicts["sales.speed"], verdicts["sales.depth"]) == ("pending", "pending")
    assert sales.months(running)["running"].tolist() == [False, True]


def test_without_a_recorded_attempt_nothing_is_judged(agreed):
    facts = Facts({"leads": leads()}, as_of=at("11-01 00:00"), exported_at=at("12-01 00:00"), zone=ZONE)
    none = PeriodFacts(facts, agreed, OCTOBER)
    assert in_words(sales.headlines(none))[0] == (
        "No attempt by a person is on record, so neither speed nor depth can be judged."
    )
    assert {figure.verdict for figure in sales.figures(none) if figure.target} == {"not measurable"}
    assert sales.files(none) == {}
    assert sales.work(none).empty
    assert sales.attention(none).empty
    assert in_words([sales.attention_line(none)]) == [
        "No attempt on a lead is on record, so which open leads are waiting for one cannot be said."
    ]


def of_october(agreed, activities: pd.DataFrame) -> PeriodFacts:
    tables = {"leads": leads(), "activities": activities}
    facts = Facts(tables, as_of=at("11-01 00:00"), exported_at=at("12-01 00:00"), zone=ZONE)
    return PeriodFacts(facts, agreed, OCTOBER)


def test_where_no_record_says_who_was_reached_depth_is_not_judged(agreed):
    case = of_october(agreed, touches().assign(connected=None))
    speed, *_ = sales.figures(case)
    assert (speed.id, speed.verdict) == ("sales.speed", "missed")  # how soon is known all the same
    depth = {figure.id: figure for figure in sales.figures(case)}["sales.depth"]
    assert (depth.verdict, math.isnan(depth.value)) == ("not measurable", True)
    assert sales.attempts(case).empty
    assert set(case.follow_up.attention["why"]) <= {"due", "overdue"}
    said = in_words([*sales.headlines(case), *sales.curve_note(case), sales.attention_line(case)])
    assert sum("(`connected`)" in line for line in said) == 3
    assert not any(line.startswith("Attempt ") for line in said)


@pytest.mark.parametrize(
    ("astray", "said"),
    [
        (0, None),
        (9, "9 of 26 contacts on record are with no lead on record: they count for nobody, and leads may"),
        (99, "All 26 contacts on record are with no lead on record, so neither speed nor depth can be"),
    ],
)
def test_contacts_with_no_lead_on_record_are_named(agreed, astray, said):
    rows = touches()
    rows = rows[rows["by_human"].eq(True) & rows["outbound"].eq(True)].reset_index(drop=True)
    rows.loc[: astray - 1, "lead_id"] = "stranger" if astray else rows["lead_id"]
    named = [line for line in in_words(sales.headlines(of_october(agreed, rows))) if "no lead" in line]
    assert (named[0] if named else None) == said or named[0].startswith(said)


def test_periods_that_ended_before_the_first_recorded_attempt_are_not_shown(agreed):
    later = [touch for touch in TOUCHES if touch[1] > "10-"]
    assert sales.months(PeriodFacts(vienna(rows=later), agreed, OCTOBER))["period"].tolist() == ["2026-10"]


def test_an_agreement_that_promises_no_follow_up_is_not_judged(tmp_path):
    lines = [line for line in AGREEMENT.splitlines() if not line.startswith(("  speed:", "  depth:"))]
    case = PeriodFacts(vienna(), terms(tmp_path, "\n".join(lines)), OCTOBER)
    assert case.bandwidth is None
    assert sales.sides(case).empty
    assert sales.hours_by_attempts(case).empty
    assert in_words(sales.capacity_notes(case)) == [
        "No capacity is agreed, so slanb cannot say whether the promise fits."
    ]
    assert in_words(sales.headlines(case))[0] == "No time to a first attempt is promised in October 2026."
    assert all(figure.target is None for figure in sales.figures(case))


def test_a_quarter_is_shown_by_its_months(agreed):
    quarter = PeriodFacts(vienna(), agreed, pd.Period("2026Q4", "Q"))
    assert sales.total(quarter)[["leads", "kept"]].tolist() == [18, 9]
    assert sales.speed_verdict(quarter) == "pending"
    assert sales.months(quarter)["period"].tolist() == ["2026-09", "2026-10"]  # November has not begun
    # of the quarter before only September is known
    assert not any("the share was" in line for line in in_words(sales.headlines(quarter)))


def test_a_what_if_changes_the_promise_of_the_period_alone(agreed):
    slow = PeriodFacts(vienna(), agreed, OCTOBER, {"speed": {"hours": 10}})
    assert sales.total(slow)["kept"] == 11  # late (6) and after reassignment (9) as well
    assert sales.months(slow)["kept"].tolist() == [1, 11]
