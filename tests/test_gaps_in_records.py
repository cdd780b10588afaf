"""Gaps in the records bend no conclusion: wins nobody dated, and a promised tier without leads of late."""

import numpy as np
import pandas as pd
import pytest

from slanb import goals, lead_value, recalculation
from slanb.dictionary.wording import Wording
from slanb.facts import Facts
from slanb.facts.period import PeriodFacts
from slanb.scorecard import review
from slanb.scorecard.sentences import notes_on
from tests.small import agreement

WORDS = Wording("en_GB")
APRIL = pd.Period("2026-04", "M")
PLAN = """
plan:
  quota: 8000
  marketing_share: 1
  tiers:
    A: {share: 0.6, close_rate: %s, deal_size: 1000}
    B: {share: 0.4, close_rate: 0.08, deal_size: 1000}%s
"""
SILENT = "\n    C: {share: 0.1, close_rate: 0.02, deal_size: 1000}"


def records(
    *,
    undated: bool = False,
    as_of: str = "2026-05-01",
    dear: float = 0.0,
    sales: int = 0,
    wins_from: str | None = None,
) -> Facts:
    """40 leads of A and 60 of B a month; of A every other one buys, of B every twelfth, ten days later for
    1,000 or so; every other of these wins is `undated`, and pays so much more if `dear`. Sales closes some
    deals of 1,000 a month without a lead. No deal closed before `wins_from` is on record; those of the two
    weeks after it pay nine times as much. Exported in June."""
    leads, deals, wins = [], [], 0
    for month in pd.period_range("2026-01", APRIL, freq="M"):
        for n in range(100):
            tier, lead = "A" if n < 40 else "B", f"{month}-{n}"
            made = month.start_time + pd.Timedelta(days=n % 18, hours=10)
            leads.append((lead, made, "marketing", tier))
            if n % (2 if tier == "A" else 12) == 0:
                wins += 1
                closed = pd.NaT if undated and wins % 2 == 0 else made + pd.Timedelta(days=10)
                paid = 1000.0 + 10 * (n % 7) + dear * pd.isna(closed)
                deals.append((lead, lead, "marketing", closed, True, paid))
        deals += [(f"{month}-s{n}", None, "sales", month.start_time, True, 1000.0) for n in range(sales)]
    tables = {
        "leads": pd.DataFrame(leads, columns=["lead_id", "created_at", "sourced_by", "tier"]),
        "deals": pd.DataFrame(
            deals, columns=["deal_id", "lead_id", "sourced_by", "closed_at", "won", "amount"]
        ),
    }
    if wins_from:
        rows, start = tables["deals"], pd.Timestamp(wins_from)
        rows["amount"] *= np.where(rows["closed_at"] < start + pd.Timedelta(days=14), 9, 1)
        tables["deals"] = rows[rows["closed_at"] >= start]
    export = pd.Timestamp("2026-06-01", tz="UTC")
    return Facts(tables, as_of=pd.Timestamp(as_of, tz="UTC"), exported_at=export, zone="UTC")


def case(folder, facts, *, rate=0.5, more="") -> PeriodFacts:
    plan = PLAN % (rate, more)
    return PeriodFacts(facts, agreement(folder, plan.replace("0.4,", "0.3,") if more else plan), APRIL)


def said(messages) -> list[str]:
    return [WORDS.say(message) for message in messages]


def drifts(page: PeriodFacts) -> pd.DataFrame:
    frame = recalculation.drift(page)
    return frame.assign(said=said(frame["verdict"])).set_index(["tier", "key"])


# ------------------------------------------------------------------ wins nobody dated


def test_an_agreed_rate_that_holds_with_the_undated_wins_is_not_called_outside(tmp_path):
    page = case(tmp_path, records(undated=True))
    row = drifts(page).loc[("A", "close_rate")]
    assert row["measured"] < 0.3 < 0.5 < row["high"]  # half of the wins are missing
    assert (row["beyond"], row["said"]) == (False, "cannot be told: wins have no date")
    proposal = recalculation.propose(page, recalculation.drift(page))
    assert proposal.changes.empty


@pytest.mark.parametrize("undated", [True, False])
def test_no_cause_of_a_gap_is_named_while_many_wins_are_in_no_period(tmp_path, undated):
    page = case(tmp_path, records(undated=undated))
    gap, drift = recalculation.gap(page), recalculation.drift(page)
    months, proposal = recalculation.tracked(page), recalculation.propose(page, drift)
    heads = said(recalculation.headlines(page, months, drift, proposal, gap))
    cause = [line for line in heads if line.startswith("Against the plan")]
    untold = [line for line in heads if "comes from cannot be told: 50 won deals without a closing" in line]
    assert (len(cause), len(untold), gap.empty) == ((0, 1, True) if undated else (1, 0, False))
    assert not undated or said(recalculation.no_gap(page)) == untold


@pytest.mark.parametrize(
    ("undated", "quota", "verdict"),
    [
        (True, 8000, "kept"),
        (True, 20_000, "pending"),  # all 50 wins without a date would bring it there
        (True, 100_000, "missed"),  # not even they would
        (False, 30_000, "missed"),
    ],
)
def test_a_revenue_goal_is_missed_only_if_the_wins_in_no_period_cannot_reach_it(
    tmp_path, undated, quota, verdict
):
    clause = "  - {id: revenue, party: sales, text: Sales closes it., figure: closing.revenue}\n"
    plan = clause + PLAN.lstrip().replace("8000", str(quota)) % (0.5, "")
    page = PeriodFacts(records(undated=undated), agreement(tmp_path, plan), APRIL)
    gap, months = recalculation.gap(page), recalculation.tracked(page)
    proposal, tiers = recalculation.propose(page, recalculation.drift(page)), recalculation.by_tier(page)
    made = {one.id: one for one in recalculation.figures(page, months, proposal, gap, tiers)}
    card = review(page).cards[1]
    assert (made["closing.revenue"].verdict, card.verdict) == (verdict, verdict)
    why = [WORDS.say(made["closing.revenue"].note)] if verdict == "pending" else []
    assert [line for line in said(notes_on(card, review(page))) if "of it was reached" not in line] == why
    assert all(line.startswith("50 won deals without a closing date are in no period.") for line in why)


@pytest.mark.parametrize(("rate", "beyond"), [(0.5, False), (0.3, False), (0.95, True), (0.1, True)])
def test_a_rate_outside_with_and_without_them_is_called_but_nothing_is_proposed(tmp_path, rate, beyond):
    page = case(tmp_path, records(undated=True), rate=rate)
    frame = recalculation.drift(page)
    row = frame.set_index(["tier", "key"]).loc[("A", "close_rate")]
    assert row["beyond"] == beyond
    assert recalculation.propose(page, frame).changes.empty


def test_the_page_says_how_many_wins_have_no_date_and_what_is_a_low_end(tmp_path):
    page = case(tmp_path, records(undated=True))
    note = next(
        each for each in said(recalculation.drift_notes(page, recalculation.drift(page))) if "date" in each
    )
    assert note == (
        "50 wins have no closing date, so it is not known which of them came by now. Low ends, whose ranges "
        "reach up to what they would be with all of them: Close rate, tier A and Close rate, tier B. Nothing "
        "is proposed from them."
    )
    assert (
        "Tiers A and B have wins without a closing date: their close rates on record are low ends, so the "
        "agreed ones are used."
    ) in said(goals.certainty_notes(page))
    assert set(goals.certainty(page)["reading"]) == {"agreed"}


def test_a_worth_that_holds_with_the_undated_wins_does_not_mislead(tmp_path):
    page = case(tmp_path, records(undated=True))
    audited = lead_value.audit(page)
    tiers = lead_value.by_tier(page, audited).set_index("tier")
    assert said(tiers["verdict"])[:1] == ["cannot be told: wins have no date"]
    assert tiers.loc["A", "value_supported_high"] > 500 > tiers.loc["A", "value_supported"]
    assert not lead_value.values(tiers.reset_index())["outside"].any()
    assert any("worths are low ends" in each for each in said(lead_value.notes(page, audited)))


@pytest.mark.parametrize(
    ("dear", "agreed", "open_"),
    [(2000.0, 2000, True), (2000.0, 9000, True), (0.0, 1000, False), (0.0, 2000, False)],
)
def test_a_deal_size_is_held_against_what_it_would_be_with_the_undated_wins(tmp_path, dear, agreed, open_):
    plan = (PLAN % (0.5, "")).replace("deal_size: 1000", f"deal_size: {agreed}")
    page = PeriodFacts(records(undated=True, dear=dear), agreement(tmp_path, plan), APRIL)
    frame = recalculation.drift(page)
    row = frame.set_index(["tier", "key"]).loc[("A", "deal_size")]
    assert row["undated"] == open_
    assert (row["high"] > 2000) == open_  # the mean with them
    assert row["beyond"] == (agreed != 1000 and not (open_ and agreed == 2000))
    proposed = recalculation.propose(page, frame).changes.query("tier == 'A' and key == 'deal_size'")
    assert len(proposed) == (row["beyond"] and not open_)
    notes = " ".join(said(recalculation.drift_notes(page, frame)))
    assert ("50 wins without a closing date are in no deal size." in notes) == open_


def test_the_share_of_marketing_reaches_to_what_the_undated_deals_of_either_side_make_it(tmp_path):
    page = case(tmp_path, records(undated=True, sales=10))
    row = page.recent.iloc[0]
    dated = 51_500 / (51_500 + 40_000)  # 50 wins of marketing, 40 of sales; 50 of marketing are undated
    assert row["marketing_share"] == pytest.approx(dated, rel=0.02)
    assert row["marketing_share_high"] > 103_000 / 143_000 > dated > row["marketing_share_low"]
    frame = recalculation.drift(page).set_index(["tier", "key"])
    assert frame.loc[("", "marketing_share"), "undated"]
    assert (
        "50 won deals have no closing date and are in no period, so marketing's share may be another; its "
        "range reaches to what it would be with those of either side, and nothing is proposed from it."
    ) in said(recalculation.drift_notes(page, recalculation.drift(page)))
    assert "marketing_share" not in recalculation.propose(page, recalculation.drift(page)).overlay


def test_the_warning_stands_where_trend_and_sizes_stand(tmp_path):
    page = case(tmp_path, records(undated=True, dear=2000.0))
    rates = recalculation.trends(page).query("metric == 'close_rate'")
    assert (rates["high"] > rates["agreed"]).all()  # a fourth of 80 % is missing in every month
    cohorts, deals = said(recalculation.trend_notes(page))[1:]
    assert cohorts == (
        "The wins of 50 customers have no closing date: the range of a cohort reaches to what it would be "
        "with them."
    )
    assert deals == "50 won deals have no closing date and are in no marketing share."
    assert said(lead_value.sizes_note(page, lead_value.sizes(page)))[0] == (
        "50 wins without a closing date are in none of these sizes: with them the mean of all would be "
        "€2,030 instead of €1,030."
    )


@pytest.mark.parametrize("facts", [records(), records(undated=True, as_of="2026-06-01")])
def test_where_every_win_counts_nothing_is_bounded(tmp_path, facts):
    page = case(tmp_path, facts)
    assert not drifts(page)["undated"].any()
    assert page.recent["undated"].sum() == page.learnt.rates["undated"].sum() == 0
    assert "low end" not in " ".join(said(goals.certainty_notes(page)))


def test_may_and_june_read_one_range_of_the_same_leads(tmp_path):
    may, june = (
        case(tmp_path, records(undated=True, as_of=day)).recent_by_tier.set_index("tier")
        for day in ("2026-05-01", "2026-06-01")
    )
    for tier in "AB":
        low, high = may.loc[tier, ["close_rate_low", "close_rate_high"]]
        assert low < june.loc[tier, "close_rate"] < high


# ------------------------------------------------------------------ a tier without leads of late


def test_a_silent_tier_silences_no_other(tmp_path):
    page = case(tmp_path, records(), more=SILENT)
    assert page.learnt.read.to_dict() == {"A": True, "B": True, "C": False}
    assert set(goals.certainty(page)["reading"]) == {"agreed", "records"}
    assert ("Tier C has too few records of its own: its close rate is drawn toward the agreed one.") in said(
        goals.certainty_notes(page)
    )
    audited = lead_value.audit(page)
    assert [*audited.tiers.index] == ["A", "B"]
    tiers = lead_value.by_tier(page, audited).set_index("tier")
    assert tiers.loc[["A", "B"], ["value_supported", "close_rate_supported"]].notna().all(axis=None)
    assert tiers.loc["C", ["value_supported", "close_rate_supported"]].isna().all()
    assert said(tiers["verdict"]) == ["holds", "holds", ""]
    assert "Tier C has no leads on record of late, so nothing is said of its worth." in said(
        lead_value.notes(page, audited)
    )


def test_a_thin_tier_is_drawn_toward_what_is_agreed(tmp_path):
    learnt = case(tmp_path, records(), more=SILENT).learnt
    agreed = pd.Series({"A": 0.5, "B": 0.08, "C": 0.02})
    drawn = learnt.drawn(agreed)
    assert drawn.loc["C", ["won", "of"]].tolist() == [5, 250]  # five customers at 2 %
    assert drawn.loc[["A", "B"], ["won", "of"]].equals(learnt.rates.loc[["A", "B"], ["won", "of"]])
