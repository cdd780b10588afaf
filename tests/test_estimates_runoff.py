"""Close rate by age: by hand, against scipy and the plain share, and on companies with known truth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from slanb.estimates.rates import rate_interval
from slanb.estimates.runoff import incidence
from slanb.estimates.settling import NO_CUSTOMERS, STILL_RISING, TOO_FEW

CLOSE = stats.lognorm(0.8, scale=60)


def company(seed, *, a_month=500, months=24, rate=0.05, lost_seen=True):
    """Counts by age of a company with a known close rate and log-normal times to close and to lose."""
    rng = np.random.default_rng(seed)
    leads, as_of = a_month * months, months * 30
    seen = as_of - rng.uniform(0, as_of, leads)
    wins = rng.random(leads) < rate
    lost_after = rng.lognormal(np.log(40), 1, leads) if lost_seen else np.inf
    after = np.where(wins, rng.lognormal(np.log(60), 0.8, leads), lost_after)
    ended = after <= seen
    amount = np.where(wins & ended, rng.lognormal(6, 0.8, leads), 0)
    return (
        pd.DataFrame(
            {
                "age": np.minimum(after, seen).astype(int),
                "won": wins & ended,
                "lost": ~wins & ended,
                "open": ~ended,
                "amount": amount,
                "squares": amount**2,
            }
        )
        .groupby("age", as_index=False)
        .sum()
    )


def test_by_hand():
    # 40 leads; day 1: 2 won, 3 lost, 10 young ones leave; day 2: 1 won, 4 lost of 25; 20 open at day 4
    counts = pd.DataFrame({"age": [1, 2, 4], "won": [2, 1, 0], "lost": [3, 4, 0], "open": [10, 0, 20]})
    curve = incidence(counts).curve
    assert curve["at_risk"].tolist() == [40, 40, 25, 20, 20]
    assert curve["rate"].tolist() == pytest.approx([0, 0.05, 0.05 + 0.875 / 25, 0.085, 0.085])
    assert curve["open"].tolist() == pytest.approx([1, 0.875, 0.7, 0.7, 0.7])


@example([(2, 0), (3, 0)])
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=20))
def test_without_open_leads_it_is_the_plain_share_with_its_binomial_error(days):
    counts = pd.DataFrame(days, columns=["won", "lost"]).assign(open=0).rename_axis("age").reset_index()
    leads, won = counts[["won", "lost"]].to_numpy().sum(), counts["won"].sum()
    if not leads:
        return
    found = incidence(counts, fewest=1)
    share = won / leads
    assert found.curve["rate"].iloc[-1] == pytest.approx(share)
    assert found.curve["error"].iloc[-1] == pytest.approx(np.sqrt(share * (1 - share) / leads), abs=1e-7)
    if won:
        assert found.eventual(level=0.8).reason == ""
        assert (found.eventual().low, found.eventual().high) == pytest.approx(rate_interval(won, leads))
    else:
        assert found.reason in (NO_CUSTOMERS, "")


def test_without_lost_leads_it_is_one_minus_kaplan_meier_of_scipy():
    counts = company(3, a_month=40, months=6, rate=0.4, lost_seen=False)
    ages = np.repeat(counts["age"], counts["won"] + counts["open"])
    censored = np.concatenate([[False] * int(r.won) + [True] * int(r.open) for r in counts.itertuples()])
    sample = stats.CensoredData(
        uncensored=ages[~censored].to_numpy(dtype=float), right=ages[censored].to_numpy(dtype=float)
    )
    expected = stats.ecdf(sample).cdf
    found = incidence(counts).curve["rate"]
    at = expected.quantiles.astype(int)
    assert found.loc[at].to_numpy() == pytest.approx(expected.probabilities, abs=1e-12)


def test_error_with_open_and_lost_leads_is_that_of_resampling_leads():
    counts = company(4, a_month=30, months=12, rate=0.2)
    leads = counts.loc[counts.index.repeat(counts[["won", "lost", "open"]].sum(axis=1))]
    kinds = np.concatenate(
        [["won"] * int(r.won) + ["lost"] * int(r.lost) + ["open"] * int(r.open) for r in counts.itertuples()]
    )
    records = pd.get_dummies(pd.Series(kinds)).assign(age=leads["age"].to_numpy())
    rng = np.random.default_rng(0)
    resampled = [
        incidence(records.iloc[rng.integers(0, len(records), len(records))]).curve.loc[120, "rate"]
        for _ in range(200)
    ]
    assert incidence(counts).curve.loc[120, "error"] == pytest.approx(np.std(resampled), rel=0.2)


@pytest.mark.parametrize("lost_seen", [True, False])
def test_a_large_company_shows_its_true_rate_whether_or_not_losses_are_recorded(lost_seen):
    found = incidence(company(1, lost_seen=lost_seen))
    for estimate, truth in [
        (found.eventual(), 0.05),
        (found.within(90), 0.05 * CLOSE.cdf(90.5)),
        (found.eventual_revenue(), 0.05 * np.exp(6 + 0.32)),
    ]:
        assert estimate.reason == ""
        assert estimate.value == pytest.approx(truth, rel=0.1)
        assert estimate.low < estimate.value < estimate.high
    assert found.share_in([-5, 60, 10_000]).tolist() == pytest.approx([0, CLOSE.cdf(60.5), 1], abs=0.06)
    assert found.share_in(60, value="revenue") == pytest.approx(CLOSE.cdf(60.5), abs=0.08)


def test_intervals_hold_the_truth_about_four_times_in_five():
    hits = []
    for seed in range(150):
        found = incidence(company(seed, a_month=100, months=18))
        within = found.within(90)
        hits.append(within.low <= 0.05 * CLOSE.cdf(90.5) <= within.high)
    assert 0.74 < np.mean(hits) < 0.86


def test_young_companies_get_no_eventual_rate():
    young = incidence(company(2, months=4))
    assert young.eventual().reason == STILL_RISING
    assert np.isnan(young.eventual().value)
    assert young.eventual_revenue().reason == STILL_RISING
    assert young.within(60).reason == ""
    assert young.within(300).reason == TOO_FEW
    assert incidence(company(2, a_month=4, months=4)).eventual().reason in (TOO_FEW, NO_CUSTOMERS)


def test_nothing_and_no_customers():
    empty = incidence(pd.DataFrame({"age": [], "won": [], "lost": [], "open": []}))
    assert empty.within(0).reason == TOO_FEW
    assert empty.eventual().reason == TOO_FEW
    assert np.isnan(empty.share_in(3))
    lost = incidence(pd.DataFrame({"age": range(60), "won": 0, "lost": 5, "open": 3}))
    assert lost.eventual().reason == NO_CUSTOMERS
    assert lost.within(30).value == 0
    assert lost.within(30).high > 0
    with pytest.raises(ValueError, match="must not be negative"):
        incidence(pd.DataFrame({"age": [-1], "won": [1], "lost": [0], "open": [0]}))


def test_leads_that_stay_open_never_lower_the_curve():
    counts = company(5, a_month=50, months=12)
    more = counts.assign(open=counts["open"] * 3)
    assert (
        incidence(more).curve["rate"].loc[:100] <= incidence(counts).curve["rate"].loc[:100] + 1e-12
    ).all()
