"""Leads arriving at the sample company: how many a day, at which hour, of which kind, for which rep."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb.simulate.clock import DAY, HOUR, shown
from slanb.simulate.company import Company


@dataclass(frozen=True)
class Arrivals:
    """One entry a lead, oldest first: wall seconds, and codes into the company's lists.

    `source` counts through the marketing sources, then the sales sources; `cohort` is the month's number.
    """

    created: np.ndarray
    handed_off: np.ndarray
    cohort: np.ndarray
    tier: np.ndarray
    region: np.ndarray
    source: np.ndarray
    marketing: np.ndarray
    rep: np.ndarray

    def __len__(self) -> int:
        return len(self.created)


def daily_leads(company: Company) -> pd.Series:
    """Expected leads of each day (index: day), adding up to each month's.

    >>> days = daily_leads(Company())
    >>> round(days["2026-10-10"] / days["2026-10-09"], 2)  # a Saturday and the Friday before it
    np.float64(0.15)
    """
    last = company.cohorts[-1].end_time.normalize()
    days = pd.date_range(company.cohorts[0].start_time, last, freq="D", unit="s")
    free = company.free_days(range(days[0].year, days[-1].year + 1))
    weight = np.where(np.isin(days.to_numpy().astype("datetime64[D]"), free), company.holiday_level, 1.0)
    weight = np.where(days.day_of_week >= 5, company.weekend_level, weight)
    month = pd.Series(days.to_period("M").astype(str), index=days)
    weights = pd.Series(weight, index=days)
    return month.map(company.expected_leads()) * weights / weights.groupby(month).transform("sum")


def arrive(company: Company, rng: np.random.Generator) -> Arrivals:
    """The leads of all months; daily counts are negative binomial around `daily_leads`."""
    mean = daily_leads(company)
    spread = company.dispersion
    chance = rng.gamma(1 / spread, spread, len(mean)) if spread else 1.0
    counts = rng.poisson(mean.to_numpy() * chance)
    total = int(counts.sum())

    midnight = mean.index.to_numpy().astype("datetime64[s]").astype("int64")
    cohort = np.repeat(_months_since(mean.index, company.cohorts[0]), counts)
    hour = pick(rng, company.hour_profile, total).astype(np.int64)
    within = hour * HOUR + rng.integers(0, HOUR, total)
    created = shown(np.sort(np.repeat(midnight, counts) + within).astype(float), company.zone)

    marketing = rng.random(total) < company.marketing_share
    by_marketing = pick(rng, [weight for _, weight in company.marketing_sources], total)
    by_sales = pick(rng, [weight for _, weight in company.sales_sources], total)
    wait = rng.lognormal(np.log(company.handoff_median_minutes * 60), company.handoff_sigma, total)
    wait = np.where(marketing, np.minimum(wait, 7 * DAY), 0)  # what waits a week was forgotten, not handed
    return Arrivals(
        created=created,
        handed_off=shown(created + wait, company.zone),
        cohort=cohort,
        tier=pick(rng, [tier.mix for tier in company.tiers], total),
        region=pick(rng, [share for _, share in company.regions], total),
        source=np.where(marketing, by_marketing, len(company.marketing_sources) + by_sales).astype(np.int8),
        marketing=marketing,
        rep=rng.integers(0, company.reps, total, dtype=np.int32),
    )


def pick(rng: np.random.Generator, weights, size: int) -> np.ndarray:
    """Numbers 0, 1, 2 ... drawn in proportion to `weights`, as small integers."""
    edges = np.cumsum(weights)
    return np.searchsorted(edges[:-1] / edges[-1], rng.random(size), side="right").astype(np.int8)


def _months_since(days: pd.DatetimeIndex, first: pd.Period) -> np.ndarray:
    return ((days.year - first.year) * 12 + days.month - first.month).to_numpy().astype(np.int16)
