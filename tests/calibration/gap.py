"""Where the gap goes in a company whose truth is its plan: parts that nothing departed from, and segments.

Leads, customers, time to close and deal sizes are drawn from the plan itself, so that every part of the gap
is noise around 0 but what the plan's own months bring, which is known. The run-off is not the truth's but
learnt from the company's own months, tier by tier, as the pages learn it.
"""

import numpy as np
import pandas as pd

from slanb.estimates import development, reach, revenue_gap
from tests.calibration.companies import MEDIAN_DAYS, SIGMA_DAYS, TIERS

MONTHS, MONTH_DAYS = 24, 30
SIZES = {"A": 12_000.0, "B": 8_000.0, "C": 5_000.0}
LEADS = 1_000.0  # of the month judged
FACTORS = ("volume", "mix", "close rate", "timing", "deal size")
WORLDS = {  # growth a month, distribution of the time to close, months' close rates differ by
    "steady": (0.0, "log-normal", 0.0),
    "growing 5 %": (0.05, "log-normal", 0.0),
    "growing 5 %, gamma times": (0.05, "gamma", 0.0),
    "growing 5 %, months differ by 15 %": (0.05, "log-normal", 0.15),
    "shrinking 5 %": (-0.05, "log-normal", 0.0),
}
BAR = 3.0  # standard errors, for five parts in five worlds


def rows(companies: int, seed: int) -> pd.DataFrame:
    """Mean of each part of the gap over companies on plan, and what twenty segments add to the leads asked.

    Returns
    -------
    `measure`, `world`, `value`, `standard_error`, `bar` (what is asked, in words) and `met`.
    """
    made = [_parts(world, companies, [seed, place]) for place, world in enumerate(WORLDS)]
    return pd.concat([*made, _segments(companies, seed)], ignore_index=True)


def _parts(world: str, companies: int, seed: list[int]) -> pd.DataFrame:
    """The parts of one world, as shares of the month's marketing goal."""
    goal = sum(LEADS * share * rate * SIZES[tier] for tier, (share, rate) in TIERS.items())
    found = [_gap(WORLDS[world], np.random.default_rng([*seed, n]), goal) for n in range(companies)]
    frame = pd.DataFrame(found) / goal
    mean, error = frame.mean(), frame.std() / np.sqrt(len(frame))
    table = pd.DataFrame({"value": mean, "standard_error": error}).loc[list(FACTORS)]
    table["met"] = table["value"].abs() <= BAR * table["standard_error"]
    named = [f"gap of a company on plan: {name}, share of the goal" for name in table.index]
    return table.assign(measure=named, world=world, bar=f"0 within {BAR:.0f} standard errors")


def _gap(world: tuple, rng: np.random.Generator, goal: float) -> pd.Series:
    growth, times, differ = world
    planned = LEADS * (1 + growth) ** (np.arange(MONTHS) - MONTHS + 1.0)
    factor = np.exp(rng.normal(-(differ**2) / 2, differ, MONTHS)) if differ else np.ones(MONTHS)
    tiers = {
        name: _tier(rng, planned * share, rate * factor, name, times) for name, (share, rate) in TIERS.items()
    }
    every = sum(each["triangle"] for each in tiers.values())
    cells = pd.concat([_cells(name, each, every, planned) for name, each in tiers.items()], ignore_index=True)
    closed = float(cells["revenue"].sum())
    known = {"plan_marketing": goal, "actual_marketing": closed, "plan_other": 0.0, "actual_other": 0.0}
    return revenue_gap(cells, **known)["amount"]


def _tier(rng, planned, rates, name, times):
    """Leads by month, customers by month and months until they buy, and the revenue of the last month."""
    leads = rng.poisson(planned)
    won = rng.binomial(leads, np.minimum(rates, 1.0))
    month = np.repeat(np.arange(MONTHS), won)
    median = MEDIAN_DAYS * {"A": 0.75, "B": 1.0, "C": 1.25}[name]
    days = {
        "log-normal": lambda n: rng.lognormal(np.log(median), SIGMA_DAYS, n),
        "gamma": lambda n: rng.gamma(2.0, median / 1.68, n),
    }[times](len(month))
    later = np.floor(rng.random(len(month)) + days / MONTH_DAYS).astype(int)
    seen = month + later < MONTHS
    triangle = np.zeros((MONTHS, MONTHS))
    np.add.at(triangle, (month[seen], later[seen]), 1)
    amounts = rng.lognormal(np.log(SIZES[name]) - 0.18, 0.6, len(month))
    now = month + later == MONTHS - 1
    revenue = np.bincount(month[now], amounts[now], minlength=MONTHS)
    return {"leads": leads, "triangle": triangle, "revenue": revenue}


def _cells(name, tier, every, planned):
    """What `revenue_gap` takes, the run-off learnt as `slanb.recalculation.feeding` learns it."""
    share, rate = TIERS[name]
    mixed = (tier["triangle"] + every * 20 / max(every.sum(), 1)).cumsum(axis=1)
    ages = np.arange(MONTHS)
    shares = development(pd.DataFrame(np.where(ages <= ages[::-1, None], mixed, np.nan))).shares.to_numpy()
    age = ages[::-1]
    return pd.DataFrame(
        {
            "cohort": ages,
            "tier": name,
            "plan_leads": planned * share,
            "close_rate": rate,
            "deal_size": SIZES[name],
            "due": shares[age],
            "due_so_far": shares.cumsum()[age].clip(max=1),
            "leads": tier["leads"],
            "customers": tier["triangle"][ages, age],
            "customers_so_far": tier["triangle"].sum(axis=1),
            "revenue": tier["revenue"],
        }
    )


def _segments(companies: int, seed: int) -> pd.DataFrame:
    """The same leads as one plan and cut into twenty segments, by a company's own rates."""
    rng = np.random.default_rng([seed, 99])
    more = []
    for n in range(companies):
        rates = np.array([rate for _, rate in TIERS.values()]) * rng.uniform(0.6, 1.4)
        plan = pd.DataFrame({"leads": [0.15, 0.35, 0.5], "close_rate": rates}) * [rng.uniform(300, 1500), 1]
        goal = max(round((plan["leads"] * rates).sum()), 1)
        weights = rng.dirichlet(np.full(20, 2.0), 3)
        cut = plan.loc[np.repeat(plan.index, 20)].reset_index(drop=True)
        cut["leads"] *= weights.ravel()
        asked = [reach(each, customers=goal, draws=500, seed=n).scale(0.8) for each in (plan, cut)]
        more.append(asked[1] / asked[0] - 1)
    value, error = np.mean(more), np.std(more, ddof=1) / np.sqrt(companies)
    row = {"measure": "leads asked in twenty segments, more than in one", "world": "any", "value": value}
    row |= {"standard_error": error, "bar": f"0 within {BAR:.0f} standard errors"}
    return pd.DataFrame([row | {"met": abs(value) <= BAR * error}])
