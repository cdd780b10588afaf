"""The agreement judged: a year built by hand, each month's verdict derived beside it, and what follows.

The year's verdicts are counted in `YEAR`; the rules they are held to stand in `RULES`.
"""

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.facts import Facts
from slanb.facts.period import PeriodFacts
from slanb.periods import bounds, parse_period
from slanb.scorecard import address, celebrate, follows, review, summary, to_make_up
from slanb.scorecard.following import applies, streak
from slanb.scorecard.judging import Judgement
from slanb.scorecard.making_up import spread
from slanb.scorecard.measurements import read_measurements
from slanb.scorecard.sentences import notes_on
from slanb.scorecard.spans import span_label
from slanb.terms import load_terms
from slanb.terms.consequences import Rule
from slanb.terms.targets import Aim

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "params/examples"

RULES = """
title: A year by hand
kind: internal
version: "1.0"
effective_from: 2026-01-01
effective_until: 2026-12-31
measure: month
language: en_GB
currency: EUR
summary: Leads against follow-up.
parties:
  - {id: marketing, name: Marketing, role: marketing}
  - {id: sales, name: Sales, role: sales}
calendar:
  zone: Europe/Berlin
  hours:
    monday: ["09:00", "17:00"]
    tuesday: ["09:00", "17:00"]
    wednesday: ["09:00", "17:00"]
    thursday: ["09:00", "17:00"]
    friday: ["09:00", "17:00"]
plan:                   # 5,000 / 100 / 0.5 = 100 leads, each worth 50
  quota: 5000
  marketing_share: 1
  deal_size: 100
  close_rate: 0.5
  depth: {attempts: 2, within_days: 14, share: 0.5}
  capacity: {reps: 1, hours_per_rep_per_week: 6, minutes_per_attempt: 6}  # 5 leads an hour, 6 a working day
clauses:
  - id: leads
    party: marketing
    text: Marketing delivers the leads.
    measurement: {file: year.csv, combine: sum}
    target: {at_least: 100}
    unit: leads
  - id: speed
    party: sales
    text: Sales calls back in time.
    measurement: {file: year.csv, combine: mean}
    target: {at_least: 0.9}
    unit: share
contacts:
  - {id: ada, party: marketing, name: Ada, role: Head of Marketing}
  - {id: bo, party: sales, name: Bo, role: Head of Sales}
remedies:
  - id: strike
    applies_to: [speed]
    kind: strike
    rule: {missed: 2, of_last: 3}
    text: Bo finds the cause.
    contact: bo
  - id: make-up
    applies_to: [leads]
    kind: make_up_plan
    rule: {missed: 1, by_more_than: 0.05}
    text: Marketing adds the missing leads.
    over_periods: 2
  - id: escalation
    kind: escalation
    rule: {missed: 3}
    text: Both heads meet.
    contact: ada
cancellation:
  conditions:
    - {kind: missed_running, periods: 3}
    - {kind: no_longer_agrees}
  notice_days: 30
exceptions:
  excluded_days:
    - {date: 2026-03-09, until: 2026-03-13, reason: Storm}
amendments:
  - version: "1.1"
    effective_from: 2026-07-01
    summary: More is sold, so more leads are needed.
    changes:
      plan: {quota: 6000}
      clauses:
        - {id: leads, target: {at_least: 120}}
"""

# month: leads, verdict, why; share called back in time, verdict.
YEAR = {
    "2026-01": (100, "kept", "100 of 100", 0.95, "kept"),
    "2026-02": (90, "missed", "10 short", 0.80, "missed"),
    # March has 22 working days, 5 of them in the storm: 100 x 17 / 22 = 77.27.
    "2026-03": (80, "kept", "80 of 77.27", 0.85, "missed"),
    "2026-04": (108, "kept", "8 over", 0.95, "kept"),
    "2026-05": (97, "missed", "3 short: 3 %, below the rule's 5 %", 0.85, "missed"),
    "2026-06": (100, "kept", "100 of 100", 0.95, "kept"),
    # From July on 120 are owed; the same 110 would have been kept in June.
    "2026-07": (110, "missed", "10 of 120 short", 0.95, "kept"),
    "2026-08": (100, "missed", "20 of 120 short", 0.70, "missed"),
    "2026-09": (119, "missed", "1 of 120 short", 0.95, "kept"),
    "2026-10": (150, "kept", "30 over", 0.89, "missed"),
    "2026-11": (None, "not measurable", "nothing was measured", 0.95, "kept"),
    "2026-12": (120, "kept", "120 of 120", 0.95, "kept"),
}


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """The terms of the year, with its measurements beside them."""
    folder = tmp_path_factory.mktemp("year")
    (folder / "agreement.yml").write_text(RULES)
    lines = ["clause,date,value"]
    for month, (leads, _, _, speed, _) in YEAR.items():
        lines.append(f"speed,{month}-20,{speed}")
        if leads is not None:  # half of them on the 5th, the rest on the 25th
            lines += [f"leads,{month}-05,{leads // 2}", f"leads,{month}-25,{leads - leads // 2}"]
    (folder / "year.csv").write_text("\n".join(lines) + "\n")
    return load_terms(folder / "agreement.yml")


def judged(terms, period, as_of=None):
    """The scorecard of a company that has no records but measurements."""
    span = parse_period(period)
    zone = terms.agreement.calendar.zone
    clock = bounds(span, zone)[1] if as_of is None else pd.Timestamp(as_of, tz=zone)
    return review(PeriodFacts(Facts({}, as_of=clock, exported_at=clock, zone=zone), terms, span))


def say(messages):
    return [Wording().say(message) for message in messages]


@pytest.fixture(scope="module")
def december(year):
    return judged(year, "2026-12")


# ---------------------------------------------------------------- verdicts


@pytest.mark.parametrize("month", YEAR)
def test_each_month_is_judged_as_derived(december, month):
    _, leads, why, _, speed = YEAR[month]
    verdicts = december.frame().set_index(["clause", "span"])["verdict"]
    assert verdicts["leads", month] == leads, why
    assert verdicts["speed", month] == speed


@pytest.mark.parametrize("month", YEAR)
def test_each_month_is_judged_alike_at_its_own_end_and_later(year, month):
    assert judged(year, month).cards[0].verdict == YEAR[month][1]


def test_the_storm_week_lowers_what_was_owed_and_is_told(year):
    march = judged(year, "2026-03")
    judgement = march.cards[0].last
    assert judgement.aim.at_least == pytest.approx(100 * 17 / 22)
    assert judgement.agreed.at_least == 100
    assert [each.reason for each in judgement.excused] == ["Storm"]
    notes = say(notes_on(march.cards[0], march))
    assert "77% of the working days of March 2026 count (Storm)" in notes[0]


def test_the_storm_does_not_lower_a_share(year):
    assert judged(year, "2026-03").cards[1].last.aim.at_least == 0.9


def test_months_before_the_amendment_stay_judged_by_the_terms_they_had(december):
    frame = december.frame().set_index(["clause", "span"])
    assert frame.loc[("leads", "2026-06"), ["at_least", "version"]].to_list() == [100, "1.0"]
    assert frame.loc[("leads", "2026-07"), ["at_least", "version"]].to_list() == [120, "1.1"]


@pytest.mark.parametrize(
    ("month", "as_of", "leads", "speed"),
    [
        ("2026-04", "2026-04-20", "pending", "pending"),  # 54 of 108 are there, half of them
        ("2026-10", "2026-10-26", "kept", "pending"),  # 150 of 120 are there: they cannot go away
        ("2026-02", "2026-02-28", "pending", "pending"),  # the last day is not over
        ("2026-02", "2026-03-01", "missed", "missed"),
    ],
)
def test_a_running_month_is_open_unless_it_is_already_reached(year, month, as_of, leads, speed):
    assert [card.verdict for card in judged(year, month, as_of).cards] == [leads, speed]


# ---------------------------------------------------------------- what follows


def spans_of(events, kind, clause):
    return [span_label(event.span) for event in events if (event.remedy.kind, event.clause) == (kind, clause)]


def test_strikes_come_with_each_second_miss_in_three(december):
    """Feb and Mar; Mar and May; not Aug (Jun and Jul were kept); Aug and Oct. Sales' only."""
    assert spans_of(december.events, "strike", "speed") == ["2026-03", "2026-05", "2026-10"]
    assert spans_of(december.events, "strike", "leads") == []


def test_escalation_comes_with_the_third_miss_running(december):
    assert spans_of(december.events, "escalation", "leads") == ["2026-09"]
    assert spans_of(december.events, "escalation", "speed") == []


def test_make_up_plans_spread_what_is_missing_within_capacity(december):
    """Nobody is reached on record, so each lead takes both attempts, 12 minutes; 6 hours a week are 1.2 a
    working day, so 6 leads. March has 17 working days (five of its 22 are lost to the storm): 102 leads, room
    for 2 beyond 100. April's 22: 132, room for 32. August's 21: 126, room for 6 beyond 120; September's and
    October's 22: room for 12.

    May's 3 % are below the rule. August's 20 find 7 places in September (July's plan took 5 of 12) and 12 in
    October; 1 finds none.
    """
    plans = {span_label(plan.event.span): plan for plan in december.make_ups}
    parts = {month: {span_label(span): part for span, part in plan.parts} for month, plan in plans.items()}
    assert parts == {
        "2026-02": {"2026-03": 2, "2026-04": 8},
        "2026-07": {"2026-08": 5, "2026-09": 5},
        "2026-08": {"2026-09": 7, "2026-10": 12},
    }
    assert {month: plan.unplaced for month, plan in plans.items()} == {
        "2026-02": 0,
        "2026-07": 0,
        "2026-08": 1,
    }
    assert {month: plan.revenue for month, plan in plans.items()} == {
        "2026-02": 500,
        "2026-07": 500,
        "2026-08": 1000,
    }


@pytest.mark.parametrize(
    ("month", "as_of", "said"),
    [
        ("2026-03", None, ["102", "March 2026: 100 of its own goal and 2 for Feb 2026."]),
        ("2026-09", "2026-08-20", ["125", "September 2026: 120 of its own goal and 5 for Jul 2026."]),
        (
            "2026-09",
            None,
            ["132", "September 2026: 120 of its own goal and 12 for Jul 2026 and Aug 2026."],
        ),
        ("2026-05", None, []),  # February's were made up in April
    ],
)
def test_what_is_to_be_made_up_is_added_to_the_goal(year, month, as_of, said):
    """On 20 August that month's leads are not told yet."""
    whole = " leads are to be delivered in ".join(said)
    made = say(to_make_up(judged(year, month, as_of).case))
    assert made == ([f"With what is to be made up, {whole}"] if said else [])


def test_recovery_is_what_came_above_the_goal_since(december):
    """Feb: 2.73 over in March, 8 over in April: made up. Jul: nothing over in August and September.

    Aug: 30 over in October.
    """
    plans = {span_label(plan.event.span): (plan.state, plan.recovered) for plan in december.make_ups}
    assert plans == {"2026-02": ("made up", 10), "2026-07": ("not made up", 0), "2026-08": ("made up", 20)}


def test_a_make_up_plan_is_open_until_its_months_are_over(year):
    plan = judged(year, "2026-08").make_ups[-1]
    assert (span_label(plan.event.span), plan.state, plan.left) == ("2026-08", "open", 20)


@pytest.mark.parametrize(
    ("month", "run", "left", "met", "since"),
    [
        ("2026-06", 0, 3, False, None),
        ("2026-08", 2, 1, False, None),
        ("2026-09", 3, 0, True, "2026-09"),
        ("2026-12", 0, 3, False, "2026-09"),  # kept since, but it was met
    ],
)
def test_the_condition_of_cancellation_is_met_or_so_far_away(year, month, run, left, met, since):
    ending = next(each for each in judged(year, month).endings if each.clause == "leads")
    assert (ending.run, ending.left, ending.met) == (run, left, met)
    assert (span_label(ending.since) if ending.since else None) == since


def test_a_party_that_no_longer_agrees_is_no_number(december):
    assert december.endings[-1].left is None


def test_an_unmeasured_month_neither_counts_nor_breaks_a_run(december):
    assert streak(december.histories["leads"]) == ("kept", 2)  # October and December


# ---------------------------------------------------------------- the same in words


def test_the_year_in_sentences(year):
    september = judged(year, "2026-09")
    assert say([summary(september)]) == ["1 of 2 promises decided in September 2026 was kept."]
    assert say(celebrate(september)) == ["“speed” was kept again after 1 month missed: 95.0%."]
    (missed,) = say(address(september))
    assert missed == (
        "“leads” was missed: 119 leads (agreed: at least 120 leads). It fell short by 1 lead. "
        "That makes 3 months running."
    )
    escalation, make_up, end = say(follows(september))
    assert escalation == (
        "Escalation for “leads”. When missed 3 months running: Both heads meet. "
        "In charge: Ada (Head of Marketing)."
    )
    assert (
        "20 leads on top of the goal (7 in September 2026 and 12 in October 2026). They stand for €1,000."
        in make_up
    )
    assert "For 1 lead there is no time to follow up" in make_up
    assert end.startswith("The agreement can be cancelled: “leads” has been missed 3 months running.")
    assert end.endswith("It then ends 30 days after notice.")


def test_what_could_not_be_judged_says_what_to_do(year):
    assert say(address(judged(year, "2026-11")))[0].endswith(
        "year.csv holds nothing for November 2026; if nothing was delivered, write 0 there."
    )


def test_no_sentence_blames(year):
    for month in YEAR:
        card = judged(year, month)
        text = " ".join(say([summary(card), *celebrate(card), *address(card), *follows(card)])).lower()
        assert not {"fail", "failed", "fault", "bad", "poor", "guilty", "blame"} & set(text.split())


def test_made_up_is_celebrated(year):
    assert "What “leads” missed in August 2026 has been made up." in say(celebrate(judged(year, "2026-10")))


# ---------------------------------------------------------------- the guides' examples


def example(name, period):
    return judged(load_terms(EXAMPLES / name / "agreement.yml"), period)


@pytest.mark.parametrize(
    ("period", "verdicts"),
    [
        # Icy roads close 2 to 6 February: 15 of 20 working days count, 37.5 reams are owed, 38 came.
        ("2026-02", {"reams": "kept", "mondays": "kept", "confirmed": "kept", "payment": "kept"}),
        (
            "2026-05",
            {"reams": "kept", "mondays": "kept", "confirmed": "kept", "payment": "missed"},
        ),  # 33 days
        (
            "2026-06",
            {"reams": "kept", "mondays": "kept", "confirmed": "missed", "payment": "kept"},
        ),  # 30 hours
        (
            "2026-08",
            {"reams": "kept", "mondays": "missed", "confirmed": "kept", "payment": "kept"},
        ),  # one office
        (
            "2026-09",
            {"reams": "missed", "mondays": "kept", "confirmed": "kept", "payment": "kept"},
        ),  # 44 reams
    ],
)
def test_paper_every_monday(period, verdicts):
    cards = example("paper", period).cards
    assert {card.clause.id: card.verdict for card in cards} == verdicts


def test_paper_mondays_are_weeks_of_the_month_they_fall_due_in():
    """March 2026 has five Mondays, the 30th among them, whose week ends in April."""
    spans = [span_label(each.span) for each in example("paper", "2026-03").cards[1].now]
    assert spans == ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]


def test_paper_credits_a_tenth_of_the_fee_for_each_miss():
    """August: one Monday, 42. September: the reams, 42."""
    credits_ = {span_label(each.span): each.amount for each in example("paper", "2026-10").credits}
    assert credits_ == {"2026-08-17": 42, "2026-09": 42}


def test_three_teams_keep_their_customers():
    """April 49 and September 48 of 50; complaints over 48 hours in April alone."""
    frame = example("three-teams", "2026-10").frame()
    missed = frame[frame["verdict"] == "missed"].groupby("clause")["span"].agg(list).to_dict()
    assert missed == {"kept": ["2026-04", "2026-09"], "complaints": ["2026-04"]}


def test_four_status_reports_a_month():
    """July has only three: the 10th and the 24th are missing of five Fridays."""
    frame = example("hundred-leads", "2026-10").frame()
    reports = frame[frame["clause"] == "reports"].set_index("span")
    assert reports.index[reports["verdict"] == "missed"].to_list() == ["2026-07"]
    assert reports.loc["2026-07", "value"] == 3


# ---------------------------------------------------------------- measurement files


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("clause,date\n", ["line 1: the columns are clause, date"]),
        ("", ["line 1: the columns are missing"]),
        ("clause,date,value\nlead,2026-01-31,1\n", ['line 2: clause is "lead"', "Did you mean leads?"]),
        ("clause,date,value\nleads,31.01.2026,1\n", ['line 2: date is "31.01.2026"']),
        ("clause,date,value\nleads,2026-02-30,1\n", ['line 2: date is "2026-02-30"']),
        ("clause,date,value\nleads,2026-01-31,1,5\n", ["line 2: 4 fields", "decimal point"]),
        ("clause,date,value\nleads,2026-01-31,nan\n", ['line 2: value is "nan"']),
        ("clause,date,value\nleads,2026-01-31,1e999\n", ['line 2: value is "1e999"']),
        (
            "clause,date,value\nlead,x,y\n\nleads,2026-01-31,\n",
            ["line 2: clause", "line 2: date", "line 4: value"],
        ),
    ],
)
def test_a_measurement_file_is_read_strictly(tmp_path, text, problems):
    (tmp_path / "agreement.yml").write_text(RULES)
    (tmp_path / "year.csv").write_text(text)
    with pytest.raises(SlanbError) as caught:
        read_measurements(load_terms(tmp_path / "agreement.yml"))
    text = "\n".join(caught.value.problems)
    assert "year.csv" in text
    assert all(problem in text for problem in problems)


def test_a_missing_measurement_file_is_told_with_its_first_line(tmp_path):
    (tmp_path / "agreement.yml").write_text(RULES)
    with pytest.raises(SlanbError, match="with the first line clause,date,value"):
        read_measurements(load_terms(tmp_path / "agreement.yml"))


# ---------------------------------------------------------------- properties


def judgement(value, december_clause, span=0):
    aim = Aim(at_least=100, unit="leads")
    return Judgement(
        clause=december_clause,
        span=pd.Period("2026-01", "M") + span,
        verdict="kept" if value >= 100 else "missed",
        version="1",
        value=value,
        aim=aim,
        agreed=aim,
    )


verdict_values = st.lists(st.integers(0, 200), min_size=1, max_size=24)


@given(values=verdict_values, missed=st.integers(1, 4), more=st.integers(0, 4))
@settings(max_examples=100, deadline=None)
def test_a_kept_span_sets_off_nothing_and_wider_rules_fire_at_least_as_often(year, values, missed, more):
    clause = year.agreement.clauses[0]
    history = [judgement(value, clause, place) for place, value in enumerate(values)]
    strict, wide = Rule(missed=missed), Rule(missed=missed, of_last=missed + more)
    for place in range(len(history)):
        window = history[: place + 1]
        if window[-1].verdict == "kept":
            assert not applies(wide, window)
        if applies(strict, window):
            assert applies(wide, window)


@given(
    amount=st.integers(0, 500),
    rooms=st.lists(st.integers(0, 200) | st.just(math.inf), min_size=1, max_size=6),
)
def test_nothing_is_lost_or_put_where_there_is_no_room(amount, rooms):
    parts = spread(amount, rooms, whole=True)
    assert sum(parts) == min(amount, sum(rooms))
    assert all(part <= room and part == int(part) for part, room in zip(parts, rooms, strict=True))
    if all(room == math.inf for room in rooms):
        assert max(parts) - min(parts) <= 1


@given(values=st.lists(st.sampled_from(["kept", "missed"]), max_size=20))
def test_a_streak_is_as_long_as_its_end(year, values):
    clause = year.agreement.clauses[0]
    history = [
        judgement(100 if verdict == "kept" else 0, clause, place) for place, verdict in enumerate(values)
    ]
    verdict, length = streak(history)
    assert values[len(values) - length :] == [verdict] * length
    assert length == len(values) or values[-length - 1] != verdict
