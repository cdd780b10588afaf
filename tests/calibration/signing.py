"""How often a goal that "can be signed at 80 %" is reached, in companies simulated lead by lead.

Nothing of the estimate is used for the truth: every lead of 24 months and of the month signed for is created
on a day, tried until it connects or six times while hours last, won or not by the rate of its tier and
month, closed after a log-normal time, and paid a log-normal amount. Rates, run-off, deal sizes, supply,
connect rate and month effects are all learnt from what is on record when the month begins.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb import estimates
from slanb.estimates.months import month_effects
from tests.calibration.companies import DEAL_SIZE, MONTH_DAYS, SIGMA_DAYS, TIERS, company_rates

CONFIDENCE = 0.8
BAR = (0.77, 0.83)
MONTHS, LEARNT = 24, 12  # months on record, and those behind rates, sizes and supply
SUPPLY_SPREAD = 0.08  # standard deviation of the logarithm of months' numbers of leads
CONNECT, DEPTH, MINUTES = 0.2, 6, 10.0
ATTEMPTS = 500  # on record, behind the connect rate
LOST, LOST_DAYS, LOST_SIGMA = 0.6, 30.0, 0.7  # leads that never buy: share marked lost, and when


@dataclass(frozen=True)
class World:
    """One kind of company.

    leads : a month. differ : standard deviation of the logarithm of months' close rates. days : median time
    to close. hours : available, as a share of those its leads take on average; infinite where there are
    enough. sigma : of the logarithm of deal sizes.
    """

    name: str
    leads: int = 500
    differ: float = 0.0
    days: float = 60.0
    hours: float = np.inf
    sigma: float = 0.6


WORLDS = (
    World("steady"),
    World("steady, hours tight", hours=0.8),
    World("months sd 15 %", differ=0.15),
    World("months sd 15 %, hours tight", differ=0.15, hours=0.8),
    World("closing within weeks, hours tight", days=12.0, hours=0.8),
    World("closing within weeks, hours tight, months sd 15 %", days=12.0, hours=0.8, differ=0.15),
    World("2,000 leads, months sd 15 %", leads=2000, differ=0.15),
    World("150 leads, heavy tail", leads=150, sigma=1.3),
)


def rows(companies: int, seed: int, worlds: tuple[World, ...] = WORLDS) -> pd.DataFrame:
    """One row a world and promise: `measure`, `world`, `value` (share reached), `error`, `low`, `high` (the
    bar), `n`, `seed`."""
    found = []
    for world in worlds:
        rng = np.random.default_rng([seed, 9, *world.name.encode()])
        kept = pd.DataFrame([company(rng, world) for _ in range(companies)]).dropna()
        for measure, reached in (("goal signed at 80 %", "goal"), ("leads signed at 80 %", "leads")):
            value = kept[reached].mean()
            error = np.sqrt(value * (1 - value) / len(kept))
            found.append((measure, world.name, value, error, *BAR, len(kept), seed))
    return pd.DataFrame(found, columns=["measure", "world", "value", "error", "low", "high", "n", "seed"])


def company(rng: np.random.Generator, world: World) -> dict[str, float]:
    """Whether a company reaches the goal and the leads it signs; missing where no goal can be told."""
    rates = company_rates(rng, 1)[0]
    leads = _leads(rng, world, rates)
    past, now = leads[leads["month"] < MONTHS].copy(), leads[leads["month"] == MONTHS]
    attempts = np.minimum(rng.geometric(CONNECT, len(now)), DEPTH)
    usual = MINUTES / 60 * (1 - (1 - CONNECT) ** DEPTH) / CONNECT
    hours = world.hours * world.leads * usual
    worked = np.zeros(len(now), dtype=bool)
    turn = rng.permutation(len(now))  # hours are as short at the month's begin as at its end
    worked[turn] = np.cumsum(attempts) * MINUTES / 60 <= hours
    promise = _promise(rng, past, hours)
    if promise is None:
        return {"goal": np.nan, "leads": np.nan}
    begin, end = MONTHS * MONTH_DAYS, (MONTHS + 1) * MONTH_DAYS
    early = past.loc[(past["closed"] >= begin) & (past["closed"] < end), "amount"].sum()
    own = now.loc[worked & (now["closed"] < end).to_numpy(), "amount"].sum()
    return {
        "goal": float(early + own >= promise.goal),
        "leads": float(worked.sum() >= promise.leads.sum() - 1e-6),
    }


def _leads(rng, world, rates):
    """All leads in the order of their creation: `month`, `tier`, `created`, `closed`, `lost` (days; infinite
    for never), `amount`."""
    level = np.exp(rng.normal(0, SUPPLY_SPREAD, MONTHS + 1))
    month = np.repeat(np.arange(MONTHS + 1), rng.poisson(world.leads * level))
    effect = np.exp(rng.normal(-(world.differ**2) / 2, world.differ, MONTHS + 1))
    n = len(month)
    tier = rng.choice(len(TIERS), n, p=[share for share, _ in TIERS.values()])
    created = np.sort((month + rng.random(n)) * MONTH_DAYS)
    wins = rng.random(n) < np.minimum(rates[tier] * effect[month], 0.9)
    after = rng.lognormal(np.log(world.days), SIGMA_DAYS, n)
    loses = ~wins & (rng.random(n) < LOST)
    return pd.DataFrame(
        {
            "month": month,
            "tier": tier,
            "created": created,
            "closed": np.where(wins, created + after, np.inf),
            "lost": np.where(loses, created + rng.lognormal(np.log(LOST_DAYS), LOST_SIGMA, n), np.inf),
            "amount": rng.lognormal(np.log(DEAL_SIZE) - world.sigma**2 / 2, world.sigma, n),
        }
    )


def _promise(rng, past, hours):
    """What the records let sign when the month begins; None where a run-off is not known."""
    clock = MONTHS * MONTH_DAYS
    past["age"] = np.floor(clock - past["created"]).astype(int)
    past["won"] = past["closed"] <= np.minimum(clock, past["lost"])
    run_offs = {tier: _run_off(own, clock) for tier, own in past.groupby("tier")}
    whole = _run_off(past, clock)
    if whole.reason:
        return None
    plan, pipe, own_share = [], [], []
    for tier, own in past.groupby("tier"):
        curve = whole if run_offs[tier].reason else run_offs[tier]

        def share(ages, curve=curve):
            return (curve.share_in(ages - 1) + curve.share_in(ages)) / 2

        age = own["age"].to_numpy()
        own = own.assign(came=share(age), due=share(age + MONTH_DAYS) - share(age))
        sums = own.assign(leads=1.0).groupby("month", as_index=False)[["leads", "won", "came", "due"]].sum()
        sums[["came", "due"]] = sums[["came", "due"]].div(sums["leads"], axis=0).clip(0, 1)
        pipe.append(sums.assign(part=tier))
        late = own[own["month"] >= MONTHS - LEARNT]
        amounts = late.loc[late["won"], "amount"].to_numpy()
        plan.append(
            (len(late) / LEARNT, late["won"].sum(), max(late["came"].sum(), late["won"].sum()), amounts)
        )
        own_share.append(share(np.arange(MONTH_DAYS)).mean())
    plan = pd.DataFrame(plan, columns=["leads", "won", "of", "amounts"])
    if (plan["won"] < 1).any():
        return None
    pipe = pd.concat(pipe).rename(columns={"month": "cohort"})
    by_month = pipe.assign(of=pipe["leads"] * pipe["came"]).groupby("cohort")[["won", "of"]].sum()
    counts = past.groupby("month").size().to_numpy()[-LEARNT:]
    return estimates.largest_promise(
        plan[["leads", "won", "of"]],
        hours=hours,
        minutes=MINUTES,
        depth=DEPTH,
        connected=int(rng.binomial(ATTEMPTS, CONNECT)),
        attempts=ATTEMPTS,
        supply=(counts.mean(), counts.std(ddof=1) * np.sqrt(1 + 1 / LEARNT)),
        deal_sizes=plan["amounts"].to_dict(),
        pipe=pipe,
        own_share=own_share,
        months=month_effects(by_month["won"], np.maximum(by_month["of"], by_month["won"])),
        confidence=CONFIDENCE,
    )


def _run_off(leads, clock):
    """The close rate by age, from wins and losses on record."""
    end = np.minimum(np.minimum(leads["closed"], leads["lost"]), clock)
    won, lost = leads["won"].to_numpy(), ((leads["lost"] <= clock) & ~leads["won"]).to_numpy()
    age = np.floor(end - leads["created"]).to_numpy(dtype=int)
    kinds = {"won": won, "lost": lost, "open": ~won & ~lost}
    counts = {name: np.bincount(age[kind], minlength=age.max() + 1) for name, kind in kinds.items()}
    return estimates.incidence(pd.DataFrame({"age": np.arange(age.max() + 1)} | counts))
