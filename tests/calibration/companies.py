"""Companies with known truth: how many leads, who buys, and when."""

from dataclasses import dataclass

import numpy as np

MONTH_DAYS = 30
TIERS = {"A": (0.15, 0.14), "B": (0.35, 0.06), "C": (0.50, 0.02)}  # share of leads, close rate
MEDIAN_DAYS, SIGMA_DAYS = 60.0, 0.8  # time to close, log-normal
LOST_SHARE, LOST_DAYS, LOST_SIGMA = 0.6, 30.0, 0.7  # of leads that never buy: marked lost, and when
DEAL_SIZE = 8000.0
BETWEEN = 0.3  # scatter of a company's rates around the tiers' (standard deviation of the logarithm)


@dataclass(frozen=True)
class Setting:
    """One kind of company.

    leads : a month, at the start; growth : share by which they grow a month; differ : standard deviation of
    the logarithm of months' close rates.
    """

    name: str
    leads: int
    growth: float = 0.0
    differ: float = 0.0


def company_rates(rng: np.random.Generator, n: int) -> np.ndarray:
    """True close rates by company and tier: the tiers' own, moved together for each company."""
    base = np.array([rate for _, rate in TIERS.values()])
    return np.minimum(base * np.exp(rng.normal(-(BETWEEN**2) / 2, BETWEEN, (n, 1))), 0.9)


def month_factor(rng: np.random.Generator, setting: Setting, shape) -> np.ndarray:
    """What a month's close rates differ by, mean 1; all ones where months are alike."""
    return (
        np.exp(rng.normal(-(setting.differ**2) / 2, setting.differ, shape))
        if setting.differ
        else np.ones(shape)
    )


def monthly_leads(setting: Setting, months: int) -> np.ndarray:
    """Expected leads by month."""
    return setting.leads * (1 + setting.growth) ** np.arange(months)


@dataclass(frozen=True)
class Pipeline:
    """Leads of one company, one entry each: month of creation, age at as-of in days, and when they end.

    won_after, lost_after : days from creation, infinite for never.
    """

    month: np.ndarray
    age: np.ndarray
    won_after: np.ndarray
    lost_after: np.ndarray


def pipeline(
    rng: np.random.Generator, setting: Setting, rate: float, months: int
) -> tuple[Pipeline, np.ndarray]:
    """All leads of `months` months as of the end of the last, and each month's true close rate."""
    counts = rng.poisson(monthly_leads(setting, months))
    month = np.repeat(np.arange(months), counts)
    rates = np.minimum(rate * month_factor(rng, setting, months), 0.9)
    n = len(month)
    age = (months - month) * MONTH_DAYS - rng.random(n) * MONTH_DAYS
    wins = rng.random(n) < rates[month]
    won_after = np.where(wins, rng.lognormal(np.log(MEDIAN_DAYS), SIGMA_DAYS, n), np.inf)
    loses = ~wins & (rng.random(n) < LOST_SHARE)
    lost_after = np.where(loses, rng.lognormal(np.log(LOST_DAYS), LOST_SIGMA, n), np.inf)
    return Pipeline(month, age, won_after, lost_after), rates
