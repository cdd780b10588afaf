"""The marketing page of the leads in `twenty`, every number derived by hand, and the sample by other means.

The goal: 6,000 of the quota, half of it by tier A (3 customers at 0.5: 6 leads worth 500), half by B (3 at
0.3: 10 leads worth 300): 16 leads worth 6,000, in each region 8. Delivered by 20 October. A lead counts
once it is accepted, 8 working hours after hand-off, unless it is returned before for an agreed reason.
Accepted, by day: 5 October three, 6th one, 10th one, 13th none (both are returned), 14th two (one lost for
a reason not agreed), 15th two, 16th one, 20th one, 21st one, 23rd one, 29th one: 14. Of tier A: in time,
before hand-off, late, logged late, answered by itself, over holiday. On the 30th one is still open, and one
not handed off.
"""

import numpy as np
import pandas as pd
import pytest

from slanb import marketing
from slanb.dictionary.wording import Wording
from slanb.facts import Facts
from slanb.facts.period import PeriodFacts
from tests.twenty import AGREEMENT, OCTOBER, ZONE, at, terms, vienna

WORDS = Wording("en_GB")
WITHOUT = ["called before it existed"]  # a lead of tier B, that the sums below do not have
LOST = {
    "never": ("10-13 12:00", "wrong number"),
    "only by robot": ("10-13 12:00", None),
    "late": ("10-15 08:00", "no budget"),  # in time to return it, but for no agreed reason
    "logged twice": ("10-20 12:00", "wrong number"),  # after 27 working hours: it was accepted
}


@pytest.fixture(scope="module")
def agreed(tmp_path_factory):
    return terms(tmp_path_factory.mktemp("vienna"))


def in_words(messages) -> list[str]:
    return [WORDS.say(message) for message in messages]


@pytest.fixture(scope="module")
def october(agreed):
    return PeriodFacts(vienna(lost=LOST, without=WITHOUT), agreed, OCTOBER)


@pytest.fixture(scope="module")
def midway(agreed):
    """As of the morning of the 16th: the leads of the 15th, 8 working hours old, can still be returned."""
    return PeriodFacts(vienna(lost=LOST, without=WITHOUT, as_of="10-16 00:00"), agreed, OCTOBER)


@pytest.mark.parametrize(
    ("figure", "value", "target", "verdict"),
    [
        ("marketing.leads", 14, 16, "pending"),  # the one still open may be accepted
        ("marketing.value", 6 * 500 + 8 * 300, 6000, "pending"),
        ("marketing.leads_by_promised_day", 11, 16, "missed"),
        ("marketing.value_by_promised_day", 4 * 500 + 7 * 300, 6000, "missed"),
        ("marketing.pace", 14 / 16, None, None),
        ("marketing.pace_working_days", 14 / 16, None, None),
        ("marketing.tier.A.reached", 6 / 6, None, None),
        ("marketing.tier.B.reached", 8 / 10, None, None),
        ("marketing.segment.North.reached", 6 / 8, None, None),
        ("marketing.segment.South.reached", 8 / 8, None, None),
        ("marketing.accepted", 14, None, None),
        ("marketing.returned", 2, None, None),
        ("marketing.open", 1, None, None),
        ("marketing.unqualified", 1, None, None),
        ("marketing.waiting", 1, None, None),
    ],
)
def test_every_figure_by_hand(october, figure, value, target, verdict):
    published = {each.id: each for each in marketing.figures(october)}
    assert published[figure].value == pytest.approx(value)
    assert (published[figure].target, published[figure].verdict) == (target, verdict)
    assert "marketing.pace_profile" not in published  # three days of history are too few
    assert "marketing.needed_per_day" not in published  # the period has ended


def test_an_interim_run_by_hand(midway):
    published = {each.id: each for each in marketing.figures(midway)}
    # accepted by then: the three of the 5th, those of the 6th and 10th, the two of the 14th
    assert published["marketing.leads"].value == marketing.delivered(midway) == 7
    assert published["marketing.leads"].verdict == published["marketing.value"].verdict == "pending"
    assert published["marketing.pace"].value == pytest.approx(7 / (16 * 15 / 31))
    assert published["marketing.pace_working_days"].value == pytest.approx(7 / 8)  # 10 of the 20 working days
    assert published["marketing.needed_per_day"].value == pytest.approx(9 / 10)
    assert published["marketing.leads_by_promised_day"].verdict == "pending"
    assert published["marketing.open"].value == 2
    assert WORDS.math(published["marketing.needed_per_day"]) == "(16 − 7) ÷ 10"


@pytest.mark.parametrize(
    ("quota", "rule", "as_of", "verdict"),
    [
        (8750, "accepted", "11-10 00:00", "kept"),  # 14 leads; those of the 30th are accepted by then: 15
        (9375, "accepted", "11-10 00:00", "kept"),  # 15 leads
        (10000, "accepted", "11-10 00:00", "missed"),  # 16 leads
        (8750, "accepted", "11-01 00:00", "kept"),  # 14 leads; what was delivered stays so
        (9375, "accepted", "11-01 00:00", "pending"),  # 15 leads; one can still be accepted
        (10000, "handed_off", "11-01 00:00", "kept"),  # 17 leads, returned ones included
        (10000, "accepted", "10-16 00:00", "pending"),
        (11250, "handed_off", "11-01 00:00", "missed"),  # 18 leads, and none that can still come to count
    ],
)
def test_a_goal_is_missed_once_no_lead_can_come_to_count(tmp_path, quota, rule, as_of, verdict):
    text = AGREEMENT.replace("quota: 10000", f"quota: {quota}").replace(
        "counts_toward_goal: accepted", f"counts_toward_goal: {rule}"
    )
    case = PeriodFacts(vienna(lost=LOST, without=WITHOUT, as_of=as_of), terms(tmp_path, text), OCTOBER)
    assert marketing.verdict(case) == verdict
    published = {each.id: each for each in marketing.figures(case)}["marketing.leads"]
    assert (published.verdict, published.target) == (verdict, marketing.goal(case))


def test_the_goal_in_leads_is_judged_whole(tmp_path):
    """6.2 leads of tier A and 10.33 of B are 16.5, so 17 are promised and judged."""
    text = AGREEMENT.replace("quota: 10000", "quota: 10333.4")
    case = PeriodFacts(vienna(lost=LOST, without=WITHOUT), terms(tmp_path, text), OCTOBER)
    assert marketing.goal(case) == marketing.waterfall(case)["straight"].iloc[-1] == 17
    assert marketing.standing(case)["leads_goal"].iloc[-1] == 17


def test_the_period_in_sentences(october, midway):
    assert in_words(marketing.headlines(october)) == [
        (
            "By the promised day, 20 October 2026, marketing delivered 11 of 16 leads (69%), worth €4,100 "
            "against a goal of €6,000."
        ),
        "By 31 October 2026 it had delivered 14.",
        (
            "Of the leads that came in, 1 was of a tier that is not promised, 2 were returned, 1 can still "
            "be returned and 1 has not been handed off yet."
        ),
    ]
    assert in_words(marketing.headlines(midway))[:3] == [
        (
            "By 15 October 2026 marketing had delivered 7 of 16 leads (44%), worth €2,700 against a goal of "
            "€6,000. The promised day is 20 October 2026."
        ),
        "By then every goal line stood at 8.",
        "Marketing still needs 9 leads: 0.9 on each of the 10 working days left.",
    ]
    assert in_words(marketing.notes(october)) == [
        "The goal counts qualified leads handed off in the period and accepted since.",
        "There are too few past periods to learn a line from.",
    ]


@pytest.mark.parametrize(
    ("as_of", "quota", "sentence"),
    [
        ("10-16 00:00", 10000, "By then every goal line stood at 8."),
        ("10-13 00:00", 20000, "By then the goal lines stood at 12 (even) and 11 (by working days)."),
        ("10-30 00:00", 10000, "Marketing still needs 3 leads on the one working day left."),
        ("10-31 00:00", 10000, "Marketing still needs 2 leads, and no working day is left."),
        ("10-30 00:00", 7500, "The goal has been reached."),
    ],
)
def test_what_is_still_needed_in_words(tmp_path, as_of, quota, sentence):
    text = AGREEMENT.replace("quota: 10000", f"quota: {quota}")
    case = PeriodFacts(vienna(lost=LOST, without=WITHOUT, as_of=as_of), terms(tmp_path, text), OCTOBER)
    assert sentence in in_words(marketing.headlines(case))


def test_an_interim_run_names_the_status_report_it_serves(tmp_path, october, midway):
    assert marketing.status_lines(october) == marketing.status_lines(midway) == []
    named = AGREEMENT + (
        "reporting:\n"
        "  - {id: weekly, what: How it stands., kind: status, cadence: weekly, "
        "sender: sales, recipients: [jana]}\n"
        "contacts:\n  - {id: jana, party: marketing, name: Jana, role: Head of Marketing}\n"
    )
    run = PeriodFacts(vienna(as_of="10-16 00:00"), terms(tmp_path, named), OCTOBER)
    assert in_words(marketing.status_lines(run)) == [
        "This is the status report agreed for every week, from Sales to Jana."
    ]


def test_the_status_week_by_week(october, midway):
    weeks = marketing.weeks(october).set_index("week")
    assert weeks["delivered"].tolist() == [0, 5, 5, 3, 1]
    assert weeks["so_far"].tolist() == [0, 5, 10, 13, 14]
    assert weeks["due"].tolist() == pytest.approx([16 * day / 31 for day in (4, 11, 18, 25, 31)])
    assert weeks["gap"].tolist() == pytest.approx((weeks["so_far"] - weeks["due"]).tolist())
    assert weeks["value_so_far"].iloc[-1] == 5400
    assert [f"{day:%d}" for day in weeks.index] == ["01", "05", "12", "19", "26"]
    assert marketing.weeks(midway)["so_far"].tolist() == [0, 5, 7]


def test_every_part_as_it_stands(october):
    standing = marketing.standing(october)
    assert in_words(standing["part"]) == ["Tier A", "Tier B", "Segment North", "Segment South", "All"]
    assert standing["whole"].tolist() == [False] * 4 + [True]
    assert standing["leads_goal"].tolist() == pytest.approx([6, 10, 8, 8, 16])
    assert standing["gap"].tolist() == pytest.approx([0, -2, -2, 0, -2])
    assert standing["value_delivered"].tolist() == [3000, 2400, 2400, 3000, 5400]
    assert standing["value_goal"].tolist() == pytest.approx([3000, 3000, 3000, 3000, 6000])
    by_part = marketing.by_part(october)
    ends = by_part.groupby(by_part["part"].map(WORDS.say), sort=False)[["actual", "goal"]].last()
    assert ends["actual"].tolist() == standing["delivered"].tolist()[:4]
    assert ends["goal"].tolist() == pytest.approx(standing["leads_goal"].tolist()[:4])


def test_what_became_of_the_leads_with_reasons(october):
    outcomes = marketing.outcomes(october)
    rows = zip(
        in_words(outcomes["became"]), outcomes["leads"], in_words(outcomes["toward_goal"]), strict=True
    )
    assert list(rows) == [
        ("Created, not handed off yet", 1, "no"),
        ("Of a tier that is not promised: to nurture", 1, "no"),
        ("Returned: no reason on record", 1, "no"),
        ("Returned: wrong number", 1, "no"),
        ("Handed off, can still be returned", 1, "no"),
        ("Accepted", 13, "yes"),
        ("Accepted, lost early for a reason not agreed: no budget", 1, "yes"),
    ]


@pytest.mark.parametrize(
    ("rule", "note"),
    [
        ("created", "The goal counts qualified leads created in the period."),
        ("handed_off", "The goal counts qualified leads handed off in the period, returned ones included."),
        ("accepted", "The goal counts qualified leads handed off in the period and accepted since."),
    ],
)
def test_the_page_names_the_rule_of_what_counts(tmp_path, rule, note):
    text = AGREEMENT.replace("counts_toward_goal: accepted", f"counts_toward_goal: {rule}")
    assert in_words(marketing.notes(PeriodFacts(vienna(), terms(tmp_path, text), OCTOBER)))[0] == note


def test_without_a_rule_leads_count_as_created(tmp_path):
    text = AGREEMENT[: AGREEMENT.index("qualification:")] + AGREEMENT[AGREEMENT.index("clauses:") :]
    case = PeriodFacts(vienna(lost=LOST, without=WITHOUT), terms(tmp_path, text), OCTOBER)
    assert marketing.delivered(case) == 18
    assert marketing.fates(case)[["returned", "open"]].tolist() == [0, 0]
    assert in_words(marketing.notes(case))[0] == "The goal counts qualified leads created in the period."


def test_days_after_as_of_are_unknown_and_goals_reach_to_the_end(midway):
    days = marketing.waterfall(midway).set_index("day")
    assert days["actual"].notna().sum() == 15
    assert days["actual"].dropna().is_monotonic_increasing
    assert days["straight"].iloc[-1] == pytest.approx(16)
    assert days["working_days"].iloc[-1] == pytest.approx(16)
    assert days.loc["2026-10-12", "working_days"] == days.loc["2026-10-09", "working_days"]  # the outing


def test_records_that_end_before_the_period_does_leave_it_open(agreed):
    case = PeriodFacts(vienna(lost=LOST, without=WITHOUT, exported_at="10-16 00:00"), agreed, OCTOBER)
    assert not case.complete
    assert case.today == pd.Timestamp("2026-10-15")
    assert marketing.delivered(case) == 7
    assert marketing.verdict(case) == "pending"


def test_a_period_that_has_not_begun_says_so(agreed):
    early = PeriodFacts(vienna(as_of="09-29 12:00"), agreed, OCTOBER)
    assert early.today is None
    assert in_words(marketing.headlines(early)) == [
        "October 2026 has not begun: 16 leads are promised by 20 October 2026."
    ]
    assert marketing.pace(early).empty
    assert marketing.weeks(early).empty
    assert marketing.standing(early)["delivered"].isna().all()


def test_a_promised_day_at_the_end_leaves_the_verdict_to_the_figure_of_the_period(tmp_path):
    last = terms(tmp_path, AGREEMENT.replace("deliver_by_day: 20", "deliver_by_day: 31"))
    published = {each.id: each for each in marketing.figures(PeriodFacts(vienna(), last, OCTOBER))}
    assert published["marketing.leads_by_promised_day"].target is None
    assert published["marketing.leads_by_promised_day"].verdict is None
    assert published["marketing.leads"].target == 16
    assert in_words([published["marketing.leads_by_promised_day"].note]) == ["promised by 31 October 2026"]


def test_a_quarter_is_one_line_and_is_promised_in_its_last_month(agreed):
    quarter = PeriodFacts(vienna(lost=LOST, without=WITHOUT), agreed, pd.Period("2026Q4", "Q"))
    assert marketing.goal(quarter) == 48
    assert marketing.promised_day(quarter) == pd.Timestamp("2026-12-20")
    assert quarter.today == pd.Timestamp("2026-10-31")
    days = marketing.waterfall(quarter).set_index("day")
    assert days.loc["2026-10-31", "straight"] == pytest.approx(48 * 31 / 92)
    assert marketing.outlook(quarter) is None


def test_an_empty_company_has_delivered_nothing(agreed):
    facts = Facts({}, as_of=at("11-01 00:00"), exported_at=at("11-01 00:00"), zone=ZONE)
    none = PeriodFacts(facts, agreed, OCTOBER)
    assert marketing.delivered(none) == 0
    assert marketing.outcomes(none).empty
    assert marketing.outlook(none) is None
    assert in_words(marketing.headlines(none))[0].startswith(
        "By the promised day, 20 October 2026, marketing delivered 0 of 16"
    )


def test_the_profile_line_is_that_of_past_weekdays_and_holidays(agreed):
    """Ten leads on each working day, two on others: a line must rise so, day by day."""
    days = pd.date_range("2026-02-01", "2026-10-31")
    calendar = agreed.calendar(OCTOBER)
    working = pd.DatetimeIndex([day for month in pd.period_range("2026-02", "2026-10", freq="M")
                                for day in calendar.working_days(month)])  # fmt: skip
    noon = [day + pd.Timedelta(hours=10) for day in days for _ in range(10 if day in working else 2)]
    leads = pd.DataFrame({"lead_id": [f"{n}" for n in range(len(noon))], "created_at": noon})
    facts = Facts(
        {"leads": leads.assign(sourced_by="marketing", tier="A", segment="North")},
        as_of=at("10-19 00:00"), exported_at=at("11-01 00:00"), zone=ZONE,
    )  # fmt: skip
    case = PeriodFacts(facts, agreed, OCTOBER)
    assert in_words(marketing.notes(case))[1] == (
        "The line of past periods weighs weekdays and holidays as February 2026 to September 2026 did."
    )
    rises = np.where(days[-31:].isin(working), 10, 2)
    expected = 16 * rises.cumsum() / rises.sum()
    lines = marketing.waterfall(case).set_index("day")
    assert (lines["profile"] - expected).abs().max() < 0.03 * 16  # little is known of holidays
    daily = lines["profile"].diff().dropna()
    off, on = daily[~daily.index.isin(working)], daily[daily.index.isin(working)]
    assert on.mean() / off.mean() == pytest.approx(10 / 2, rel=0.2)
    ahead = marketing.outlook(case)  # line, picture and chance have one profile
    assert ahead.days["profile"].tolist() == pytest.approx(lines["profile"].tolist())
