"""Clauses judged by figures slanb computes: by hand on a small company, and as each month's own report."""

import math
from collections import Counter

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slanb import marketing, sales
from slanb.dictionary.figures import Figure, catalogue
from slanb.facts import Facts
from slanb.facts.deliveries import delivered_by
from slanb.facts.period import PeriodFacts
from slanb.periods import parse_period
from slanb.scorecard import review
from slanb.scorecard.figures import Asked, figures_by_span
from slanb.scorecard.spans import span_label
from slanb.terms import load_terms
from slanb.terms.targets import due_on
from tests.small import HEAD, company

CLAUSE = "  - {id: leads, party: marketing, text: Marketing delivers the leads., figure: marketing.leads}\n"
THREE = """\
  - {id: leads, party: marketing, text: Marketing delivers the leads., figure: marketing.leads, due_day: 10}
  - {id: revenue, party: sales, text: Sales closes the quota., figure: closing.revenue}
  - {id: weekly, party: sales, text: Sales closes each week., figure: closing.revenue, grain: week}
"""
# The plan: 500 in money from 10 leads a month.
PLAN = "plan: {quota: 500, marketing_share: 1, deal_size: 100, close_rate: 0.5}\n"
# created, source, tier, days to the win, amount
LEADS = (
    [("2026-02-05", "marketing", "", 10, 100)] * 5  # won on 15 February: 500
    + [("2026-02-08", "marketing", "", None, None)] * 5  # ten by the 10th: kept
    + [("2026-03-08", "marketing", "", 30, 100)] * 9  # won on 7 April: 900
    + [("2026-03-12", "marketing", "", None, None)] * 4  # nine by the 10th, thirteen by the end: missed
    + [("2026-04-02", "marketing", "", None, None)] * 11
)


def agreed(folder, clauses=THREE, plan=PLAN, more="", **replaced):
    """The small agreement with other clauses, plan and keys."""
    text = HEAD.replace(CLAUSE, clauses)
    for key, value in replaced.items():
        text = text.replace(f"{key}: {'month' if key == 'measure' else ''}", f"{key}: {value}")
    (folder / "agreement.yml").write_text(text + plan + more)
    return load_terms(folder / "agreement.yml")


def case_of(terms, period, as_of="2026-05-01", leads=LEADS, what_if=None):
    facts = company(list(leads), as_of="2026-07-01").at(pd.Timestamp(as_of, tz="UTC"))
    return PeriodFacts(facts, terms, parse_period(period), what_if)


@pytest.fixture
def terms(tmp_path):
    return agreed(tmp_path)


def verdicts(case, clause, **more):
    frame = review(case, **more).frame()
    rows = frame[frame["clause"] == clause]
    return dict(zip(rows["span"], rows["verdict"], strict=True))


@pytest.mark.parametrize("clause", ["leads", "revenue"])
def test_each_month_is_judged_as_derived(terms, clause):
    """January ended before the first lead on record. Leads by the 10th: 10, 9 and 11 of 10. Closed: 500,
    nothing and 900 of 500."""
    assert verdicts(case_of(terms, "2026-04"), clause) == {
        "2026-01": "not measurable", "2026-02": "kept", "2026-03": "missed", "2026-04": "kept",
    }  # fmt: skip


def test_weeks_have_no_figures_of_their_own(terms):
    assert set(verdicts(case_of(terms, "2026-04"), "weekly").values()) == {"not measurable"}


def test_no_figure_is_known_later_than_the_report(terms):
    """The nine customers of March are won in April: a report of March as of its end does not know them."""
    march = review(case_of(terms, "2026-03", "2026-04-01")).frame().set_index(["clause", "span"])
    assert march.loc[("revenue", "2026-03"), "value"] == 0


def test_months_after_the_last_record_are_not_judged(terms):
    """The records were taken on 1 July: a report of the year says nothing of the months after June."""
    assert list(verdicts(case_of(terms, "2026", "2027-01-01"), "leads"))[-1] == "2026-06"


def test_a_year_is_judged_by_its_own_months(terms):
    assert next(iter(verdicts(case_of(terms, "2026", "2027-01-01"), "leads"))) == "2026-01"


def test_what_ifs_play_no_part(terms):
    plain, what_if = (case_of(terms, "2026-04", what_if=given) for given in (None, {"quota": 5000.0}))
    assert verdicts(what_if, "leads") == verdicts(plain, "leads")


def test_twelve_months_are_one_question(terms, monkeypatch):
    """However many months are judged, each of the records' questions is asked as often: once more where the
    run in which they begin goes back further."""
    asked = Counter()
    ask = Facts.ask
    monkeypatch.setattr(
        Facts, "ask", lambda self, name, *rest, **more: asked.update([name]) or ask(self, name, *rest, **more)
    )
    counts = []
    for n in (3, 4, 1):
        asked.clear()
        review(case_of(terms, "2026-04"), n=n)
        counts.append(dict(asked))
    assert counts[0] == counts[1]
    assert all(counts[2][name] <= 2 * counts[0][name] for name in counts[2])


def test_a_quarterly_measure_is_judged_by_quarters(tmp_path):
    quarterly = agreed(tmp_path, THREE.replace(", grain: week", ""), measure="quarter")
    judged = review(case_of(quarterly, "2026-Q1"), n=2).histories["revenue"]
    assert [(span_label(each.span), each.verdict, each.value) for each in judged] == [
        ("2026-Q1", "kept", 500)
    ]


@pytest.mark.parametrize(("grain", "value"), [("quarter", 11.0), ("year", 34.0)])
def test_a_clause_may_be_judged_by_a_longer_span(tmp_path, grain, value):
    """Of a quarter and a year that still run, the leads that had come by the end of April."""
    longer = agreed(tmp_path, CLAUSE.replace("}", f", grain: {grain}}}"))
    assert review(case_of(longer, "2026-04")).cards[0].last.value == value


# ---------------------------------------------------------------- when its time has run out


QUALIFICATION = """
qualification: {text: All., counts_toward_goal: accepted, accept_within_hours: 48, accept_clock: wall}
"""


@pytest.mark.parametrize(
    ("as_of", "verdict", "value"),
    [
        ("2026-03-01", "pending", 9),  # the one of 28 February can still be returned
        ("2026-03-02T12:00", "kept", 10),
    ],
)
def test_leads_that_can_still_be_returned_leave_a_month_open(tmp_path, as_of, verdict, value):
    leads = [("2026-02-05 06:00", "marketing", "", None, None)] * 9 + [
        ("2026-02-28 06:00", "marketing", "", None, None)
    ]
    accepted = agreed(tmp_path, CLAUSE, more=QUALIFICATION)
    judged = review(case_of(accepted, "2026-02", as_of, leads)).cards[0].last
    assert (judged.verdict, judged.value) == (verdict, value)


@pytest.mark.parametrize(("as_of", "verdict"), [("2026-03-01", "pending"), ("2026-07-01", "missed")])
def test_a_cohort_is_judged_once_it_is_old(tmp_path, as_of, verdict):
    """Nine of ten wins came within 30 days."""
    clause = CLAUSE.replace("marketing.leads", "cohort.close_rate, target: {at_least: 0.9}")
    old = agreed(tmp_path, clause)
    assert review(case_of(old, "2026-02", as_of)).histories["leads"][-1].verdict == verdict


@pytest.fixture
def judged_by(monkeypatch):
    """How a figure of February decides the only clause: of the terms, the figure and an as-of."""

    def judge(terms, figure, as_of="2026-06-01"):
        answer = lambda case, asked: dict.fromkeys(asked, figure)  # noqa: E731  short
        monkeypatch.setattr("slanb.scorecard.card.figures_by_span", answer)
        return review(case_of(terms, "2026-02", as_of), n=1).cards[0].last

    return judge


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(10, "kept"), (9, "missed"), (math.nan, "not measurable"), (None, "not measurable")],
)
def test_a_figure_is_held_against_the_plan(terms, judged_by, value, verdict):
    assert judged_by(terms, Figure("marketing.leads", value, n=9)).verdict == verdict


@pytest.mark.parametrize(
    ("kept", "missed", "pending", "target", "verdict"),
    [
        (90, 10, 0, "at_least: 0.9", "kept"),
        (90, 5, 5, "at_least: 0.9", "kept"),  # 90 of 100 even if all five are missed
        (89, 6, 5, "at_least: 0.9", "pending"),
        (84, 11, 5, "at_least: 0.9", "missed"),  # 89 of 100 even if all five are kept
        (0, 0, 5, "at_least: 0.9", "pending"),
        (0, 0, 0, "at_least: 0.9", "not measurable"),
    ],
)
def test_leads_within_their_time_leave_a_share_open(
    tmp_path, judged_by, kept, missed, pending, target, verdict
):
    share = agreed(tmp_path, CLAUSE.replace("marketing.leads", f"sales.speed, target: {{{target}}}"))
    n = kept + missed + pending
    waiting = (
        {"low": kept / n, "high": (kept + pending) / n, "level": 1, "verdict": "pending"} if pending else {}
    )
    value = kept / (kept + missed) if kept + missed else math.nan
    judged = judged_by(share, Figure("sales.speed", value, n=kept + missed, **waiting))
    assert judged.verdict == verdict
    told = verdict in ("kept", "missed") and pending > 0  # decided, and yet the share can still change
    assert judged.between == ((kept / n, (kept + pending) / n) if told else None)


@pytest.mark.parametrize("figure", ["closing.deal_size", "sales.depth_mean"])
def test_a_mean_is_not_kept_before_the_end(tmp_path, judged_by, figure):
    mean = agreed(tmp_path, CLAUSE.replace("marketing.leads", f"{figure}, target: {{at_least: 3}}"))
    assert judged_by(mean, Figure(figure, 5.0, n=9), "2026-02-20").verdict == "pending"


# ---------------------------------------------------------------- the same as each month's own report


RICH_PLAN = """
plan:
  quota: 4000
  marketing_share: 1
  tiers:
    A: {share: 0.5, close_rate: 0.5, deal_size: 200, value: 90}
    B: {share: 0.5, close_rate: 0.25, deal_size: 100, value: 20}
  speed: {hours: 4, clock: working, share: 0.6}
  depth: {attempts: 2, within_days: 10, share: 0.4}
"""
RICH = """\
  - {id: leads, party: marketing, text: Marketing delivers the leads., figure: marketing.leads DUE}
  - {id: value, party: marketing, text: They are worth it., figure: marketing.value}
  - {id: speed, party: sales, text: Sales is quick., figure: sales.speed}
  - {id: depth, party: sales, text: Sales tries again., figure: sales.depth}
"""
RULE = """
qualification: {text: All., counts_toward_goal: COUNTS, accept_within_hours: 30, accept_clock: CLOCK}
"""
AMENDED = """
amendments:
  - version: "2"
    effective_from: 2026-03-01
    summary: More is sold.
    changes: {plan: {quota: 6000, speed: {hours: 8}}}
"""
EXCUSED = """
exceptions:
  excluded_days: [{date: 2026-02-09, until: 2026-02-13, reason: Storm}]
"""


def rich_company(rows, as_of):
    """Leads as (hour of creation since January, tier, hours to hand-off, hours to loss or None, hours of
    attempts)."""
    start = pd.Timestamp("2026-01-05 09:00")
    hours = lambda n: pd.Timedelta(hours=n)  # noqa: E731  short arithmetic of a fixture
    leads, activities = [], []
    for number, (created, tier, handed, lost, attempts) in enumerate(rows):
        born = start + hours(created)
        leads.append((f"L{number}", born, born + hours(handed), tier, born + hours(lost) if lost else pd.NaT))
        activities += [(f"L{number}", born + hours(handed + after)) for after in attempts]
    people = pd.DataFrame(leads, columns=["lead_id", "created_at", "handed_off_at", "tier", "lost_at"])
    people = people.assign(sourced_by="marketing", segment="", owner="Ada", lost_reason="")
    calls = pd.DataFrame(activities, columns=["lead_id", "occurred_at"])
    calls = calls.assign(kind="call", by_human=True, outbound=True, connected=False, owner="Ada")
    calls["activity_id"] = [f"C{number}" for number in range(len(calls))]
    clock = pd.Timestamp(as_of, tz="UTC")
    tables = {"leads": people, "activities": calls.astype({"occurred_at": "datetime64[us]"})}
    return Facts(tables, as_of=clock, exported_at=clock, zone="UTC")


@pytest.mark.parametrize("n", [1, 2, 12])
def test_a_run_is_counted_from_its_beginning_however_many_months_are_looked_at(tmp_path, n):
    """Kept in January and February, missed from March to May."""
    plan = PLAN.replace("}", ", speed: {hours: 4, clock: wall, share: 0.6}}")
    ends = "cancellation: {conditions: [{kind: missed_running, periods: 2}]}\n"
    clauses = "".join(
        line for line in RICH.splitlines(keepends=True) if "figure: marketing.value" not in line
    )
    terms = agreed(tmp_path, clauses.replace(" DUE", ""), plan, ends)
    quick, late = [(1, "", 0, None, [1])] * 12, [(0, "", 0, None, [9])]
    months = [quick, quick, late, late, late]
    rows = [
        (month * 31 * 24, *lead[1:]) for month, leads in enumerate(months) for lead in leads
    ]  # in each of the first five
    case = PeriodFacts(rich_company(rows, "2026-06-01"), terms, parse_period("2026-05"))
    judged = review(case, n=n)
    streaks = {card.clause.id: card.streak for card in judged.cards if card.clause.id != "depth"}
    assert streaks == {"leads": ("missed", 3), "speed": ("missed", 3)}
    met = {each.clause: (each.run, span_label(each.since)) for each in judged.endings if each.since}
    assert met == {"leads": (3, "2026-04"), "speed": (3, "2026-04")}
    assert len(judged.frame()) == 3 * n if n < 5 else 15  # what is shown stays what is looked at


rows = st.lists(
    st.tuples(
        st.integers(0, 2600),
        st.sampled_from(["A", "B", "other"]),
        st.integers(0, 60),
        st.none() | st.integers(1, 200),
        st.lists(st.integers(0, 300), max_size=3),
    ),
    min_size=5,
    max_size=60,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("rich")


COMPANIES = {  # records and agreements of the properties
    "rows": rows,
    "as_of": st.integers(20, 120),
    "counts": st.sampled_from(["created", "handed_off", "accepted"]),
    "more": st.sampled_from(["", AMENDED, EXCUSED, AMENDED + EXCUSED]),
    "measure": st.sampled_from(["month", "quarter"]),
}


@given(
    **COMPANIES,
    clocks=st.tuples(st.sampled_from(["working", "wall"]), st.sampled_from(["working", "wall"])),
    due=st.sampled_from(["", ", due_day: 10", ", due_day: 31"]),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_each_span_is_judged_as_in_its_own_report(folder, rows, as_of, counts, clocks, due, more, measure):
    rule = RULE.replace("COUNTS", counts).replace("CLOCK", clocks[0])
    plan = RICH_PLAN.replace("clock: working", f"clock: {clocks[1]}")
    clauses = RICH.replace(" DUE", due)
    terms = agreed(folder, clauses, plan, rule + more, measure=measure)
    facts = rich_company(rows, pd.Timestamp("2026-01-05") + pd.Timedelta(days=as_of))
    begun = pd.period_range(
        "2026-01", facts.as_of.tz_localize(None), freq="M" if measure == "month" else "Q-DEC"
    )
    latest = PeriodFacts(facts, terms, begun[-1])
    histories = review(latest).histories
    for span in begun:
        own = PeriodFacts(facts, terms, span)
        for card in review(own).cards:
            (judged,) = [each for each in histories[card.clause.id] if each.span == span]
            assert same(judged, card.last), (span, card.clause.id)
            check(judged, own)


def same(one, other):
    values = [math.nan if each.value is None else each.value for each in (one, other)]
    equal = values[0] == values[1] or all(math.isnan(value) for value in values)
    return equal and (one.verdict, one.n, one.aim, one.reason) == (
        other.verdict,
        other.n,
        other.aim,
        other.reason,
    )


def check(judged, own):
    """A judgement against what the span's own pages read."""
    if judged.reason in ("no figure", "excused") or judged.value is None:
        return
    clause = judged.clause
    page = {figure.id: figure for figure in [*marketing.figures(own), *sales.figures(own)]}[clause.figure]
    if clause.due_day is None and page.target == judged.aim.at_least:  # days excused lower the aim
        assert (page.value, page.n) == (judged.value, judged.n)
        assert page.verdict == judged.verdict
    if clause.id in ("leads", "value"):
        due = due_on(own.period, day=clause.due_day)
        row = delivered_by(own.deliveries, [own.period], until=[due]).iloc[0]
        assert judged.value == row[clause.id]
        if judged.verdict == "missed":
            assert row[clause.id] < judged.aim.at_least
        if judged.verdict == "kept":
            assert row[clause.id] >= judged.aim.at_least - 1e-6
        return
    frame = getattr(own.follow_up, clause.id)
    row = frame[(frame["grain"] == "whole") & (frame["cut"] == "all")].iloc[0]
    assert judged.value == row["share"]
    pending = row.get("pending", 0)
    decided = row["kept"] + row["missed"]
    surely_kept = row["kept"] >= judged.aim.at_least * (decided + pending) - 1e-9
    surely_missed = row["kept"] + pending < judged.aim.at_least * (decided + pending) - 1e-9
    ended = own.ended(own.period)
    expected = "pending" if not ended else "kept" if surely_kept else "missed" if surely_missed else "pending"
    assert judged.verdict == expected


def test_every_figure_a_clause_may_name_is_computed(folder):
    terms = agreed(folder, RICH.replace(" DUE", ""), RICH_PLAN)
    rows = [(20 * number, "AB"[number % 2], 1, None, [2]) for number in range(60)]
    february = PeriodFacts(rich_company(rows, "2026-03-01"), terms, parse_period("2026-02"))
    ids = [key.format(tier="A", segment="blank") for key, each in catalogue().items() if each.clause]
    asked = [Asked(id_, february.period, february.days[-1]) for id_ in ids]
    answered = figures_by_span(february, asked)
    assert {figure.id for figure in answered.values()} == set(ids)
    assert answered[Asked("sales.tier.A.speed", february.period, february.days[-1])].n > 0
