"""The package as others use it: everything at hand, light to import, and quick enough for sliders."""

import subprocess
import sys
import time

import numpy as np
import pandas as pd

from slanb import estimates

HEAVY = ("scipy.stats", "scipy.optimize", "matplotlib", "duckdb")


def test_every_public_name_is_there_and_documented():
    for name in estimates.__all__:
        thing = getattr(estimates, name)
        assert isinstance(thing, (str, float)) or thing.__doc__, name


def test_importing_it_loads_nothing_heavy():
    loaded = f"import sys, slanb.estimates; print([name for name in {HEAVY} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_full_set_for_twelve_months_of_ten_tiers_takes_half_a_second():
    rng = np.random.default_rng(0)
    leads = rng.integers(20, 400, (12, 10))
    customers = rng.binomial(leads, 0.05)
    amounts = {tier: rng.lognormal(6, 1, 60) for tier in range(10)}
    ages = np.repeat(np.arange(12) * 30 + 15, 10)
    counts = pd.DataFrame({"age": range(700), "won": rng.poisson(1, 700), "lost": 5, "open": 4})
    cohorts = pd.DataFrame(
        {
            "cohort": [f"{month}, {tier}" for month in range(12) for tier in range(10)],
            "age": ages,
            "leads": leads.ravel(),
            "won": customers.ravel(),
        }
    )
    plan = pd.DataFrame({"leads": leads[0], "won": customers.sum(axis=0), "of": leads.sum(axis=0)})
    calendar = pd.date_range("2025-10-01", "2026-09-30")
    days = pd.DataFrame(
        {"day": calendar, "leads": rng.poisson(20, len(calendar)), "working": calendar.day_of_week < 5}
    )
    deals = pd.DataFrame(
        {"amount": np.concatenate(list(amounts.values())), "tier": np.repeat(np.arange(10), 60)}
    )
    tiers = estimates.size_sums(deals, by="tier").assign(
        weight=np.arange(10, 0, -1), leads=leads.sum(axis=0), customers=customers.sum(axis=0)
    )
    goals = pd.Series([float(customers.sum() / 12)] * 12)
    estimates.time_phased(goals, close_rate=0.05, shares=[0.5, 0.3, 0.2])  # imports its solver, once

    start = time.perf_counter()
    estimates.rate_interval(customers, leads)
    estimates.lead_value_interval(customers.sum(axis=0), leads.sum(axis=0), tiers)
    estimates.leads_for_confidence(customers, won=customers.sum(axis=0), of=leads.sum(axis=0))
    estimates.shrink(pd.Series(customers.ravel()), pd.Series(leads.ravel()))
    estimates.cohort_rates(cohorts, estimates.incidence(counts))
    estimates.deal_sizes(deals, by="tier")
    estimates.audit_weights(tiers)
    estimates.reach(plan, revenue=8000, deal_sizes=amounts)
    estimates.month_pace(days, 600)
    estimates.time_phased(goals, close_rate=0.05, shares=[0.5, 0.3, 0.2], created=leads.sum(axis=1))
    estimates.largest_promise(plan, hours=300, minutes=8, depth=6, connect_rate=0.2, deal_sizes=amounts)
    taken = time.perf_counter() - start
    assert taken < 0.5 * SLACK, f"{taken:.2f} s"


SLACK = 3  # a shared machine may be busy; alone it takes about 0.3 s
