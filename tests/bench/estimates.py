"""Bench: every estimate that a slider moves."""

import time
from pathlib import Path

from tests.bench.measure import Measured


def estimates_at_once(folder: Path) -> str:
    """What a slider moves: 12 months x 10 tiers of every estimate, the imports done."""
    import numpy as np
    import pandas as pd

    from slanb import estimates

    months, tiers = 12, 10
    rng = np.random.default_rng(0)
    leads = rng.integers(50, 400, (months, tiers))
    won = rng.binomial(leads, 0.06)
    names = [f"tier {tier}" for tier in range(tiers)]
    amounts = pd.DataFrame(
        {"tier": np.repeat(names, won.sum(axis=0)), "amount": rng.lognormal(8, 0.8, won.sum())}
    )
    ages = pd.DataFrame(
        {"cohort": np.repeat(range(months), tiers), "age": np.repeat(range(350, -10, -30), tiers)}
    )
    ages = ages.assign(leads=leads.ravel(), won=won.ravel())
    seen = pd.DataFrame(
        {"age": range(400), "won": rng.poisson(2 * np.exp(-np.arange(400) / 60)), "lost": 5, "open": 5}
    )
    triangle = pd.DataFrame(rng.poisson(9, (months, months)).cumsum(axis=1)).astype(float)
    triangle = triangle.where(np.add.outer(range(months), range(months)) < months)
    audited = estimates.size_sums(amounts, by="tier").assign(
        weight=np.arange(tiers, 0, -1) * 100.0, leads=leads.sum(0), customers=won.sum(0)
    )
    plan = pd.DataFrame({"leads": leads[-1], "won": won.sum(0), "of": leads.sum(0)}, index=names)

    def everything():
        estimates.rate_interval(won, leads)
        estimates.leads_for_confidence(won, won=won, of=leads)
        estimates.chance_leads_suffice(leads, won, won=won, of=leads)
        sizes = {tier: rows["amount"].to_numpy() for tier, rows in amounts.groupby("tier")}
        estimates.reach(plan, customers=100.0)
        estimates.reach(plan, revenue=300_000.0, deal_sizes=sizes)
        estimates.cohort_rates(ages, estimates.incidence(seen))
        shares = estimates.development(triangle).shares
        estimates.time_phased(
            pd.Series([100.0] * months), close_rate=0.06, shares=shares, created=leads.sum(1)
        )
        estimates.shrink(pd.Series(won.sum(0)), pd.Series(leads.sum(0)))
        estimates.deal_sizes(amounts, by="tier")
        estimates.audit_weights(audited)

    everything()  # what is imported at first use is not a slider's business
    began = time.perf_counter()
    everything()
    return f"{months} months x {tiers} tiers: {time.perf_counter() - began:.2f} s warm [under 0.5 s]"


MEASURED = {"a full set of estimates": Measured(estimates_at_once)}
